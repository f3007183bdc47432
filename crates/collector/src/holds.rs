//! Keeping somebody out of a router for a while, over a connection of its own: what stands there, what makes it so, what undoes it.

use operations::Marks;
use store::{Hold, HoldSubject};

use crate::link::{Link, LinkError, Target};
use crate::routeros::hold::{Bar, bar, print, stands, to_undo};

/// What may keep them out, as the router shows it.
///
/// # Errors
/// As [`Link::print`].
pub async fn look(link: &mut Link, subject: &HoldSubject, marks: &Marks) -> Result<Vec<Bar>, LinkError> {
    let mut bars = Vec::new();
    link.print(&print(subject), |row| bars.extend(bar(subject, &row, marks))).await?;
    Ok(bars)
}

/// Lets them in again whose time is over, all on one router. Each with the commands that were sent, or why it was not undone; those
/// after a connection that ended were not tried.
///
/// # Errors
/// Why there is no connection.
pub async fn undo(
    target: &Target,
    holds: &[Hold],
    marks: &Marks,
) -> Result<Vec<(Hold, Result<Vec<String>, String>)>, LinkError> {
    let mut link = Link::open(target).await?;
    let mut done = Vec::new();
    for hold in holds {
        done.push((hold.clone(), undo_one(&mut link, &hold.subject, marks).await));
        if !link.is_usable() {
            break;
        }
    }
    Ok(done)
}

/// The commands that would let them in again, all on one router; nothing is sent.
///
/// # Errors
/// Why it is not known what would.
pub async fn plan_undo(target: &Target, holds: &[Hold], marks: &Marks) -> Result<Vec<String>, String> {
    let mut link = Link::open(target).await.map_err(|error| error.to_string())?;
    let mut commands = Vec::new();
    for hold in holds {
        let bars = look(&mut link, &hold.subject, marks).await.map_err(|error| error.to_string())?;
        commands.extend(to_undo(&hold.subject, &bars)?.iter().map(routeros_proto::Command::shown));
    }
    Ok(commands)
}

/// Lets one in again; the commands that were sent. A `done` is no proof, so it is read back.
///
/// # Errors
/// Why it was not undone.
pub(crate) async fn undo_one(
    link: &mut Link,
    subject: &HoldSubject,
    marks: &Marks,
) -> Result<Vec<String>, String> {
    let bars = look(link, subject, marks).await.map_err(|error| error.of_change())?;
    let mut sent = Vec::new();
    for command in to_undo(subject, &bars)? {
        match link.print(&command, |_| ()).await {
            Ok(_) => sent.push(command.shown()),
            Err(error) if error.is_no_such_item() => {}
            Err(error) => return Err(error.of_change()),
        }
    }
    let bars = look(link, subject, marks).await.map_err(|error| error.of_change())?;
    match stands(subject, &bars) {
        true => Err("the router took the commands, and goes on showing what keeps them out".to_owned()),
        false => Ok(sent),
    }
}
