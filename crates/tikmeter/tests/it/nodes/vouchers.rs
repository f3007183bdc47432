//! Vouchers that are used at the process that polls nothing, at hotspots of routers of others: whoever is in stays in, whoever is over
//! is off, and nobody is half in, whatever befalls those.

use routeros_sim::faults::{Cut, Fault};
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

use super::house::{House, obeyed};
use super::promised::Ticket;
use super::town::{self, At};
use crate::browser::Browser;
use crate::server::Server;

/// Vouchers for a day that are made at the beginning.
const MADE: &str = "12";
/// What each device may send and receive.
const SPEED: [&str; 4] = ["--rate-up", "1M", "--rate-down", "2M"];

/// See the module.
pub(super) struct Shop<'r> {
    runtime: &'r Runtime,
    portal: String,
    /// Not sold yet.
    codes: Vec<String>,
}

impl<'r> Shop<'r> {
    /// Makes vouchers.
    pub(super) fn open(runtime: &'r Runtime, answers: &Server) -> Shop<'r> {
        let portal = answers.portal.clone().unwrap();
        Shop { runtime, portal, codes: made(answers, MADE, &["--validity", "1d"]) }
    }

    /// One for a day, for a device that was not in yet.
    pub(super) fn sells(&mut self, at: At) -> Ticket {
        Ticket { code: self.codes.pop().unwrap(), at }
    }

    /// Somebody uses it for the first time.
    pub(super) fn lets_in(&self, house: &mut House, ticket: &Ticket) {
        self.takes_the_code(house, ticket);
        house.promised.acts(&["voucher.activate"], &ticket.code);
    }

    /// Somebody types the code: they are in when they are told so, at the voucher's speed.
    fn takes_the_code(&self, house: &mut House, ticket: &Ticket) {
        let (mut browser, form) = (self.browser(ticket), format!("code={}", ticket.code));
        let mut answer = browser.post("/activate", &form);
        // As in `obeyed`.
        for _ in 0..20 {
            if answer.0 == 503 {
                answer = browser.post("/activate", &form);
            }
        }
        assert!(answer.0 == 200 && answer.1.contains("You are online"), "{ticket:?}: {answer:?}");
        house.promised.is_in(ticket);
        house.promised.is_told(&house.fleet, &ticket.at.router);
        house.promised.is_so_on(self.runtime, &house.fleet, &ticket.at.router);
    }

    /// A router of that process lets somebody in, who surfs from then on, faster than they may.
    pub(super) fn lets_somebody_surf(&mut self, house: &mut House, process: &str) {
        let ticket = self.sells(At::the(&house.town_of(process), 1));
        let sim = house.fleet.router(&ticket.at.router);
        sim.with_world(|world| world.appear(ticket.at.mac(), 3_000_000, 9_000_000));
        self.lets_in(house, &ticket);
    }

    /// The same with somebody who does not surf.
    pub(super) fn lets_somebody_in(&mut self, house: &mut House, process: &str) -> Ticket {
        let ticket = self.sells(At::the(&house.town_of(process), 1));
        self.lets_in(house, &ticket);
        ticket
    }

    /// Somebody is in for a minute.
    pub(super) fn lets_somebody_in_for_a_minute(
        &self,
        house: &mut House,
        answers: &Server,
        process: &str,
    ) -> Ticket {
        self.lets_in_on(house, answers, process, &["--validity", "1m"])
    }

    /// Somebody is in until they moved 50 MB.
    pub(super) fn lets_somebody_in_for_50_megabytes(
        &self,
        house: &mut House,
        answers: &Server,
        process: &str,
    ) -> Ticket {
        self.lets_in_on(house, answers, process, &["--validity", "1d", "--quota", "50M"])
    }

    fn lets_in_on(&self, house: &mut House, answers: &Server, process: &str, terms: &[&str]) -> Ticket {
        let code = made(answers, "1", terms).remove(0);
        let ticket = Ticket { code, at: At::the(&house.town_of(process), 1) };
        self.lets_in(house, &ticket);
        ticket
    }

    /// Its time is over: the router shows the device no more, and the books know it.
    pub(super) fn is_over(&self, house: &mut House, answers: &Server, ticket: &Ticket) {
        self.goes(house, answers, ticket, "over");
        house.promised.acts(&["voucher.out", "voucher.end"], &ticket.code);
    }

    /// The same of one whose data it was.
    pub(super) fn is_used_up(&self, house: &mut House, answers: &Server, ticket: &Ticket) {
        house.promised.acts(&["voucher.used_up"], &ticket.code);
        self.is_over(house, answers, ticket);
    }

    /// Somebody stops its time.
    pub(super) fn is_paused(&self, house: &mut House, answers: &Server, ticket: &Ticket) {
        drop(obeyed(answers, &["voucher", "pause", &ticket.code]));
        house.promised.acts(&["voucher.pause"], &ticket.code);
        self.goes(house, answers, ticket, "paused");
    }

    /// It goes on, and whoever has it types the code anew.
    pub(super) fn goes_on(&self, house: &mut House, answers: &Server, ticket: &Ticket) {
        drop(obeyed(answers, &["voucher", "resume", &ticket.code]));
        house.promised.acts(&["voucher.resume"], &ticket.code);
        self.takes_the_code(house, ticket);
    }

    /// Somebody takes it out of use.
    pub(super) fn is_revoked(&self, house: &mut House, answers: &Server, ticket: &Ticket) {
        drop(obeyed(answers, &["voucher", "revoke", &ticket.code]));
        house.promised.acts(&["voucher.revoke"], &ticket.code);
        self.goes(house, answers, ticket, "revoked");
        house.promised.acts(&["voucher.out"], &ticket.code);
    }

    /// Nothing of it is left on its router.
    fn goes(&self, house: &mut House, answers: &Server, ticket: &Ticket, state: &'static str) {
        let queue = format!("pisonet-{}", ticket.at.mac());
        house.until("it is off", |house| {
            let sim = house.fleet.router(&ticket.at.router);
            let all = self.runtime.block_on(town::all_rows(sim));
            let is_its = |name: &String| *name == ticket.code || *name == queue;
            !all.iter().any(|(_, row)| row.get("name").is_some_and(is_its))
        });
        house.until("the books know it", |_| how(answers, ticket) == state);
        house.promised.is_off(ticket, state);
        house.promised.is_told(&house.fleet, &ticket.at.router);
        house.promised.is_so_on(self.runtime, &house.fleet, &ticket.at.router);
    }

    /// They move that much at once.
    pub(super) fn moves(house: &House, ticket: &Ticket, octets: u64) {
        house.fleet.router(&ticket.at.router).with_world(|world| {
            let key = town::session(world, &ticket.code).unwrap();
            world.transfer(key, octets / 2, octets / 2);
        });
    }

    /// Without Redis nobody who polls the router can be asked: whoever types a code is told so, and has it still.
    pub(super) fn lets_nobody_in(&mut self, house: &mut House, answers: &Server) {
        let ticket = self.sells(At::the(&house.town_of("east"), 1));
        // The device was handed over while that could be asked.
        let mut browser = Browser::on(self.runtime, &self.portal, (&ticket.at.mac(), ticket.at.address()));
        assert_eq!(browser.hand_over(&ticket.at.router).0, 503);
        assert_eq!(how(answers, &ticket), "unused");
        house.promised.stands(&ticket, "unused");
        house.promised.is_told(&house.fleet, &ticket.at.router);
    }

    /// A router of that process takes that command of letting somebody in, and does not answer.
    pub(super) fn breaks_off(
        &mut self,
        house: &mut House,
        process: &str,
        command: &'static str,
    ) -> BrokenOff {
        let ticket = self.sells(At::the(&house.town_of(process), 1));
        let browser = self.browser(&ticket);
        let sim = house.fleet.router(&ticket.at.router);
        sim.faults().once_on(command, Fault::cut_after(0, Cut::Hang));
        let answer = browser.post_apart("/activate", &format!("code={}", ticket.code));
        house.until("the router was told", |house| {
            let sent = house.fleet.router(&ticket.at.router).changes();
            sent.last().is_some_and(|sent| sent.starts_with(command))
        });
        BrokenOff { ticket, answer }
    }

    /// The device, handed over by its router's login page.
    fn browser(&self, ticket: &Ticket) -> Browser<'r> {
        let Ticket { at, .. } = ticket;
        let mut browser = Browser::on(self.runtime, &self.portal, (&at.mac(), at.address()));
        let (status, page) = browser.hand_over(&at.router);
        assert_eq!(status, 200, "{ticket:?}: {page}");
        browser
    }

