//! The house while it is tried, and what a test waits for in it.

use std::time::Duration;

use operations::{Clock, SystemClock};

use super::fleet::Fleet;
use super::processes::shares;
use super::promised::Promised;
use super::town;
use crate::program::{stderr, stdout};
use crate::server::Server;

/// See the module.
pub(super) struct House {
    /// The database's.
    pub(super) url: String,
    pub(super) fleet: Fleet,
    pub(super) told: Vec<String>,
    /// What was done by the way, and is to be so from then on.
    pub(super) promised: Promised,
}

impl House {
    /// Waits until each process has so many routers, and every router was polled again since; says how long it took.
    pub(super) fn settles(&mut self, what: &str, wanted: &[(&str, u64)]) {
        let (clock, before) = (SystemClock::new(), self.fleet.polls());
        let begun = clock.now().0;
        let seconds = || (clock.now().0 - begun) / 100_000;
        let wanted: Vec<(String, i64)> =
            wanted.iter().map(|(name, routers)| ((*name).to_owned(), routers.cast_signed())).collect();
        self.until(what, |house| shares(&house.url) == wanted);
        let shared = seconds();
        // A round that had begun under the one before says nothing.
        self.until(what, |house| house.fleet.polls().iter().zip(&before).all(|(now, then)| *now >= then + 2));
        self.told.push(format!(
            "{what}: shared out after {} tenths of a second, each polled again after {}",
            shared,
            seconds()
        ));
    }

    /// Who polls a router, by the database.
    fn routers_of(&self, process: &str) -> Vec<String> {
        let sql = "SELECT name FROM tikmeter.nas WHERE lease_holder = $1 ORDER BY name";
        let process = process.to_owned();
        crate::postgres_server::ask(&self.url, move |client| {
            client.query(sql, &[&process]).unwrap().iter().map(|row| row.get(0)).collect()
        })
    }

    /// A router without a hotspot that the process polls, after so many others, but for two on which sessions are ended later.
    pub(super) fn router_of(&self, process: &str, others: usize) -> String {
        let is_free = |name: &String| !town::is_called(name) && !["r001", "r199"].contains(&&**name);
        self.routers_of(process).into_iter().filter(is_free).nth(others).unwrap()
    }

    /// A router with a hotspot that the process polls, and on which nothing was done yet.
    pub(super) fn town_of(&mut self, process: &str) -> String {
        let is_free = |name: &String| town::is_called(name) && !self.promised.is_touched(name);
        let town = self.routers_of(process).into_iter().find(is_free);
        let town = town.unwrap_or_else(|| panic!("{process} has no hotspot left"));
        self.promised.touches(&town);
        town
    }

    /// Waits until it is so.
    pub(super) fn until(&self, what: &str, is_so: impl Fn(&House) -> bool) {
        for _ in 0..1_200 {
            if is_so(self) {
                return;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("{what}: it never came to be; {:?}", shares(&self.url));
    }
}

/// A busy machine may take longer than a command waits; who is told so tries again.
pub(super) fn obeyed(answers: &Server, words: &[&str]) -> String {
    let mut refusals = Vec::new();
    for _ in 0..20 {
        let output = answers.call(words);
        if output.status.success() {
            return stdout(&output);
        }
        refusals.push(stderr(&output));
    }
    panic!("{words:?} is never obeyed: {refusals:?}");
}
