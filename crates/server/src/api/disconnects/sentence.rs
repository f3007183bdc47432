//! What became of a session, in a sentence.

use operations::{CameBackBy, EndedSession, Fate, many};

use crate::api::model::time::Time;

/// What became of it.
pub(super) fn sentence(ended: &EndedSession) -> String {
    let told = match ended.fate {
        Fate::Planned => "Nothing was sent; the commands are those that would be.".to_owned(),
        Fate::Gone { looked_s: 0 } => "It is gone.".to_owned(),
        Fate::Gone { looked_s } => {
            format!("It is gone, and nobody came back within {}.", many(looked_s, "second"))
        }
        Fate::CameBack { after_s, by } => {
            format!("It was ended, and came back after {after_s} s {}.", way_in(by))
        }
    };
    let told = match ended.also_gone {
        0 => told,
        others => format!("{told} The router ended {} of the same login too.", many(others, "other session")),
    };
    match ended.held_until {
        None => told,
        Some(until) => format!("{told} Whoever had it is kept out until {}.", Time(until)),
    }
}

fn way_in(by: CameBackBy) -> &'static str {
    match by {
        CameBackBy::Cookie => "by a cookie",
        CameBackBy::MacCookie => "by a mac-cookie",
        CameBackBy::Login => "by a login",
        CameBackBy::Redial => "by dialling in again: a cut that lasts needs a hold (`--hold 15m`)",
    }
}
