//! What one connection asked for: requests come in, answers to give and things to listen to pile up.

use std::collections::VecDeque;
use std::sync::Arc;

use rand::RngExt as _;
use routeros_proto::{ReplyWriter, Request};
use tokio::time::Instant;

use super::job::Job;
use super::login::{Login, Outcome, Peer};
use super::monitors::Monitors;
use super::shared::Shared;
use super::stats::Counting;
use crate::faults::CommandFaults;
use crate::menu::{self, Answer, Complaint, Found, Listener, Menu, Monitor, Print, Selection, Verb};
use crate::world::{CancelOrder, Policies, Policy, Sighting, TagPlace, World};

/// What a client hears that sends commands before it logged in. Not established about real routers.
const NOT_LOGGED_IN: &str = "not logged in";
const NO_RIGHTS: &str = "not enough permissions (9)";
const NO_MENU: &str = "no such command prefix";

pub(crate) struct Desk {
    shared: Arc<Shared>,
    number: u32,
    address: Vec<u8>,
    login: Login,
    pub(crate) jobs: VecDeque<Job>,
    listeners: Vec<Listener>,
    monitors: Monitors,
}

/// A command on its way to an answer.
struct Errand<'a> {
    request: &'a Request<'a>,
    answer: Answer,
    faults: CommandFaults,
}

impl Desk {
    pub(crate) fn new(shared: Arc<Shared>, number: u32, address: Vec<u8>, over_limit: bool) -> Self {
        let login = shared.world(|world| Login::new(world, over_limit));
        let monitors = Monitors::of(shared.clone());
        Self { shared, number, address, login, jobs: VecDeque::new(), listeners: Vec::new(), monitors }
    }

    pub(crate) fn listens(&self) -> bool {
        !self.listeners.is_empty()
    }

    /// Takes one request; the answer is in `jobs` afterwards.
    pub(crate) fn accept(&mut self, request: &Request<'_>) {
        Counting::add(&self.shared.counting.sentences, 1);
        let shared = self.shared.clone();
        let answer = shared.world(|world| Answer::to(request.tag(), world.device.switches.tag_place));
        let is_whole = request.queries().next().is_none();
        let errand = Errand { request, answer, faults: shared.faults.at_command(request.path(), is_whole) };
        match request.path() {
            b"/login" => self.log_in(errand),
            b"/quit" => self.say_fatal(errand, "session terminated on request"),
            _ if !self.login.is_in() => self.say_fatal(errand, NOT_LOGGED_IN),
            b"/cancel" => self.cancel(errand),
            path => match menu::find(path) {
                Found::Command(..) if errand.faults.missing_menu => self.fail(errand, NO_MENU),
                Found::Command(menu, verb) => shared.world(|world| self.command(errand, menu, verb, world)),
                Found::Outside(needed) => shared.world(|world| self.outside(errand, needed, world)),
                Found::Nothing(message) => self.fail(errand, message),
            },
        }
    }

    /// Answers a sentence whose first word is no command.
    pub(crate) fn wonder(&mut self) {
        let answer = Answer::to(None, TagPlace::First);
        let mut bytes = Vec::new();
        answer.failed(&mut bytes, None, "no such command");
        self.jobs.push_back(Job::ready(answer, CommandFaults::default(), bytes, false));
    }

    /// When the next sample of a monitor is due.
    pub(crate) fn sample_due(&self) -> Option<Instant> {
        self.monitors.due()
    }

    /// Appends what the monitors and the listeners have to tell.
    pub(crate) fn tell(&mut self, world: &World, out: &mut Vec<u8>) -> Vec<Sighting> {
        self.monitors.sample(world, out);
        self.listeners.iter_mut().flat_map(|listener| listener.tell(world, out)).collect()
    }

    fn log_in(&mut self, errand: Errand<'_>) {
        let peer = Peer { number: self.number, address: self.address.clone() };
        let fails = errand.faults.auth_failure;
        let shared = self.shared.clone();
        let outcome = shared.world(|world| self.login.step(world, errand.request, peer, fails));
        let mut bytes = Vec::new();
        let mut then_close = false;
        match outcome {
            Outcome::Challenge(challenge) => errand.answer.done_with(&mut bytes, challenge.as_bytes()),
            Outcome::Accepted => {
                Counting::add(&shared.counting.logins, 1);
                errand.answer.done(&mut bytes);
            }
            Outcome::Refused { message, close } => {
                Counting::add(&shared.counting.refused_logins, 1);
                errand.answer.failed(&mut bytes, None, message);
                then_close = close;
            }
        }
        self.jobs.push_back(Job::ready(errand.answer, errand.faults, bytes, then_close));
    }

    fn command(&mut self, errand: Errand<'_>, menu: &'static Menu, verb: Verb, world: &mut World) {
        if changes(verb) {
            self.shared.counting.change(errand.request);
        }
        if !self.may(&errand, menu::needed(menu, verb, &world.device.switches), world) {
            return self.fail(errand, NO_RIGHTS);
        }
        match verb {
            Verb::Print => self.print(errand, menu, world),
            Verb::Listen => self.listen(errand, menu, world),
            Verb::MonitorTraffic => self.monitor(errand, world),
            Verb::Add | Verb::Set | Verb::Remove | Verb::ResetCounters | Verb::Login => {
                let changed = menu::change(world, menu, verb, errand.request);
                self.end_change(errand, changed);
            }
        }
    }

