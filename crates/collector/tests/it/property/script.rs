//! What can happen to a router, its subscribers and to us, as data that proptest can shrink.

use proptest::prelude::*;
use routeros_sim::faults::Fault;
use routeros_sim::world::Service;

/// Logins that scripts use; the last ones have a static binding.
pub(super) const LOGINS: [&[u8]; 6] = [b"ana", b"Ana", b"bob", b"bob-1", b"mu\xF1oz, =x>", b"tie"];
/// The login with a static binding.
pub(super) const BOUND_LOGIN: usize = 5;

/// The login whose second session bears the name of `bob-1`'s first.
pub(super) const BOB: usize = 2;

/// Name of the one static binding.
pub(super) const BINDING: &[u8] = b"tie-in";

/// One thing that happens. Numbers that name a session or login are taken modulo what there is.
#[derive(Clone, Debug)]
pub(super) enum Act {
    Connect {
        login: usize,
        service: Service,
        up_kbps: u64,
        down_kbps: u64,
    },
    Disconnect(usize),
    DisconnectNewest,
    Reconnect(usize),
    ReconnectFaster(usize),
    ReconnectLeavingTwin(usize),
    Transfer {
        session: usize,
        up: u64,
        down: u64,
    },
    Reboot {
        silent_s: u64,
        redial: bool,
    },
    ResetCounters(usize),
    ResetAllCounters,
    /// The interface name that `bob`'s second session and `bob-1` would both have passes from one to the other.
    HandOver {
        up: u64,
        down: u64,
    },
    /// A device of the hotspot logs a user in.
    LogIn {
        user: usize,
        device: usize,
        up_kbps: u64,
        down_kbps: u64,
    },
    /// A device of the hotspot gets another address, and perhaps another MAC address.
    Roam {
        nth: usize,
        device: Option<usize>,
    },
    /// A device of the hotspot is out of sight.
    Leave(usize),
    /// All devices of that user are.
    LeaveOf(usize),
    /// What the hotspot adds up for a user is reset by hand.
    ResetUser(usize),
    /// A user of the hotspot is removed and made anew.
    RemakeUser(usize),
    /// Something happens to the device that the hotspot lets through at times.
    OfDevice(DeviceAct),
    /// Octets pass on the interface that faces the subscriber with a static address.
    TransferOnFacing {
        up: u64,
        down: u64,
    },
    /// What passes the queue of the subscriber who is counted by one, from now on.
    RatesThroughQueue {
        up_kbps: u64,
        down_kbps: u64,
    },
    RenameFacing,
    ResetFacing,
    /// That interface is removed and made anew under the name that was enrolled.
    RemakeFacing,
    Advance(u64),
}

/// What happens to a device that the hotspot lets through at times.
#[derive(Clone, Copy, Debug)]
pub(super) enum DeviceAct {
    LetThrough,
    HoldUp,
    Come {
        up_kbps: u64,
        down_kbps: u64,
    },
    /// It is held up and logs its user in.
    LogIn {
        up_kbps: u64,
        down_kbps: u64,
    },
    Transfer {
        up: u64,
        down: u64,
    },
    Go,
}

/// What an admin does to the queue that counts for somebody.
#[derive(Clone, Copy, Debug)]
pub(super) enum QueueAct {
    Rename,
    Set,
    Reset,
    /// It is removed and made anew under the name that was enrolled.
    Remake,
}

/// One of ours.
#[derive(Clone, Debug)]
pub(super) enum Step {
    World(Act),
    Queue(QueueAct),
    Poll,
    /// A poll while something happens just before the nth print of a table.
    PollDuring {
        table: usize,
        nth: u32,
        act: Act,
    },
    /// A poll that goes wrong in one table.
    PollBroken {
        table: usize,
        rows: u64,
        drop: bool,
    },
    /// Rows that prints of one table lack, for that many prints.
    Hide {
        table: usize,
        percent: u32,
        prints: u32,
    },
    /// The router's machine is paused for so many seconds.
    StandStill(u64),
    DropConnection,
    /// The router ends our connections; we notice when we use them next.
    LoseConnections,
    /// The control connection gives up its place, and takes it again with the next poll.
    StopListening,
    /// A poll that meets a router without a place for us, or that refuses our password.
    KeptOut(Fault),
    /// A subscriber is renewed, perhaps after a reading.
    Renew {
        whom: usize,
        fresh: bool,
    },
    RestartUs,
    RestartHost,
    SetWallClock {
        hours: i64,
    },
    DoubtfulCommit {
        written: bool,
    },
    FailedCommit,
    LateSnapshot,
}

