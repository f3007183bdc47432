//! Random scripts: what happens on a router and to us, and what a round leaves out.

use proptest::prelude::*;

use crate::router::BindingCounters;
use crate::scene::Moment;

/// How busy the lines are: a share of the link in per cent, and which lines share in it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Load {
    pub(crate) percent: u8,
    pub(crate) lines: u8,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Event {
    Dial(u8),
    DialOn(u8),
    HangUp(u8),
    Pass { ms: u16, load: Load },
}

/// Which prints leave a line out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Lack {
    Nothing,
    Before(u8),
    After(u8),
    Both(u8),
}

#[derive(Clone, Debug)]
pub(crate) struct RoundSpec {
    pub(crate) owners: bool,
    pub(crate) owners_incomplete: bool,
    pub(crate) nameless: Option<u8>,
    /// A line that only the server table (true) or only the session table shows.
    pub(crate) half: Option<(u8, bool)>,
    pub(crate) only_unknown_after: bool,
    pub(crate) lack: Lack,
    pub(crate) during: Vec<(Moment, Event)>,
}

#[derive(Clone, Debug)]
pub(crate) enum Step {
    Happens(Event),
    Wait {
        seconds: u16,
        load: Load,
    },
    Round(RoundSpec),
    Gap,
    Reboot,
    Restart,
    RestartHost,
    /// Accounting is rebuilt from the store on the same connection.
    Reload,
    ResetCounters(u8),
    /// The router's machine is paused for so many seconds.
    StandStill(u16),
    /// Our wall clock is set, by so many hours.
    SetWallClock(i8),
}

#[derive(Clone)]
pub(crate) struct Script {
    pub(crate) gives_session_ids: bool,
    pub(crate) bindings: BindingCounters,
    pub(crate) link_known: bool,
    /// A control connection hears sessions come and go.
    pub(crate) listens: bool,
    pub(crate) steps: Vec<Step>,
}

/// One line a step: counterexamples are read by people.
impl std::fmt::Debug for Script {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (ids, link) = (self.gives_session_ids, self.link_known);
        writeln!(f, "ids {ids} {:?} link {link} listens {}", self.bindings, self.listens)?;
        self.steps.iter().try_for_each(|step| writeln!(f, "{step:?}"))
    }
}

fn load() -> impl Strategy<Value = Load> {
    (prop_oneof![Just(0u8), Just(100), 0u8..=100], any::<u8>())
        .prop_map(|(percent, lines)| Load { percent, lines })
}

fn event() -> impl Strategy<Value = Event> {
    prop_oneof![
        3 => (0u8..3).prop_map(Event::Dial),
        3 => (0u8..2).prop_map(Event::DialOn),
        3 => any::<u8>().prop_map(Event::HangUp),
        3 => (1u16..3_000, load()).prop_map(|(ms, load)| Event::Pass { ms, load }),
    ]
}

fn lack() -> impl Strategy<Value = Lack> {
    prop_oneof![
        6 => Just(Lack::Nothing),
        1 => any::<u8>().prop_map(Lack::Before),
        1 => any::<u8>().prop_map(Lack::After),
        1 => any::<u8>().prop_map(Lack::Both),
    ]
}

fn during() -> impl Strategy<Value = Vec<(Moment, Event)>> {
    let moment = prop_oneof![Just(Moment::BeforeOwners), Just(Moment::AfterOwners)];
    prop_oneof![
        2 => Just(Vec::new()),
        1 => proptest::collection::vec((moment, event()), 1..4),
    ]
}

fn round() -> impl Strategy<Value = RoundSpec> {
    (
        proptest::bool::weighted(0.7),
        proptest::bool::weighted(0.1),
        proptest::option::weighted(0.15, any::<u8>()),
        proptest::bool::weighted(0.3),
        lack(),
        during(),
        proptest::option::weighted(0.2, any::<(u8, bool)>()),
    )
        .prop_map(|(owners, incomplete, nameless, only_unknown_after, lack, during, half)| RoundSpec {
            half,
            owners,
            owners_incomplete: incomplete || nameless.is_some(),
            nameless,
            only_unknown_after,
            lack,
            during,
        })
}

fn step() -> impl Strategy<Value = Step> {
    let seconds = prop_oneof![8 => 0u16..90, 1 => 90u16..4_000];
    prop_oneof![
        12 => event().prop_map(Step::Happens),
        16 => (seconds, load()).prop_map(|(seconds, load)| Step::Wait { seconds, load }),
        20 => round().prop_map(Step::Round),
        2 => Just(Step::Gap),
        2 => Just(Step::Reboot),
        2 => Just(Step::Restart),
        2 => Just(Step::RestartHost),
        2 => Just(Step::Reload),
        1 => any::<u8>().prop_map(Step::ResetCounters),
        1 => prop_oneof![1u16..90, 90u16..4_000].prop_map(Step::StandStill),
        1 => prop_oneof![Just(-1i8), Just(1i8)].prop_map(Step::SetWallClock),
    ]
}

pub(crate) fn script() -> impl Strategy<Value = Script> {
    let bindings = prop_oneof![
        Just(BindingCounters::Survive),
        Just(BindingCounters::ResetOnConnect),
        Just(BindingCounters::ResetOnDisconnect),
    ];
    let steps = proptest::collection::vec(step(), 1..45);
    (proptest::bool::weighted(0.8), bindings, proptest::bool::weighted(0.95), any::<bool>(), steps).prop_map(
        |(gives_session_ids, bindings, link_known, listens, steps)| Script {
            gives_session_ids,
            bindings,
            link_known,
            listens,
            steps,
        },
    )
}
