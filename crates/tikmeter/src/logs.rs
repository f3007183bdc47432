//! The log: standard error, one line an event, so that a service manager keeps it.
//!
//! Levels by what an operator does: `error` = act now, `warn` = act soon, `info` = good to know, below = for
//! whoever looks for a fault. `TIKMETER_LOG` chooses, for example `info,collector=debug`.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::failure::Failure;

/// What the level and exceptions from it are chosen by.
const VARIABLE: &str = "TIKMETER_LOG";

/// Starts logging for this process; `usual` is the level without further wishes.
///
/// # Errors
/// `Usage` when `TIKMETER_LOG` makes no sense.
pub(crate) fn start(usual: &str) -> Result<(), Failure> {
    let wanted = std::env::var(VARIABLE).unwrap_or_else(|_| usual.to_owned());
    let filter = EnvFilter::try_new(&wanted).map_err(|error| {
        Failure::usage(format!(
            "{VARIABLE}={wanted} is not understood ({error}); write it like info,collector=debug"
        ))
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // Standard error may be a pipe that nobody reads any more, and there is no other place for the news.
        .log_internal_errors(false);
    log.try_init().map_err(|error| Failure::said(format!("the log could not be started: {error}")))
}
