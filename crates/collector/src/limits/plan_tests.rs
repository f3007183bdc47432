//! Thousands of random wishes against random routers: what is not ours stays byte for byte, a second run has nothing to do, and
//! what stands then is what is wanted.

use accounting::snapshot::Service;
use accounting::time::Micros;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use store::{LimitSubject, LimitUntil, NasId, RateLimit, WantedLimit};

use super::aim::{Wish, wishes};
use super::look::Seen;
use super::matching::no_effect;
use super::places::Places;
use super::plan::{is_as_wanted, plan};
use super::present::Present;
use super::queue_index::QueueIndex;
use crate::routeros::queue_target::QueueTarget;
use crate::routeros::simple_queue::SimpleQueue;
use operations::{MarkOn, Marks, Whose};

/// Operations on one router, and routers: 10,000 operations in all.
const OPERATIONS: usize = 50;
const ROUTERS: u32 = 200;

/// A router that does what it is told, to the letter; it names queues by ids that it never gives again.
struct Router {
    queues: Vec<SimpleQueue>,
    last: u64,
}

impl Router {
    /// Does one command as it is shown: its words come in the order in which they are sent.
    fn obey(&mut self, command: &str) {
        let value = |name: &str| {
            let begin = command.find(&format!(" ={name}="))? + name.len() + 3;
            let rest = &command[begin..];
            Some(rest[..rest.find(" =").unwrap_or(rest.len())].to_owned())
        };
        assert!(command.starts_with("/queue/simple/"), "nothing else is touched: {command}");
        let id = value(".id").map(String::into_bytes);
        let place = id.as_ref().map(|id| self.queues.iter().position(|queue| queue.id == *id).unwrap());
        if command.starts_with("/queue/simple/remove") {
            self.queues.remove(place.unwrap());
            return;
        }
        let rates = value("max-limit").unwrap();
        let (up, down) = rates.split_once('/').unwrap();
        let mut queue = match place {
            Some(place) => self.queues.remove(place),
            None => self.new_queue(value("name").unwrap().as_bytes()),
        };
        queue.targets = QueueTarget::read_list(value("target").unwrap().as_bytes());
        queue.max_limit = Some((up.parse().unwrap(), down.parse().unwrap()));
        queue.is_off = false;
        queue.mark(value("comment").unwrap().as_bytes());
        let before = value("place-before").map(|before| self.place_of(before.as_bytes()));
        self.queues.insert(place.or(before).unwrap_or(self.queues.len()), queue);
    }

    fn place_of(&self, id: &[u8]) -> usize {
        self.queues.iter().position(|queue| queue.id == id).unwrap()
    }

    fn new_queue(&mut self, name: &[u8]) -> SimpleQueue {
        assert!(!self.queues.iter().any(|queue| queue.name == name), "a name is taken twice");
        self.last += 1;
        SimpleQueue {
            id: format!("*{:X}", self.last).into_bytes(),
            name: name.to_vec(),
            targets: Vec::new(),
            max_limit: None,
            dynamic: false,
            is_off: false,
            is_conditional: false,
            whose: Whose::Foreign,
            comment: Vec::new(),
            octets: None,
        }
    }

    fn foreign(&self) -> Vec<SimpleQueue> {
        self.queues.iter().filter(|queue| !queue.is_ours()).cloned().collect()
    }
}

impl SimpleQueue {
    fn mark(&mut self, comment: &[u8]) {
        (self.whose, self.comment) = (mark().whose(MarkOn::Limit, comment), comment.to_vec());
    }
}

fn mark() -> Marks {
    Marks::of("0123456789abcdef")
}

/// One of what may happen: somebody comes, goes or changes place, a limit is wanted or not, a foreign hand is at work.
#[derive(Clone, Debug)]
enum Operation {
    Device { who: u8, address: Option<u8> },
    Line { who: u8, interfaces: u8 },
    Want { who: u8, rate: Option<(u32, u32)> },
    Foreign { name: u8, target: u8, dynamic: bool, ours_too: bool, other: u8 },
    Meddle { which: u8 },
}

