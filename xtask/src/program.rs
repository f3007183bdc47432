//! Running other programs with their output kept.

use std::fs::File;
use std::path::Path;
use std::process::{Command, ExitCode, Stdio};

/// What a program said (both streams in their true order) and whether it ended well.
pub(crate) struct Finished {
    pub(crate) success: bool,
    pub(crate) output: String,
}

/// Runs `command` with both streams going to the file `log`, which stays for a person to read.
///
/// # Errors
/// A sentence when the program or its log cannot be had.
pub(crate) fn run_logged(command: &mut Command, log: &Path) -> Result<Finished, String> {
    let trouble = |what: &str, error: std::io::Error| format!("{what} {}: {error}", log.display());
    if let Some(folder) = log.parent() {
        std::fs::create_dir_all(folder).map_err(|e| trouble("cannot make the folder of", e))?;
    }
    let out = File::create(log).map_err(|e| trouble("cannot write", e))?;
    // One open file for both streams: cargo's "Running" lines and the test results must not change places.
    let err = out.try_clone().map_err(|e| trouble("cannot share", e))?;
    let status = command
        .stdin(Stdio::null())
        .stdout(out)
        .stderr(err)
        .status()
        .map_err(|e| format!("cannot start {:?}: {e}", command.get_program()))?;
    let bytes = std::fs::read(log).map_err(|e| trouble("cannot read back", e))?;
    Ok(Finished { success: status.success(), output: String::from_utf8_lossy(&bytes).into_owned() })
}

/// Runs `command` and gives its standard output.
///
/// # Errors
/// The program's own complaint, when it cannot start or ends badly.
pub(crate) fn capture(command: &mut Command) -> Result<String, String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|e| format!("cannot start {:?}: {e}", command.get_program()))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(format!(
            "{:?} failed: {}",
            command.get_program(),
            String::from_utf8_lossy(&output.stderr).trim_end()
        ))
    }
}

/// The last `lines` lines of `text`.
pub(crate) fn tail(text: &str, lines: usize) -> String {
    let all: Vec<&str> = text.lines().collect();
    all[all.len().saturating_sub(lines)..].join("\n")
}

/// Hands the terminal and its signals to the program and ends as it ended.
pub(crate) fn run_handed(mut command: Command) -> ExitCode {
    match command.status() {
        Ok(status) => ExitCode::from(status.code().and_then(|code| u8::try_from(code).ok()).unwrap_or(1)),
        Err(error) => {
            eprintln!("x: {:?} could not be started: {error}", command.get_program());
            ExitCode::FAILURE
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tail_keeps_the_end_and_never_more_than_there_is() {
        assert_eq!(tail("a\nb\nc\n", 2), "b\nc");
        assert_eq!(tail("a", 9), "a");
        assert_eq!(tail("", 9), "");
    }

    #[test]
    fn a_failing_program_is_an_error_with_its_own_words() {
        let error = capture(Command::new("sh").args(["-c", "echo broken >&2; exit 3"])).unwrap_err();
        assert!(error.contains("broken"), "{error}");
    }

    #[test]
    fn a_log_holds_both_streams_in_order() {
        let log = std::env::temp_dir().join(format!("xtask-log-{}", std::process::id()));
        let done =
            run_logged(Command::new("sh").args(["-c", "echo one; echo two >&2; echo three; exit 1"]), &log)
                .unwrap();
        std::fs::remove_file(&log).unwrap();
        assert!(!done.success);
        assert_eq!(done.output, "one\ntwo\nthree\n");
    }
}
