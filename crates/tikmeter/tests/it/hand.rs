//! An admin's hand on a simulated router: what is set on it, and what stands there.

use std::collections::BTreeMap;

use collector::link::{Link, Target};
use routeros_proto::Command;
use routeros_sim::server::SimRouter;
use routeros_sim::world::Device;

/// A row as it is printed: what it says under which name.
pub(crate) type Row = BTreeMap<String, String>;

/// Sets something.
pub(crate) async fn tell(sim: &SimRouter, path: &str, settings: &[(&str, &str)]) {
    let set = |command: Command, (name, value): &(&str, &str)| command.attr(name, value);
    link(sim).await.print(&settings.iter().fold(Command::new(path), set), |_| ()).await.unwrap();
}

/// A command as it is typed on a router: its path, written with `/` or with spaces, and what it sets.
pub(crate) fn typed(command: &str) -> (String, Vec<(String, String)>) {
    let setting = command.find('=').map_or(command.len(), |equals| command[..equals].rfind(' ').unwrap());
    let (path, rest) = command.split_at(setting);
    (path.replace(' ', "/"), settings(rest))
}

/// What stands behind a path: names and values.
fn settings(mut rest: &str) -> Vec<(String, String)> {
    let mut settings = Vec::new();
    while let Some((name, value)) = rest.trim_start().split_once('=') {
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap(),
            None => value.split_once(' ').unwrap_or((value, "")),
        };
        settings.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
    settings
}

/// Types a command on the router. `[find ...]` stands for all rows that say so, as in its terminal, and has to find one.
pub(crate) async fn type_on(sim: &SimRouter, command: &str) {
    let Some((path, rest)) = command.split_once(" [find ") else {
        let (path, sets) = typed(command);
        return tell_all(sim, &path, &sets).await;
    };
    let (finds, sets) = rest.split_once(']').unwrap();
    let wanted = settings(finds);
    let fits = |row: &Row| wanted.iter().all(|(name, value)| row.get(name) == Some(value));
    let mut found = rows(sim, path.rsplit_once('/').unwrap().0).await;
    found.retain(fits);
    assert!(!found.is_empty(), "{command} finds nothing");
    let ids: Vec<&str> = found.iter().map(|row| &*row[".id"]).collect();
    let numbers = ("numbers".to_owned(), ids.join(","));
    tell_all(sim, path, &[vec![numbers], settings(sets)].concat()).await;
}

async fn tell_all(sim: &SimRouter, path: &str, settings: &[(String, String)]) {
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (&**name, &**value)).collect();
    tell(sim, path, &settings).await;
}

/// All rows of a menu.
pub(crate) async fn rows(sim: &SimRouter, menu: &str) -> Vec<Row> {
    let (mut rows, text) = (Vec::new(), |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned());
    let mut take = |row: routeros_proto::Reply<'_>| {
        rows.push(row.attributes().map(|(name, value)| (text(name), text(value))).collect());
    };
    link(sim).await.print(&Command::new(&format!("{menu}/print")), &mut take).await.unwrap();
    rows
}

async fn link(sim: &SimRouter) -> Link {
    link_as(sim, Device::DEFAULT_USER, Device::DEFAULT_PASSWORD).await
}

/// Somebody else's hand.
pub(crate) async fn link_as(sim: &SimRouter, user: &str, password: &str) -> Link {
    let address = sim.addr();
    let target = Target::new(address.ip().to_string(), address.port(), user, password.to_owned().into());
    Link::open(&target).await.unwrap()
}
