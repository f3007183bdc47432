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
    let setting = command.find('=').unwrap();
    let (path, mut rest) = command.split_at(command[..setting].rfind(' ').unwrap());
    let mut settings = Vec::new();
    while let Some((name, value)) = rest.trim_start().split_once('=') {
        let (value, after) = match value.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap(),
            None => value.split_once(' ').unwrap_or((value, "")),
        };
        settings.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
    (path.replace(' ', "/"), settings)
}

/// Types a command on the router.
pub(crate) async fn type_on(sim: &SimRouter, command: &str) {
    let (path, settings) = typed(command);
    let settings: Vec<(&str, &str)> = settings.iter().map(|(name, value)| (&**name, &**value)).collect();
    tell(sim, &path, &settings).await;
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
