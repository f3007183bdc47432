//! Why a session was not ended, or nobody knows, in sentences.

use operations::RouterCommandError;

use crate::link::{LinkError, MAY_WRITE};

/// What has nothing to end.
pub(super) const NO_SESSION: &str =
    "whoever has a static address is not logged in, so there is no session to end; nothing was changed";

/// There was no connection.
pub(super) fn no_link(error: &LinkError) -> RouterCommandError {
    if error.is_refusal() {
        return RouterCommandError::Refused(format!("{error} Nothing was changed"));
    }
    RouterCommandError::Unreachable(format!("{error} Nothing was changed"))
}

/// The router did not say what is there.
pub(super) fn looking(error: LinkError) -> RouterCommandError {
    match error {
        LinkError::NoRights(_) | LinkError::MissingMenu(_) => {
            RouterCommandError::Refused(format!("{error} Nothing was changed"))
        }
        LinkError::Trapped(refusal) => RouterCommandError::Refused(format!(
            "the router broke off {}: {}; nothing was changed, try again",
            refusal.subject,
            refusal.message()
        )),
        error => RouterCommandError::Unreachable(format!("{error} Nothing was changed")),
    }
}

pub(super) fn several(many: usize) -> RouterCommandError {
    RouterCommandError::Refused(format!(
        "the router shows {many} sessions of this login and device that cannot be told apart; nothing was changed"
    ))
}

/// They cannot be kept out; `why` is half a sentence.
pub(super) fn cannot_keep_out(why: &str) -> RouterCommandError {
    RouterCommandError::Refused(format!(
        "{why}. Nothing was changed; without a hold the session can be ended"
    ))
}

/// Nobody wants them kept out any more.
pub(super) fn not_wanted() -> RouterCommandError {
    RouterCommandError::NotDone(
        "the hold was over before it began, so nothing was changed; try again with a longer one".to_owned(),
    )
}

/// Somebody let them in again while they were to be kept out; why that was not undone, half a sentence, where it was not.
pub(super) fn released(not_undone: Option<String>) -> RouterCommandError {
    let state = match not_undone {
        None => "so it was undone on the router".to_owned(),
        Some(why) => format!("and what keeps them out may stand on the router still ({why}): look there"),
    };
    RouterCommandError::NotDone(format!(
        "the hold was released before the session was ended, {state}. The session was not removed, though a device may have gone by \
         being blocked for that moment; try again if it still should end"
    ))
}

/// The router was told to keep them out and was not heard any more: it may do it later, so that the hold has to end on its time.
pub(super) fn maybe_kept_out(error: &LinkError) -> RouterCommandError {
    RouterCommandError::Unknown(format!(
        "{error} The session was not ended, and whoever has it may be kept out already, or soon: until the hold is over, or released with \
         tikmeter hold release"
    ))
}

/// The router does not show what it took.
pub(super) fn not_kept_out() -> RouterCommandError {
    RouterCommandError::Refused(
        "the router took the command, and does not show that they are kept out. The session was not ended"
            .to_owned(),
    )
}

pub(super) fn no_age() -> RouterCommandError {
    RouterCommandError::Refused(
        "the router does not say since when the session is up, so it may be another one than was meant; nothing was changed"
            .to_owned(),
    )
}

/// A hotspot has no number for its logins: one that is as young as the command may be the one that was meant, or have followed it.
pub(super) fn too_young(uptime_s: u64) -> RouterCommandError {
    RouterCommandError::Busy(format!(
        "this device logged in {uptime_s} s ago, as this was being asked for: whether that is the session that was meant, or one that came after it, the router does not tell. It is up, and nothing was changed; ask again to end it"
    ))
}

/// It took too long before the session was to be removed.
pub(super) fn too_slow(cookies: usize) -> RouterCommandError {
    RouterCommandError::NotDone(format!(
        "the router, the database or this host took so long that the id may be another session's by now. {}; try again",
        not_ended_but(cookies)
    ))
}

/// A command was refused, or the connection ended, before the session was to be removed or as it was refused.
pub(super) fn not_ended(error: &LinkError, cookies: usize) -> RouterCommandError {
    let state = not_ended_but(cookies);
    match error {
        LinkError::NoRights(refusal) => RouterCommandError::Refused(format!(
            "the router refused {}: {}. {state}. {MAY_WRITE}",
            refusal.subject,
            refusal.message()
        )),
        LinkError::MissingMenu(refusal) | LinkError::Trapped(refusal) => RouterCommandError::Refused(
            format!("the router refused {}: {}. {state}", refusal.subject, refusal.message()),
        ),
        error => RouterCommandError::Unreachable(format!("{error} {state}")),
    }
}

fn not_ended_but(cookies: usize) -> String {
    match cookies as u64 {
        0 => "The session was not ended".to_owned(),
        cookies => format!(
            "The session was not ended; {} of its device had been removed before, so it has to log in by hand next time",
            operations::many(cookies, "cookie")
        ),
    }
}

/// The router has no such session, and shows it.
pub(super) fn contradicted() -> RouterCommandError {
    RouterCommandError::Refused(
        "the router answered that it has no such session, and goes on showing it: it was not ended"
            .to_owned(),
    )
}

/// The connection ended, and the session is still there.
pub(super) fn not_taken() -> RouterCommandError {
    RouterCommandError::Unreachable(
        "the connection ended before the router answered, and it still shows the session: it was not ended"
            .to_owned(),
    )
}

/// The router said nothing more.
pub(super) fn unseen(was_answered: bool) -> RouterCommandError {
    let took = if was_answered {
        "the router answered that the session is removed"
    } else {
        "the router was told to remove the session"
    };
    RouterCommandError::Unknown(format!(
        "{took}, and did not answer any more: whether it is gone is not known. Look at the sessions before you try again"
    ))
}
