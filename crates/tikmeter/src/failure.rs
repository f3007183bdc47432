//! Why a command ended early, and with which exit code.

use std::process::ExitCode;

/// What ends a command before its work is done.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    /// It did not work: exit code 1. The sentence says what happened and what to do next.
    #[error("{0}")]
    Said(String),
    /// It was called wrongly: exit code 2.
    #[error("{0}")]
    Usage(String),
    /// What was asked for could not be looked at, so that nobody knows: exit code 2, by commands whose 1 means that something was found.
    #[error("{0}")]
    Unseen(String),
    /// Whoever read the output has read enough: no error at all.
    #[error("nobody reads the output any more")]
    ClosedPipe,
}

impl Failure {
    /// A failure with that sentence.
    pub(crate) fn said(sentence: impl Into<String>) -> Self {
        Failure::Said(sentence.into())
    }

    /// A failure whose sentence is that of another error.
    pub(crate) fn from_display(error: impl std::fmt::Display) -> Self {
        Failure::Said(error.to_string())
    }

    /// A wrong call with that sentence.
    pub(crate) fn usage(sentence: impl Into<String>) -> Self {
        Failure::Usage(sentence.into())
    }

    /// The exit code it stands for: 1 error, 2 usage, or that nobody could look.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Failure::Said(_) => ExitCode::from(1),
            Failure::Usage(_) | Failure::Unseen(_) => ExitCode::from(2),
            Failure::ClosedPipe => ExitCode::SUCCESS,
        }
    }
}

impl From<std::io::Error> for Failure {
    /// For errors of writing the output.
    fn from(error: std::io::Error) -> Self {
        if error.kind() == std::io::ErrorKind::BrokenPipe {
            Failure::ClosedPipe
        } else {
            Failure::Said(format!("the output could not be written: {error}"))
        }
    }
}
