//! What a command came to, as text for Redis and the database.

use operations::RouterCommandError;
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;

/// What was asked for, or why it came to nothing.
pub type Outcome = Result<Json, RouterCommandError>;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Text {
    Done(Json),
    NotPolled,
    TimedOut,
    Unreachable(String),
    StoreStalled(String),
    Refused(String),
    Busy(String),
    NotDone(String),
    Unknown(String),
}

pub(crate) fn to_text(outcome: &Outcome) -> String {
    let text = match outcome.clone() {
        Ok(value) => Text::Done(value),
        Err(RouterCommandError::NotPolled) => Text::NotPolled,
        Err(RouterCommandError::TimedOut) => Text::TimedOut,
        Err(RouterCommandError::Unreachable(why)) => Text::Unreachable(why),
        Err(RouterCommandError::StoreStalled(why)) => Text::StoreStalled(why),
        Err(RouterCommandError::Refused(why)) => Text::Refused(why),
        Err(RouterCommandError::Busy(why)) => Text::Busy(why),
        Err(RouterCommandError::NotDone(why)) => Text::NotDone(why),
        Err(RouterCommandError::Unknown(why)) => Text::Unknown(why),
    };
    serde_json::to_string(&text).expect("plain strings and numbers are always JSON")
}

/// What another version wrote and this one cannot read is unknown.
pub(crate) fn from_text(text: &str) -> Outcome {
    match serde_json::from_str(text) {
        Ok(Text::Done(value)) => Ok(value),
        Ok(Text::NotPolled) => Err(RouterCommandError::NotPolled),
        Ok(Text::TimedOut) => Err(RouterCommandError::TimedOut),
        Ok(Text::Unreachable(why)) => Err(RouterCommandError::Unreachable(why)),
        Ok(Text::StoreStalled(why)) => Err(RouterCommandError::StoreStalled(why)),
        Ok(Text::Refused(why)) => Err(RouterCommandError::Refused(why)),
        Ok(Text::Busy(why)) => Err(RouterCommandError::Busy(why)),
        Ok(Text::NotDone(why)) => Err(RouterCommandError::NotDone(why)),
        Ok(Text::Unknown(why)) => Err(RouterCommandError::Unknown(why)),
        Err(_) => Err(unreadable()),
    }
}

/// An answer of another version of the program.
pub(super) fn unreadable() -> RouterCommandError {
    RouterCommandError::Unknown(
        "another process answered in words this one does not know; run the same version of Tikmeter everywhere"
            .to_owned(),
    )
}

/// It came too late to be begun.
pub(super) fn too_late() -> RouterCommandError {
    RouterCommandError::NotDone(
        "nothing was done, because it was given too long ago; try again in a moment".to_owned(),
    )
}
