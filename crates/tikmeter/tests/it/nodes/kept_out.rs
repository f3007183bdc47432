//! Somebody is sent away and kept out by a process that is killed, or stands still, before their time is over: whoever has the router
//! then lets them in again on time, once.

use std::thread::JoinHandle;

use routeros_sim::world::Service;
use tokio::runtime::Runtime;

use super::house::House;
use super::town::{self, At, GUEST, GUESTS};
use crate::program::{run, stderr, stdout};
use crate::server::Server;

/// See the module.
pub(super) struct KeptOut {
    router: String,
    /// As the books have them: a MAC or a login.
    subject: String,
    asking: Option<JoinHandle<(String, usize)>>,
    /// When their time is over.
    due: i64,
}

impl KeptOut {
    /// A subscriber's line, at a router of that process.
    pub(super) fn line(house: &mut House, answers: &Server, process: &str) -> KeptOut {
        let router = house.town_of(process);
        let login = format!("u{}-1", &router[1..]);
        house.fleet.router(&router).with_world(|world| {
            let key = world.live_sessions().find(|key| world.login_of(*key) == login.as_bytes()).unwrap();
            world.set_rates(key, 0, 0);
        });
        KeptOut::begin(house, answers, (router, login.clone()), &[&login])
    }

    /// A guest's device at a hotspot.
    pub(super) fn device(house: &mut House, answers: &Server, process: &str) -> KeptOut {
        let router = house.town_of(process);
        let mac = At::the(&router, GUESTS[0]).mac();
        KeptOut::begin(house, answers, (router, mac.clone()), &["--mac", &mac, GUEST])
    }

    fn begin(
        house: &mut House,
        answers: &Server,
        (router, subject): (String, String),
        whom: &[&str],
    ) -> KeptOut {
        let words = ["disconnect", "--router", &router, "--hold", "1h"];
        let words = [&words[..], whom, &["--url", &answers.url, "--token", &answers.token]].concat();
        let words: Vec<String> = words.into_iter().map(str::to_owned).collect();
        let asking = std::thread::spawn(move || asked(&words.iter().map(String::as_str).collect::<Vec<_>>()));
        house.promised.acts(&["hold.set", "hold.place", "hold.end"], &subject);
        KeptOut { router, subject, asking: Some(asking), due: i64::MAX }
    }

    /// They are away and cannot come back.
    pub(super) fn is_out(&mut self, runtime: &Runtime, house: &mut House) {
        let (told, given_up) = self.asking.take().unwrap().join().unwrap();
        assert!(told.contains("nobody came back") && told.contains("is kept out until"), "{told}");
        (0..given_up)
            .for_each(|_| house.promised.acts(&["hold.set", "hold.give_up", "hold.end"], &self.subject));
        assert!(!self.is_there(runtime, house), "{} is there", self.subject);
    }

    /// Their time is over now.
    pub(super) fn comes_due(&mut self, house: &House) {
        let sql =
            "UPDATE tikmeter.hold SET until_at = (extract(epoch FROM clock_timestamp()) * 1000000)::bigint
                   WHERE subject = $1 AND is_placed = 1 RETURNING until_at";
        let subject = self.subject.clone().into_bytes();
        self.due = crate::postgres_server::ask(&house.url, move |client| {
            client.query_one(sql, &[&subject]).unwrap().get(0)
        });
    }

    /// They are let in again, and come back: the router stands as it did before.
    pub(super) fn is_undone(&self, runtime: &Runtime, house: &mut House) {
        // Not before: they were kept out still when their time came.
        house.until("they are let in again", |house| self.ended_at(house) >= Some(self.due));
        house.promised.is_so_on(runtime, &house.fleet, &self.router);
        house.fleet.router(&self.router).with_world(|world| match self.subject.starts_with('u') {
            true => drop(world.connect(&self.subject, Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0)),
            false => drop(world.log_in(GUEST, &self.subject, 0, 0)),
        });
        house.promised.is_told(&house.fleet, &self.router);
    }

    fn ended_at(&self, house: &House) -> Option<i64> {
        let sql = "SELECT at FROM tikmeter.audit WHERE action = 'hold.end' AND subject = $1
                   ORDER BY seq DESC LIMIT 1";
        let subject = self.subject.clone();
        crate::postgres_server::ask(&house.url, move |client| {
            client.query_opt(sql, &[&subject]).unwrap().map(|row| row.get(0))
        })
    }

    fn is_there(&self, runtime: &Runtime, house: &House) -> bool {
        let sim = house.fleet.router(&self.router);
        let lines = sim.with_world(|world| {
            world.live_sessions().any(|key| world.login_of(key) == self.subject.as_bytes())
        });
        lines || runtime.block_on(town::who_is_in(sim)).iter().any(|(_, mac)| *mac == self.subject)
    }
}

/// What was told, and how often a busy machine had taken too long before: nobody was sent away or kept out then.
fn asked(words: &[&str]) -> (String, usize) {
    let (mut refusals, mut given_up) = (Vec::new(), 0);
    for _ in 0..20 {
        let output = run(words);
        if output.status.success() {
            return (stdout(&output), given_up);
        }
        // The one before is not forgotten yet.
        given_up += usize::from(!stderr(&output).contains("are kept out of this router already"));
        refusals.push(stderr(&output));
    }
    panic!("{words:?} is never obeyed: {refusals:?}");
}