fn operation() -> impl Strategy<Value = Operation> {
    let rate = (0..3_u32, 0..3_u32).prop_map(|(up, down)| (up * 512_000, down * 1_000_000));
    prop_oneof![
        2 => (0..6_u8, prop::option::weighted(0.8, 2..9_u8)).prop_map(|(who, address)| Operation::Device { who, address }),
        2 => (0..6_u8, 0..3_u8).prop_map(|(who, interfaces)| Operation::Line { who, interfaces }),
        4 => (0..13_u8, prop::option::weighted(0.8, rate)).prop_map(|(who, rate)| Operation::Want { who, rate }),
        1 => (0..8_u8, 0..12_u8, any::<bool>(), any::<bool>(), 0..4_u8).prop_map(
            |(name, target, dynamic, ours_too, other)| Operation::Foreign { name, target, dynamic, ours_too, other }
        ),
        1 => (0..30_u8).prop_map(|which| Operation::Meddle { which }),
    ]
}

struct House {
    router: Router,
    devices: [Option<u8>; 6],
    lines: [u8; 6],
    wanted: Vec<WantedLimit>,
}

fn subject(who: u8) -> LimitSubject {
    match who {
        0..6 => LimitSubject::Device(format!("AA:BB:CC:DD:EE:{who:02X}").into_bytes()),
        6..12 => LimitSubject::Ppp(format!("line-{}", who - 6).into_bytes()),
        _ => LimitSubject::Address(b"10.0.0.0/30".to_vec()),
    }
}

/// What is known of a router that takes queues before its own, or does not.
fn known(places: bool) -> Places {
    let mut known = Places::default();
    if !places {
        known.none_are_known();
    }
    known
}

impl House {
    fn seen(&self) -> Seen {
        Seen { present: self.present(), mark: mark(), ..Seen::default() }
    }

    fn present(&self) -> Present {
        let mut present = Present::default();
        for (who, address) in (0..).zip(self.devices) {
            if let (Some(address), LimitSubject::Device(mac)) = (address, subject(who)) {
                present.device(&mac, format!("10.0.0.{address}").as_bytes());
            }
        }
        for (who, interfaces) in (0..).zip(self.lines) {
            for number in 0..interfaces {
                let login = format!("line-{who}").into_bytes();
                present.session(&login, Service::Pppoe, format!("10.1.{number}.{who}").as_bytes());
                // One has a comma in its name, and cannot be in a list.
                let name = format!("<pppoe-line-{who}{}{number}>", if who == 3 { "," } else { "-" });
                present.interface(&login, name.as_bytes());
            }
        }
        present
    }

    fn happens(&mut self, operation: &Operation) {
        match operation {
            Operation::Device { who, address } => self.devices[usize::from(*who)] = *address,
            Operation::Line { who, interfaces } => self.lines[usize::from(*who)] = *interfaces,
            Operation::Want { who, rate } => {
                let subject = subject(*who);
                self.wanted.retain(|limit| limit.subject != subject);
                self.wanted.extend(rate.map(|(up, down)| {
                    let bps = |rate: u32| (rate > 0).then_some(u64::from(rate));
                    let rate = RateLimit { up_bps: bps(up), down_bps: bps(down) };
                    let (until, set_by) = (LimitUntil::Removed, "eva".to_owned());
                    WantedLimit { nas: NasId(1), subject, rate, until, set_by, set_at: Micros(0) }
                }));
            }
            Operation::Foreign { name, target, dynamic, ours_too, other } => {
                self.foreign(*name, *target, *dynamic, *ours_too, *other);
            }
            Operation::Meddle { which } => self.meddle(usize::from(*which)),
        }
    }