    /// A command whose menu is not played.
    fn outside(&mut self, errand: Errand<'_>, needed: Policies, world: &mut World) {
        self.shared.counting.change(errand.request);
        if !self.may(&errand, needed, world) {
            self.fail(errand, NO_RIGHTS);
        } else if errand.request.path() == menu::REBOOT.as_bytes() {
            world.reboot();
        } else if errand.request.path() == menu::UPDATE.as_bytes() {
            world.update();
        } else {
            self.fail(errand, NO_MENU);
        }
    }

    /// Whether whoever is logged in has these rights.
    fn may(&self, errand: &Errand<'_>, needed: Policies, world: &World) -> bool {
        !errand.faults.no_rights && self.login.policies(world).allow(needed)
    }

    /// The rows and properties that a command asks for and whoever is logged in may see.
    fn selection(
        &self,
        errand: &Errand<'_>,
        menu: &'static Menu,
        world: &World,
    ) -> Result<Selection, Complaint> {
        let mut selection = Selection::of(menu, errand.request, &world.device.switches)?;
        if !self.login.policies(world).has(Policy::Sensitive) {
            selection.withhold(menu::SENSITIVE);
        }
        Ok(selection)
    }

    fn print(&mut self, mut errand: Errand<'_>, menu: &'static Menu, world: &mut World) {
        let path = errand.request.path();
        self.shared.counting.print(errand.request);
        match self.selection(&errand, menu, world) {
            Ok(selection) => {
                let count_only = errand.request.get(b"count-only").is_some();
                let hidden = std::mem::take(&mut errand.faults.hidden);
                let print = Print::new(selection, count_only, hidden, world.rng.random());
                self.jobs.push_back(Job::print(errand.answer, errand.faults, path, print));
            }
            Err((category, message)) => self.complain(errand, category, &message),
        }
    }

    fn listen(&mut self, errand: Errand<'_>, menu: &'static Menu, world: &World) {
        match self.selection(&errand, menu, world) {
            Ok(selection) => {
                let listener = Listener::new(world, errand.answer.clone(), selection);
                Counting::add(&self.shared.counting.listens, usize::from(listener.is_some()));
                self.listeners.extend(listener);
                if errand.faults.cut.is_some() {
                    self.jobs.push_back(Job::ready(errand.answer, errand.faults, Vec::new(), false));
                }
            }
            Err((category, message)) => self.complain(errand, category, &message),
        }
    }

    fn monitor(&mut self, errand: Errand<'_>, world: &World) {
        match Monitor::begin(world, errand.answer.clone(), errand.request) {
            Ok(monitor) => self.monitors.begin(monitor),
            Err((category, message)) => self.complain(errand, category, &message),
        }
    }

    fn end_change(&mut self, errand: Errand<'_>, changed: Result<Option<Vec<u8>>, Complaint>) {
        let mut bytes = Vec::new();
        match changed {
            Ok(Some(ret)) => errand.answer.done_with(&mut bytes, &ret),
            Ok(None) => errand.answer.done(&mut bytes),
            Err((category, message)) => return self.complain(errand, category, &message),
        }
        self.jobs.push_back(Job::ready(errand.answer, errand.faults, bytes, false));
    }

    /// Ends the commands with the given tag, or all of them (routeros.md §1.7).
    fn cancel(&mut self, errand: Errand<'_>) {
        let wanted = errand.request.get(b"tag");
        let hit = |answer: &Answer| wanted.is_none() || answer.tag() == wanted;
        let listeners = self.listeners.extract_if(.., |listener| hit(&listener.answer));
        let mut ended: Vec<Answer> = listeners.map(|listener| listener.answer).collect();
        ended.extend(self.monitors.end(hit));
        let (cancelled, kept): (VecDeque<Job>, VecDeque<Job>) =
            std::mem::take(&mut self.jobs).into_iter().partition(|job| hit(&job.answer));
        self.jobs = kept;
        ended.extend(cancelled.into_iter().map(|job| job.answer));
        let order = self.shared.world(|world| world.device.switches.cancel_order);
        let bytes = interrupted(&ended, &errand.answer, order);
        self.jobs.push_back(Job::ready(errand.answer, errand.faults, bytes, false));
    }

    fn fail(&mut self, errand: Errand<'_>, message: &str) {
        self.complain(errand, None, message);
    }

    fn complain(&mut self, errand: Errand<'_>, category: Option<u8>, message: &str) {
        let mut bytes = Vec::new();
        errand.answer.failed(&mut bytes, category, message);
        self.jobs.push_back(Job::ready(errand.answer, errand.faults, bytes, false));
    }

    fn say_fatal(&mut self, errand: Errand<'_>, text: &str) {
        let mut bytes = Vec::new();
        ReplyWriter::fatal_bare(&mut bytes, text);
        self.jobs.push_back(Job::ready(errand.answer, errand.faults, bytes, true));
    }
}

fn changes(verb: Verb) -> bool {
    match verb {
        Verb::Print | Verb::Listen | Verb::MonitorTraffic => false,
        Verb::Add | Verb::Set | Verb::Remove | Verb::ResetCounters | Verb::Login => true,
    }
}

fn interrupted(ended: &[Answer], cancel: &Answer, order: CancelOrder) -> Vec<u8> {
    let mut bytes = Vec::new();
    for answer in ended {
        answer.trap(&mut bytes, Some(2), "interrupted");
    }
    if order == CancelOrder::CancelFirst {
        cancel.done(&mut bytes);
    }
    for answer in ended {
        answer.done(&mut bytes);
    }
    if order == CancelOrder::CancelledFirst {
        cancel.done(&mut bytes);
    }
    bytes
}
