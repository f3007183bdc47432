//! What a router shows of those who are limited and of its queues: who is connected first, the queues last, so that what is done
//! about them is done on rows as young as can be (routeros.md §8, trap 9).

use accounting::snapshot::Service;
use accounting::time::UptimeSpan;
use routeros_proto::{Command, Event, Reply, Tag, Tagged};
use store::{LimitSubject, WantedLimit};
use tokio::time::Instant;

use super::bonds::{Bonds, Shown};
use super::logins::Logins;
use super::present::Present;
use crate::link::LinkError;
use crate::prints::{Heard, Printed, Prints};
use crate::routeros::resource::{self, whole_seconds};
use crate::routeros::servers::{SERVER_MENUS, ServerMenu, ServerTable};
use crate::routeros::sessions::{self, SessionTable};
use crate::routeros::simple_queue::{self, SimpleQueue};
use crate::routeros::{facing_name, fasttrack, hotspot};
use operations::Marks;

/// A table that is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Print {
    Uptime,
    Hotspot,
    Sessions,
    Interfaces,
    Servers(ServerMenu),
    Queues,
    FastTrack,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) present: Present,
    /// In the order in which packets meet them.
    pub(super) queues: Vec<SimpleQueue>,
    pub(super) fasttracks: bool,
    /// Of this installation.
    pub(super) mark: Marks,
    /// Which limits end with which sessions.
    pub(super) bonds: Bonds,
}

impl Seen {
    /// Before the router was looked at.
    pub(super) fn nothing(mark: Marks, logins: Logins, bonds: Bonds) -> Seen {
        Seen { mark, present: Present::looked_at_by(logins), bonds, ..Seen::default() }
    }

    /// Before it is looked at once more.
    pub(super) fn anew(self) -> Seen {
        let logins = Logins::new(self.present.logins.is_looked_at());
        Seen::nothing(self.mark, logins, self.bonds)
    }
}

/// What is printed, and what another look prints.
type Asking = (Vec<(Print, Command)>, Option<(Tag, Print)>);

/// A look in flight.
#[derive(Debug)]
pub(super) struct Look {
    prints: Prints<Print>,
    /// Those who are connected are known; the queues are printed.
    is_last: bool,
    seen: Seen,
    servers: ServerTable,
    began: Instant,
    /// Of the router, whole seconds.
    uptime_s: Option<u64>,
}

/// How a look goes on.
pub(super) enum Outcome {
    Runs(Box<Look>),
    Seen(Seen),
    Failed(LinkError),
}