    /// Somebody else, or the router itself, adds a queue in front; sometimes by a name that we would give.
    fn foreign(&mut self, name: u8, target: u8, dynamic: bool, ours_too: bool, other: u8) {
        let name = match ours_too && !dynamic {
            true => format!("pisonet-AA:BB:CC:DD:EE:{name:02X}"),
            false => format!("foreign-{name}"),
        };
        if self.router.queues.iter().any(|queue| queue.name == name.as_bytes()) {
            return;
        }
        let target = match target {
            0..8 => format!("10.0.0.{}/32", target + 2),
            8 => "10.0.0.0/24".to_owned(),
            9 => "<pppoe-line-0-0>".to_owned(),
            10 => "bridge".to_owned(),
            _ => "10.1.0.1/32".to_owned(),
        };
        let mut queue = self.router.new_queue(name.as_bytes());
        // Of another installation, or of one of before that is not called as ours.
        queue.mark(
            [&b"of somebody else"[..], b"tikmeter limit 89abcdef", b"tikmeter limit", b""]
                [usize::from(other)],
        );
        let is_conditional = other == 3;
        let targets = QueueTarget::read_list(target.as_bytes());
        self.router.queues.insert(0, SimpleQueue { targets, dynamic, is_conditional, ..queue });
    }

    /// Somebody changes one of ours, or takes the mark away, or removes one.
    fn meddle(&mut self, which: usize) {
        let Some(queue) = self.router.queues.get_mut(which).filter(|queue| !queue.dynamic) else { return };
        match which % 6 {
            0 => queue.is_off = true,
            1 => queue.max_limit = Some((1, 1)),
            2 => queue.mark(b""),
            3 => queue.mark(b"tikmeter limit"),
            4 => queue.mark(b"tikmeter limit 89abcdef"),
            _ => _ = self.router.queues.remove(which),
        }
    }

    /// Passes until nothing is left to do, as the keeper makes them; how many commands that were.
    fn keep(&mut self, places: bool) -> usize {
        let (mut sent, seen) = (0, self.seen());
        for _ in 0..4 {
            let plan = plan(&wishes(&self.wanted, &seen), &self.router.queues, &known(places));
            if plan.steps.is_empty() {
                return sent;
            }
            sent += plan.steps.len();
            plan.steps.iter().for_each(|step| self.router.obey(&step.command.shown()));
        }
        panic!("it never comes to rest");
    }

    fn assert_kept(&self, places: bool) {
        let wishes = wishes(&self.wanted, &self.seen());
        let aims: Vec<_> = wishes
            .iter()
            .filter_map(|(_, wish)| match wish {
                Wish::Stands(aim) => Some(aim),
                Wish::Away | Wish::Free | Wish::Over => None,
            })
            .collect();
        for aim in &aims {
            let queue = self.router.queues.iter().find(|queue| queue.name == aim.queue.name).unwrap();
            assert!(!queue.is_ours() || is_as_wanted(aim, queue), "{queue:?} {aim:?}");
            let behind = no_effect(aim, &QueueIndex::new(&self.router.queues));
            let of_router = matches!(behind, Some(operations::NoEffect::Behind { dynamic: true, .. }));
            assert!(!places || !of_router || !queue.is_ours(), "{behind:?}");
        }
        let ours = self.router.queues.iter().filter(|queue| queue.is_ours());
        for queue in ours {
            assert!(aims.iter().any(|aim| aim.queue.name == queue.name), "nobody wants {queue:?}");
            assert_eq!(queue.comment, mark().comment(MarkOn::Limit).as_bytes());
        }
    }
}

#[test]
fn what_is_not_ours_stays_and_what_is_wanted_stands_after_ten_thousand_operations() {
    let config = Config { cases: ROUTERS, failure_persistence: None, ..Config::default() };
    let scripts = (prop::collection::vec(operation(), OPERATIONS), any::<bool>());
    let commands = std::cell::Cell::new(0);
    TestRunner::new(config)
        .run(&scripts, |(operations, places)| {
            let router = Router { queues: Vec::new(), last: 0 };
            let mut house = House { router, devices: [None; 6], lines: [0; 6], wanted: Vec::new() };
            for operation in &operations {
                house.happens(operation);
                let foreign = house.router.foreign();
                commands.set(commands.get() + house.keep(places));
                prop_assert_eq!(house.router.foreign(), foreign);
                prop_assert_eq!(house.keep(places), 0, "a second run changes nothing");
                house.assert_kept(places);
            }
            Ok(())
        })
        .unwrap();
    assert!(commands.get() > 2_000, "{commands:?} commands were sent, so nothing was tried");
}