/// Users of the hotspot; the first has the name of a PPP login.
pub(super) const USERS: [&[u8]; 3] = [b"ana", b"piso-7", b"caf\xE9"];

/// Subscribers who are renewed.
pub(super) const RENEWED: usize = 4;

/// Devices that come to the hotspot.
pub(super) const DEVICES: usize = 3;

/// The tables a round reads.
pub(super) const TABLES: [&str; 10] = [
    "/interface/print",
    "/ppp/active/print",
    "/interface/pppoe-server/print",
    "/interface/l2tp-server/print",
    "/ip/hotspot/active/print",
    "/ip/hotspot/host/print",
    "/queue/simple/print",
    "/interface/ovpn-server/print",
    "/ip/hotspot/user/print",
    "/system/resource/print",
];

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        4 => (0..LOGINS.len(), service(), 0..20_000u64, 0..20_000u64)
            .prop_map(|(login, service, up_kbps, down_kbps)| Act::Connect { login, service, up_kbps, down_kbps }),
        2 => (0..8usize).prop_map(Act::Disconnect),
        2 => (0..8usize).prop_map(Act::Reconnect),
        2 => (0..8usize).prop_map(Act::ReconnectFaster),
        1 => (0..8usize).prop_map(Act::ReconnectLeavingTwin),
        3 => (0..8usize, 0..100_000u64, 0..100_000u64)
            .prop_map(|(session, up, down)| Act::Transfer { session, up, down }),
        3 => (0..USERS.len(), 0..DEVICES, 0..20_000u64, 0..20_000u64)
            .prop_map(|(user, device, up_kbps, down_kbps)| Act::LogIn { user, device, up_kbps, down_kbps }),
        2 => (0..4usize, prop_oneof![3 => Just(None), 1 => (0..DEVICES).prop_map(Some)])
            .prop_map(|(nth, device)| Act::Roam { nth, device }),
        1 => (0..4usize).prop_map(Act::Leave),
        1 => prop_oneof![
            (0..USERS.len()).prop_map(Act::ResetUser),
            (0..USERS.len()).prop_map(Act::RemakeUser),
        ],
        1 => (0..400u64, any::<bool>()).prop_map(|(silent_s, redial)| Act::Reboot { silent_s, redial }),
        1 => (0..8usize).prop_map(Act::ResetCounters),
        1 => Just(Act::ResetAllCounters),
        3 => device_act().prop_map(Act::OfDevice),
        1 => (0..20_000u64, 0..20_000u64)
            .prop_map(|(up_kbps, down_kbps)| Act::RatesThroughQueue { up_kbps, down_kbps }),
        2 => (0..100_000u64, 0..100_000u64).prop_map(|(up, down)| Act::TransferOnFacing { up, down }),
        1 => prop_oneof![Just(Act::RenameFacing), Just(Act::ResetFacing), Just(Act::RemakeFacing)],
        4 => (1..90u64).prop_map(Act::Advance),
        1 => (90..2_000u64).prop_map(Act::Advance),
    ]
}

fn service() -> impl Strategy<Value = Service> {
    prop_oneof![4 => Just(Service::Pppoe), 4 => (0..Service::ALL.len()).prop_map(|nth| Service::ALL[nth])]
}