    /// Each stands as is said, for whoever asks.
    pub(super) fn books_are_told(house: &House, answers: &Server) {
        let listed = answers.json(&["voucher", "list", "--limit", "1000"]);
        let items = listed["items"].as_array().unwrap();
        for voucher in items {
            let state = house.promised.states().get(voucher["code"].as_str().unwrap());
            assert_eq!(voucher["state"], **state.unwrap_or(&"unused"), "{voucher}");
        }
        assert!(items.len() >= house.promised.states().len());
    }
}

/// Somebody was being let in when the process that did it was killed.
pub(super) struct BrokenOff {
    ticket: Ticket,
    answer: JoinHandle<(u16, String)>,
}

impl BrokenOff {
    /// They are told that it came to nothing that anybody knows of.
    fn ends_told(self, shop: &Shop<'_>) -> Ticket {
        let (status, page) = shop.runtime.block_on(self.answer).unwrap();
        assert!(status == 503 && page.contains("Failed to authorize with router"), "{status}: {page}");
        self.ticket
    }

    /// The router has let them in: whoever has it now finds that out, and they paid from then on.
    pub(super) fn ends_inside(self, shop: &Shop<'_>, house: &mut House, answers: &Server) {
        let ticket = self.ends_told(shop);
        house.until("it is found out that they are in", |_| how(answers, &ticket) == "running");
        house.promised.acts(&["voucher.activate"], &ticket.code);
        house.promised.is_in(&ticket);
        let queue = format!("pisonet-{}", ticket.at.mac());
        house.until("they are as fast as they may be", |house| {
            let sent = house.fleet.router(&ticket.at.router).changes();
            sent.iter().any(|sent| sent.starts_with("/queue/simple/add") && sent.contains(&queue))
        });
        house.promised.is_told(&house.fleet, &ticket.at.router);
        house.promised.is_so_on(shop.runtime, &house.fleet, &ticket.at.router);
    }

    /// The router has not: nothing of it is left, and they can use the code still.
    pub(super) fn ends_outside(self, shop: &Shop<'_>, house: &mut House, answers: &Server) {
        let ticket = self.ends_told(shop);
        house.until("what was left of it is taken away", |house| {
            let sent = house.fleet.router(&ticket.at.router).changes();
            sent.last().is_some_and(|sent| sent.starts_with("/ip/hotspot/user/remove"))
        });
        assert_eq!(how(answers, &ticket), "unused");
        shop.lets_in(house, &ticket);
    }
}

fn made(answers: &Server, count: &str, terms: &[&str]) -> Vec<String> {
    let batch = answers.json(&[&["voucher", "create", count], terms, &SPEED].concat())["id"].to_string();
    let listed = answers.json(&["voucher", "list", "--batch", &batch]);
    let vouchers = listed["items"].as_array().unwrap().iter();
    vouchers.map(|voucher| voucher["code"].as_str().unwrap().to_owned()).collect()
}

/// How a voucher stands, for whoever asks.
fn how(answers: &Server, ticket: &Ticket) -> String {
    answers.json(&["voucher", "show", &ticket.code])["state"].as_str().unwrap().to_owned()
}
