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
    let (address, password) = (sim.addr(), Device::DEFAULT_PASSWORD.to_owned().into());
    let target = Target::new(address.ip().to_string(), address.port(), Device::DEFAULT_USER, password);
    Link::open(&target).await.unwrap()
}