impl Look {
    /// Looks for those for whom something is wanted, and at all queues; where somebody looks, at what users of the hotspot move too.
    /// `logins`: the hotspot's are printed already by that command, of which nothing came yet.
    pub(super) fn begin(
        wanted: &[WantedLimit],
        mut seen: Seen,
        (now, logins): (Instant, Option<Tag>),
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Look {
        seen.bonds.begin();
        let mut prints = prints_of_present(wanted, &seen);
        let is_last = prints.is_empty();
        let needs_logins = prints.iter().any(|(print, _)| *print == Print::Hotspot);
        let along = logins.filter(|_| needs_logins).map(|tag| (tag, Print::Hotspot));
        prints.retain(|(print, _)| along.is_none() || *print != Print::Hotspot);
        let prints = if is_last { prints_of_queues() } else { prints };
        Look::send((prints, along), is_last, seen, (now, replies, out))
    }

    /// Looks at the queues once more, with those connected who were.
    pub(super) fn at_queues(
        Seen { present, mark, bonds, .. }: Seen,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Look {
        let seen = Seen { present, mark, bonds, ..Seen::default() };
        Look::send((prints_of_queues(), None), true, seen, (now, replies, out))
    }

    fn send(
        (prints, along): Asking,
        is_last: bool,
        seen: Seen,
        (now, replies, out): (Instant, &mut Tagged, &mut Vec<Command>),
    ) -> Look {
        let prints = Prints::send(prints, along, now, replies, out);
        let servers = ServerTable::default();
        Look { prints, is_last, seen, servers, began: now, uptime_s: None }
    }

    /// Whether a reply is to one of its prints.
    pub(super) fn is_asked(&self, tag: Tag) -> bool {
        self.prints.is_asked(tag)
    }

    /// When it is given up.
    pub(super) fn overdue_at(&self) -> Instant {
        self.prints.overdue_at()
    }

    /// Gives it up.
    pub(super) fn cancel(self, replies: &mut Tagged, out: &mut Vec<Command>) {
        self.prints.cancel(replies, out);
    }

    /// Takes a reply to one of its prints; `true` when that was the last of those that are in flight.
    pub(super) fn accept(&mut self, tag: Tag, event: &Event<'_>) -> bool {
        // A router without a package has nobody connected by it.
        let has_nobody = |error: &LinkError| matches!(error, LinkError::MissingMenu(_)) && !self.is_last;
        match self.prints.accept(tag, event, has_nobody) {
            Heard::Row(print, row) => self.take(print, row),
            Heard::Over => return true,
            Heard::Other => {}
        }
        false
    }

    /// Goes on after the last answer of those in flight.
    pub(super) fn go_on(mut self, now: Instant, replies: &mut Tagged, out: &mut Vec<Command>) -> Outcome {
        if let Some(error) = self.prints.failed() {
            return Outcome::Failed(error);
        }
        for row in self.servers.rows().filter(|row| row.running) {
            self.seen.present.interface(row.user, row.name);
        }
        if self.is_last {
            return Outcome::Seen(self.seen);
        }
        self.seen.present.logins.read_by(now);
        self.seen.bonds.judge(&(self.began..now), self.uptime(now));
        let mut prints = prints_of_queues();
        let services: Vec<Service> = self.seen.present.services().collect();
        let menus = SERVER_MENUS.into_iter().filter(|menu| services.contains(&menu.service));
        let menus: Vec<_> = menus.map(|menu| (Print::Servers(menu), menu.print_all())).collect();
        // Interfaces are shown with the queues: what belongs together is of one moment.
        prints.splice(0..0, menus);
        Outcome::Runs(Box::new(Look::send((prints, None), true, self.seen, (now, replies, out))))
    }

    /// What the router's uptime was while its tables were read: some second between its begin and now.
    fn uptime(&self, now: Instant) -> Option<UptimeSpan> {
        let took_s = now.saturating_duration_since(self.began).as_secs() + 1;
        self.uptime_s.map(|uptime_s| UptimeSpan {
            before: uptime_s.saturating_sub(took_s),
            after: uptime_s.saturating_add(took_s),
        })
    }

    fn take(&mut self, print: Print, row: &Reply<'_>) {
        let text = |name: &[u8]| row.get(name).unwrap_or_default();
        match print {
            Print::Uptime => self.uptime_s = resource::resource(row).uptime_s,
            Print::Hotspot => {
                let (mac, address) = (text(b"mac-address").to_ascii_uppercase(), text(b"address"));
                self.seen.present.device(&mac, address);
                self.seen.present.logins.push(row);
                let shown = Shown { session_id: None, age_s: row.get(b"uptime").and_then(whole_seconds) };
                self.show(|| LimitSubject::Device(mac), shown);
            }
            Print::Sessions => {
                let mut table = SessionTable::default();
                table.push(row);
                for session in table.rows() {
                    let service = session.service.unwrap_or(Service::OtherPpp);
                    self.seen.present.session(session.login, service, session.address);
                    let shown = Shown { session_id: session.session_id, age_s: session.uptime_s };
                    self.show(|| LimitSubject::Ppp(session.login.to_vec()), shown);
                }
            }
            Print::Interfaces => self.seen.present.faces(text(b"name")),
            Print::Servers(menu) => self.servers.push(menu, row),
            Print::Queues => self.seen.queues.extend(simple_queue::queue(row, &self.seen.mark)),
            Print::FastTrack => self.seen.fasttracks |= fasttrack::is_on(row),
        }
    }

    fn show(&mut self, subject: impl FnOnce() -> LimitSubject, shown: Shown) {
        if !self.seen.bonds.is_empty() {
            self.seen.bonds.show(&subject(), shown);
        }
    }
}

impl Printed for Print {
    fn path(self) -> &'static str {
        match self {
            Print::Uptime => "/system/resource/print",
            Print::Hotspot => "/ip/hotspot/active/print",
            Print::Sessions => "/ppp/active/print",
            Print::Interfaces => "/interface/print",
            Print::Servers(menu) => menu.path(),
            Print::Queues => "/queue/simple/print",
            Print::FastTrack => "/ip/firewall/filter/print",
        }
    }
}

fn prints_of_present(wanted: &[WantedLimit], seen: &Seen) -> Vec<(Print, Command)> {
    let has = |of: fn(&LimitSubject) -> bool| wanted.iter().any(|limit| of(&limit.subject));
    let devices =
        seen.present.logins.is_looked_at() || has(|subject| matches!(subject, LimitSubject::Device(_)));
    let sessions = has(|subject| matches!(subject, LimitSubject::Ppp(_)));
    let facing: Vec<&[u8]> = wanted.iter().filter_map(faced).collect();
    let devices = devices.then(|| (Print::Hotspot, hotspot::print_logins()));
    let sessions = sessions.then(|| (Print::Sessions, sessions::print_all()));
    let facing = (!facing.is_empty()).then(|| (Print::Interfaces, facing_name::print(&facing)));
    let uptime = seen.bonds.needs_uptime().then(|| (Print::Uptime, resource::print_uptime()));
    uptime.into_iter().chain(devices).chain(sessions).chain(facing).collect()
}

fn faced(limit: &WantedLimit) -> Option<&[u8]> {
    match &limit.subject {
        LimitSubject::Interface(name) => Some(name),
        LimitSubject::Device(_) | LimitSubject::Ppp(_) | LimitSubject::Address(_) => None,
    }
}

fn prints_of_queues() -> Vec<(Print, Command)> {
    vec![(Print::Queues, simple_queue::print()), (Print::FastTrack, fasttrack::print())]
}