fn device_act() -> impl Strategy<Value = DeviceAct> {
    let rates = || (0..20_000u64, 0..20_000u64);
    prop_oneof![
        2 => Just(DeviceAct::LetThrough),
        1 => Just(DeviceAct::HoldUp),
        2 => rates().prop_map(|(up_kbps, down_kbps)| DeviceAct::Come { up_kbps, down_kbps }),
        2 => rates().prop_map(|(up_kbps, down_kbps)| DeviceAct::LogIn { up_kbps, down_kbps }),
        2 => (0..100_000u64, 0..100_000u64).prop_map(|(up, down)| DeviceAct::Transfer { up, down }),
        1 => Just(DeviceAct::Go),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => act().prop_map(Step::World),
        1 => prop_oneof![
            Just(QueueAct::Rename),
            Just(QueueAct::Set),
            Just(QueueAct::Reset),
            Just(QueueAct::Remake),
        ].prop_map(Step::Queue),
        10 => Just(Step::Poll),
        4 => (0..TABLES.len(), 1..3u32, act())
            .prop_map(|(table, nth, act)| Step::PollDuring { table, nth, act }),
        2 => (0..TABLES.len(), 0..4u64, any::<bool>())
            .prop_map(|(table, rows, drop)| Step::PollBroken { table, rows, drop }),
        2 => (0..TABLES.len() - 1, 20..100u32, 1..4u32)
            .prop_map(|(table, percent, prints)| Step::Hide { table, percent, prints }),
        1 => prop_oneof![5..90u64, 90..5_000u64].prop_map(Step::StandStill),
        1 => Just(Step::DropConnection),
        1 => Just(Step::LoseConnections),
        1 => Just(Step::StopListening),
        1 => prop_oneof![Just(Fault::MaxSessions), Just(Fault::AuthFailure)].prop_map(Step::KeptOut),
        2 => (0..RENEWED, any::<bool>()).prop_map(|(whom, fresh)| Step::Renew { whom, fresh }),
        1 => Just(Step::RestartUs),
        1 => Just(Step::RestartHost),
        1 => prop_oneof![Just(-1i64), Just(1i64)].prop_map(|hours| Step::SetWallClock { hours }),
        1 => any::<bool>().prop_map(|written| Step::DoubtfulCommit { written }),
        1 => Just(Step::FailedCommit),
        1 => Just(Step::LateSnapshot),
    ]
}

/// A name changes hands between the two prints of a round, while its first holder is new (rule 6) and idle: octets
/// given to the wrong one of the two are more than it had.
fn hand_over() -> impl Strategy<Value = Vec<Step>> {
    let bob = || Step::World(Act::Connect { login: BOB, service: Service::Pppoe, up_kbps: 0, down_kbps: 0 });
    (0..2usize, 1..3u32, 1_000..100_000u64, 1_000..100_000u64).prop_map(move |(table, nth, up, down)| {
        let act = Act::HandOver { up, down };
        vec![bob(), bob(), Step::World(Act::Advance(20)), Step::PollDuring { table, nth, act }, Step::Poll]
    })
}

/// A session begins, and ends while nobody listens any more.
fn unheard_end() -> impl Strategy<Value = Vec<Step>> {
    let lost = prop_oneof![Just(Step::StopListening), Just(Step::LoseConnections)];
    let act = |act| Step::World(act);
    (0..LOGINS.len(), service(), lost, 1..60u64).prop_map(move |(login, service, lost, seconds)| {
        let connect = Act::Connect { login, service, up_kbps: 10_000, down_kbps: 20_000 };
        vec![
            Step::Poll,
            act(connect),
            lost,
            act(Act::Advance(seconds)),
            act(Act::DisconnectNewest),
            Step::Poll,
        ]
    })
}

/// A user of the hotspot comes, is read a few times and leaves, as users do whose sums tell the end; what else happens in
/// between may make it another's.
fn visit() -> impl Strategy<Value = Vec<Step>> {
    let between = proptest::collection::vec(proptest::option::weighted(0.08, step()), 24);
    (1..USERS.len(), 100..8_000u64, 3..5usize, between).prop_map(|(user, kbps, rounds, between)| {
        let act = |act| Step::World(act);
        let mut steps = vec![Step::Poll, act(Act::Advance(11))];
        steps.push(act(Act::LogIn { user, device: user, up_kbps: kbps, down_kbps: kbps }));
        for _ in 0..rounds {
            steps.extend([act(Act::Advance(31)), Step::Poll]);
        }
        steps.extend([act(Act::Advance(7)), act(Act::LeaveOf(user))]);
        for _ in 0..3 {
            steps.extend([act(Act::Advance(31)), Step::Poll]);
        }
        let mut between = between.into_iter();
        steps.into_iter().flat_map(|step| [Some(step), between.next().flatten()]).flatten().collect()
    })
}

/// A whole script.
pub(super) fn script() -> impl Strategy<Value = Vec<Step>> {
    let steps = prop_oneof![60 => step().prop_map(|step| vec![step]), 1 => hand_over(), 1 => unheard_end(), 3 => visit()];
    proptest::collection::vec(steps, 1..40).prop_map(|steps| steps.concat())
}
