//! Looks at an interface or a queue before somebody enrols it, with one login of its own. Nothing is counted and nothing on
//! the router is changed.

mod queues;

use accounting::table::Table;
use operations::CounterLook;
use routeros_proto::{Command, Reply};
use store::Asked;

use crate::link::{Link, LinkError, Target};
use crate::routeros::counters::SESSION_TYPES;

/// What the router has under that name, where `enrolled` counts for somebody already.
///
/// # Errors
/// What kept the router from saying.
pub async fn look(
    target: &Target,
    table: Table,
    name: &[u8],
    enrolled: &[Asked],
) -> Result<CounterLook, LinkError> {
    let mut link = Link::open(target).await?;
    match table {
        Table::Queue => queue(&mut link, name, enrolled).await,
        _ => interface(&mut link, name, enrolled).await,
    }
}

async fn interface(link: &mut Link, name: &[u8], enrolled: &[Asked]) -> Result<CounterLook, LinkError> {
    let mut found = None;
    let print = named("/interface/print", &[".id", "type"], "name", name);
    link.print(&print, |row| found = Some(is_of_session(&row))).await?;
    match found {
        None => Ok(CounterLook::NotThere),
        Some(true) => Ok(CounterLook::OfSessions),
        Some(false) if carries_sessions(link, name).await? => Ok(CounterLook::CarriesSessions),
        Some(false) if enrolled.iter().all(|one| one.table != Table::Queue) => Ok(CounterLook::Fit),
        Some(false) => {
            let all = all_queues(link).await?.unwrap_or_default();
            Ok(queues::judge_interface(&all, name, enrolled))
        }
    }
}

fn is_of_session(row: &Reply<'_>) -> bool {
    row.get(b"type").is_some_and(|kind| SESSION_TYPES.iter().any(|known| known.as_bytes() == kind))
}

/// A PPPoE server on it, or a session that came in by it, names it (routeros.md §2.4).
async fn carries_sessions(link: &mut Link, name: &[u8]) -> Result<bool, LinkError> {
    for menu in ["/interface/pppoe-server/server/print", "/interface/pppoe-server/print"] {
        let mut rows = 0;
        match link.print(&named(menu, &[".id"], "interface", name), |_| rows += 1).await {
            Ok(_) if rows > 0 => return Ok(true),
            Ok(_) | Err(LinkError::MissingMenu(_)) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(false)
}

async fn queue(link: &mut Link, name: &[u8], enrolled: &[Asked]) -> Result<CounterLook, LinkError> {
    let all = all_queues(link).await?;
    Ok(all.map_or(CounterLook::NotThere, |all| queues::judge(&all, name, enrolled)))
}

/// `None` where the router has no such menu.
async fn all_queues(link: &mut Link) -> Result<Option<Vec<queues::Queue>>, LinkError> {
    let mut all = Vec::new();
    match link.print(&queues::print(), |row| all.extend(queues::queue(&row))).await {
        Err(LinkError::MissingMenu(_)) => Ok(None),
        Err(error) => Err(error),
        Ok(_) => Ok(Some(all)),
    }
}

fn named(menu: &str, properties: &[&str], key: &str, name: &[u8]) -> Command {
    Command::new(menu).proplist(properties).query_any_of(key, &[name])
}
