//! Lines of a process' log.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::time::Time;

/// How much a line of the log matters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum LogLevel {
    /// For whoever looks for a fault.
    Debug,
    /// Good to know.
    #[default]
    Info,
    /// Act soon.
    Warn,
    /// Act now.
    Error,
}

impl LogLevel {
    /// The same word as in JSON.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            LogLevel::Debug => "debug",
            LogLevel::Info => "info",
            LogLevel::Warn => "warn",
            LogLevel::Error => "error",
        }
    }
}

/// One line of the log.
#[derive(Debug, Serialize, ToSchema)]
pub struct LogLine {
    /// When it was written.
    pub at: Time,
    /// How much it matters: `debug`, `info`, `warn` or `error`.
    #[schema(value_type = String, examples("warn"))]
    pub level: LogLevel,
    /// The part of the program that says it.
    pub target: String,
    /// What it says.
    pub text: String,
}
