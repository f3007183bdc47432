//! What a router is asked about those whom vouchers let in: users first, logins and cookies last, so that what is taken away is taken
//! away by ids as young as can be (routeros.md §8, trap 9).

use std::collections::HashMap;
use std::sync::Arc;

use operations::{AdmitDevice, HostSought, Marks, VoucherLeaving, VoucherLogin, VoucherUser};
use routeros_proto::{Command, Event, Reply, Tag, Tagged};
use tokio::time::Instant;

use super::plan::{goes, unseen};
use super::present::Present;
use crate::link::LinkError;
use crate::prints::{Heard, LoginsElsewhere, Printed, Prints};
use crate::routeros::{hotspot, hotspot_host, hotspot_user, resource};

/// More users than that are not named in one question.
const NAMED: usize = 50;

/// What a pass is about.
#[derive(Clone, Debug)]
pub(super) enum Task {
    /// Those who are to be in, and those who have to be off.
    Keep(Arc<[VoucherLogin]>, Arc<[VoucherLeaving]>),
    /// One device that is to be let in now.
    Admit(AdmitDevice),
    /// Devices in sight; nothing is changed.
    Hosts(HostSought),
    /// What the logins of these moved; nothing is changed.
    Moved(Vec<VoucherUser>),
}

/// Names of users with the MACs of their devices, and the names of those that are looked at; `None`: all are.
type Users<'t> = (HashMap<&'t [u8], &'t [u8]>, Option<Vec<&'t [u8]>>);

impl Task {
    /// Whose logins are to be written down; `None`: nobody's. `user`: only that one is looked at.
    pub(super) fn users<'t>(&'t self, user: Option<&'t [u8]>) -> Option<Users<'t>> {
        Some(match self {
            Task::Hosts(_) => return None,
            Task::Admit(AdmitDevice { who, .. }) => {
                (HashMap::from([(&*who.login, &*who.mac)]), Some(vec![&*who.login]))
            }
            Task::Keep(wanted, leaving) => {
                let wanted = wanted.iter().map(|who| (&*who.login, &*who.mac));
                let leaving = leaving.iter().map(|gone| (&*gone.login, &*gone.mac));
                (wanted.chain(leaving).collect(), user.map(|user| vec![user]))
            }
            Task::Moved(users) => {
                let known = users.iter().map(|user| (&*user.login, &*user.mac));
                (known.collect(), Some(users.iter().map(|user| &*user.login).collect()))
            }
        })
    }
}

/// A table that is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Print {
    /// The router's own time, by which it is told when a login began.
    Uptime,
    Profile,
    Users,
    /// Those of our names that are not ours, or not any more.
    Namesakes,
    Hosts,
    Logins,
    Cookies,
}

/// A look in flight.
#[derive(Debug)]
pub(super) struct Look {
    prints: Prints<Print>,
    is_last: bool,
    present: Present,
}

/// How a look goes on.
pub(super) enum Outcome {
    Runs(Look),
    Seen(Present),
    Failed(LinkError),
}

