//! The log: standard error, one line an event, so that a service manager keeps it. The latest lines are kept for `tikmeter logs` too.
//!
//! Levels by what an operator does: `error` = act now, `warn` = act soon, `info` = good to know, below = for
//! whoever looks for a fault. `TIKMETER_LOG` chooses, for example `info,collector=debug`.

use std::fmt::{Debug, Write};
use std::io::IsTerminal;

use operations::{Clock, SystemClock};
use server::{LogBoard, LogLevel, LogLine};
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::fmt::FormattedFields;
use tracing_subscriber::fmt::format::DefaultFields;
use tracing_subscriber::layer::{Context, Layer, SubscriberExt};
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{EnvFilter, fmt, registry};

use crate::failure::Failure;

/// What the level and exceptions from it are chosen by.
const VARIABLE: &str = "TIKMETER_LOG";

/// Starts logging for this process and answers where the latest lines are; `usual` is the level without further wishes.
///
/// # Errors
/// `Usage` when `TIKMETER_LOG` makes no sense.
pub(crate) fn start(usual: &str) -> Result<LogBoard, Failure> {
    let wanted = std::env::var(VARIABLE).unwrap_or_else(|_| usual.to_owned());
    let filter = EnvFilter::try_new(&wanted).map_err(|error| {
        Failure::usage(format!(
            "{VARIABLE}={wanted} is not understood ({error}); write it like info,collector=debug"
        ))
    })?;
    let written = fmt::layer()
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        // Standard error may be a pipe that nobody reads any more, and there is no other place for the news.
        .log_internal_errors(false);
    let kept = Kept { board: LogBoard::default(), clock: SystemClock::new() };
    let board = kept.board.clone();
    let log = registry().with(filter).with(written).with(kept).try_init();
    log.map_err(|error| Failure::said(format!("the log could not be started: {error}")))?;
    Ok(board)
}

/// Keeps the latest lines.
struct Kept {
    board: LogBoard,
    clock: SystemClock,
}

impl<S: Subscriber + for<'s> LookupSpan<'s>> Layer<S> for Kept {
    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        let mut line = Line::default();
        event.record(&mut line);
        let target = event.metadata().target().to_owned();
        let text = format!("{}{}{}", within(event, &context), line.message, line.fields);
        self.board.push(LogLine {
            at: self.clock.now(),
            level: level(*event.metadata().level()),
            target,
            text,
        });
    }
}

/// Where it happened: the spans that it is within, the outermost first, as the written log has them.
fn within<S: Subscriber + for<'s> LookupSpan<'s>>(event: &Event<'_>, context: &Context<'_, S>) -> String {
    let mut place = String::new();
    for span in context.event_scope(event).into_iter().flat_map(|scope| scope.from_root()) {
        place += span.name();
        let extensions = span.extensions();
        match extensions.get::<FormattedFields<DefaultFields>>() {
            // What is written for a terminal has colours.
            Some(fields) if !fields.is_empty() => place += &format!("{{{}}}", plain(fields)),
            _ => {}
        }
        place += ": ";
    }
    place
}

/// Without the commands to a terminal that begin with an escape and end with an `m`.
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |text, part| text + part.split_once('m').map_or(part, |(_, rest)| rest))
}

fn level(level: Level) -> LogLevel {
    match level {
        Level::ERROR => LogLevel::Error,
        Level::WARN => LogLevel::Warn,
        Level::INFO => LogLevel::Info,
        _ => LogLevel::Debug,
    }
}

/// What an event says.
#[derive(Default)]
struct Line {
    message: String,
    fields: String,
}

impl Visit for Line {
    fn record_str(&mut self, field: &Field, value: &str) {
        self.record_debug(field, &value);
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        // A text takes whatever is written into it.
        let _ = match field.name() {
            // Beside the words of the event itself, somebody's message is one of its particulars.
            "message" if !self.message.is_empty() => write!(self.message, ": {value:?}"),
            "message" => write!(self.message, "{value:?}"),
            name => write!(self.fields, " {name}={value:?}"),
        };
    }
}

#[cfg(test)]
mod tests {
    use accounting::time::Micros;

    use super::*;

    #[test]
    fn a_line_has_its_place_its_words_and_its_particulars() {
        let kept = Kept { board: LogBoard::default(), clock: SystemClock::new() };
        let board = kept.board.clone();
        let written = fmt::layer().with_writer(std::io::sink).with_ansi(true);
        tracing::subscriber::with_default(registry().with(written).with(kept), || {
            let _within = tracing::info_span!("router", name = "tower").entered();
            tracing::warn!(errors = 3, who = %"ana", "it does not answer");
            let message = "the port is closed";
            tracing::info!(%message, "it was not read");
        });
        let told = board.before(LogLevel::Info, None, Micros(i64::MAX), 1).remove(0).1.text;
        assert_eq!(told, "router{name=\"tower\"}: it was not read: the port is closed");
        let (_, line) = board.before(LogLevel::Warn, None, Micros(i64::MAX), 9).remove(0);
        assert_eq!(line.text, "router{name=\"tower\"}: it does not answer errors=3 who=ana");
        assert_eq!((line.level, line.target.as_str()), (LogLevel::Warn, module_path!()));
    }
}