impl Look {
    pub(super) fn begin(
        task: &Task,
        marks: Marks,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Look {
        let uptime = (Print::Uptime, resource::print_uptime());
        let profile = (Print::Profile, hotspot_user::print_profile());
        let (prints, is_last) = match task {
            Task::Keep(..) => {
                (vec![uptime, profile, (Print::Users, hotspot_user::print_ours(&marks))], false)
            }
            Task::Admit(AdmitDevice { who, .. }) => {
                let sought = HostSought { mac: Some(who.mac.clone()), address: None };
                let users = (Print::Users, hotspot_user::print_named(&[&*who.login]));
                (vec![uptime, profile, users, (Print::Hosts, hotspot_host::print(&sought))], false)
            }
            Task::Hosts(sought) => (vec![(Print::Hosts, hotspot_host::print(sought))], true),
            Task::Moved(users) => (prints_of_moved(users, &marks), true),
        };
        Look::send(prints, is_last, Present::of(marks), (now, replies, out))
    }

    /// Looks only at what there is of one user.
    pub(super) fn narrow(
        user: &[u8],
        marks: Marks,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Look {
        let prints = vec![
            (Print::Uptime, resource::print_uptime()),
            (Print::Users, hotspot_user::print_named(&[user])),
            (Print::Cookies, hotspot_user::print_cookies(Some(&[user]))),
            (Print::Logins, hotspot::print_logins_of(&[user])),
        ];
        Look::send(prints, true, Present::of(marks), (now, replies, out))
    }

    fn send(
        prints: Vec<(Print, Command)>,
        is_last: bool,
        present: Present,
        (now, replies, out): (Instant, &mut Tagged, &mut Vec<Command>),
    ) -> Look {
        let present = Present { at: Some(now), ..present };
        Look { prints: Prints::send(prints, None, now, replies, out), is_last, present }
    }

    /// Whether it prints the logins of all, or will: `self` is no look at one user.
    pub(super) fn logins(&self) -> LoginsElsewhere {
        let asked = self.prints.unanswered(Print::Logins);
        LoginsElsewhere { asked, is_coming: !self.is_last }
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
        match self.prints.accept(tag, event, |_| false) {
            Heard::Row(print, row) => self.take(print, row),
            Heard::Over => return true,
            Heard::Other => {}
        }
        false
    }

    /// Goes on after the last answer of those in flight.
    pub(super) fn go_on(
        mut self,
        task: &Task,
        now: Instant,
        replies: &mut Tagged,
        out: &mut Vec<Command>,
    ) -> Outcome {
        if let Some(error) = self.prints.failed() {
            return Outcome::Failed(error);
        }
        let prints = if self.is_last { Vec::new() } else { last_prints(task, &self.present) };
        if prints.is_empty() {
            return Outcome::Seen(self.present);
        }
        Outcome::Runs(Look::send(prints, true, self.present, (now, replies, out)))
    }

    fn take(&mut self, print: Print, row: &Reply<'_>) {
        match print {
            Print::Uptime => {
                let uptime_s = resource::resource(row).uptime_s;
                self.present.uptime = uptime_s.zip(self.present.at).or(self.present.uptime);
            }
            Print::Profile => {
                self.present.profile = hotspot_user::profile(row).or(self.present.profile.take())
            }
            Print::Users => self.present.users.extend(hotspot_user::user(row, &self.present.marks)),
            Print::Namesakes => {
                let user = hotspot_user::user(row, &self.present.marks);
                self.present.users.extend(user.filter(|user| !user.is_ours()));
            }
            Print::Hosts => self.present.hosts.extend(hotspot_host::host(row)),
            Print::Logins => self.present.logins.extend(hotspot_user::login(row)),
            Print::Cookies => self.present.cookies.extend(hotspot_user::cookie(row)),
        }
    }
}

impl Printed for Print {
    fn path(self) -> &'static str {
        match self {
            Print::Uptime => "/system/resource/print",
            Print::Profile => "/ip/hotspot/user/profile/print",
            Print::Users | Print::Namesakes => "/ip/hotspot/user/print",
            Print::Hosts => "/ip/hotspot/host/print",
            Print::Logins => "/ip/hotspot/active/print",
            Print::Cookies => "/ip/hotspot/cookie/print",
        }
    }
}

fn last_prints(task: &Task, present: &Present) -> Vec<(Print, Command)> {
    match task {
        Task::Hosts(_) | Task::Moved(_) => Vec::new(),
        Task::Admit(AdmitDevice { who, .. }) => vec![
            (Print::Cookies, hotspot_user::print_cookies(Some(&[&*who.login]))),
            (Print::Logins, hotspot::print_logins_of(&[&*who.login])),
        ],
        Task::Keep(wanted, leaving) => {
            if wanted.is_empty() && leaving.is_empty() && present.ours().next().is_none() {
                return Vec::new();
            }
            let goes = goes(wanted, leaving, present);
            let cookies =
                (!goes.is_empty()).then(|| (Print::Cookies, hotspot_user::print_cookies(few(&goes))));
            let unseen = unseen(wanted, leaving, present);
            let named = || few(&unseen).map_or_else(hotspot_user::print_all, hotspot_user::print_named);
            let namesakes = (!unseen.is_empty()).then(|| (Print::Namesakes, named()));
            let logins = (Print::Logins, hotspot::print_logins());
            cookies.into_iter().chain(namesakes).chain([logins]).collect()
        }
    }
}

fn prints_of_moved(users: &[VoucherUser], marks: &Marks) -> Vec<(Print, Command)> {
    let names: Vec<&[u8]> = users.iter().map(|user| &*user.login).collect();
    let few = few(&names);
    let rows = few.map_or_else(|| hotspot_user::print_ours(marks), hotspot_user::print_named);
    let logins = few.map_or_else(hotspot::print_logins, hotspot::print_logins_of);
    vec![(Print::Uptime, resource::print_uptime()), (Print::Users, rows), (Print::Logins, logins)]
}

/// Names that can be told in one question.
fn few<'n>(names: &'n [&'n [u8]]) -> Option<&'n [&'n [u8]]> {
    (names.len() <= NAMED).then_some(names)
}
