//! What routeros.md marks [U] (not established), as switches: tests run with each setting.

use std::time::Duration;

use super::kicked::{KickReach, KickedDevice};
use super::queueing::{DynamicQueuePlace, QueueSet, StaticBeforeDynamic};

/// What becomes of the row in `/interface` when its PPP session ends (U4).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum InterfaceRow {
    /// Gone in the same instant.
    #[default]
    Vanishes,
    /// Stays that long, not running, with its last counters; its name is held as long.
    Lingers(Duration),
}

/// What becomes of a static binding's counters when its subscriber reconnects (U2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BindingCounters {
    /// They go on from where they stood.
    #[default]
    Survive,
    /// They begin at 0 with each session.
    Reset,
}

/// Whether one interface has the same `.id` in `/interface` and in `/interface/pppoe-server` (U13).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ServerIds {
    /// The same.
    #[default]
    Same,
    /// Two sequences that overlap, so that a join by `.id` meets foreign rows.
    Different,
}

/// What the router does with a socket after a refused login (routeros.md §1.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum AfterFailedLogin {
    /// Keeps it open for another try.
    #[default]
    StaysOpen,
    /// Closes it after the `!done`.
    Closes,
}

/// What the router does with a connection above `max-sessions` (U7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OverMaxSessions {
    /// Accepts and closes without a word.
    #[default]
    Close,
    /// Answers the login with a trap, then closes.
    Trap,
    /// Resets the connection at once.
    Refuse,
}

/// What a name in `.proplist` does that the menu does not know (U12).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UnknownProperty {
    /// Nothing.
    #[default]
    Ignored,
    /// No row is sent, as one report says of the wifi registration table (routeros.md §1.5).
    DropsRows,
}

/// Where `.tag` stands in a reply (routeros.md §1.2).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TagPlace {
    /// Right after the reply word, as in captures.
    #[default]
    First,
    /// At the end, as in the manual.
    Last,
}

/// How `.dead` is spelled in rows of `listen` (routeros.md §1.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DeadWord {
    /// `=.dead=true`, as captured.
    #[default]
    True,
    /// `=.dead=yes`, as in the manual.
    Yes,
}

/// How booleans are written in rows (routeros.md §1.10).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BooleanWords {
    /// `true` and `false`.
    #[default]
    TrueFalse,
    /// `yes` and `no`, as some old replies have it.
    YesNo,
}

/// Which `!done` comes first when a command is cancelled (routeros.md §1.7).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CancelOrder {
    /// The one of `/cancel`, then that of the cancelled command, as captured.
    #[default]
    CancelFirst,
    /// The cancelled command's first.
    CancelledFirst,
}

/// The `type` of an L2TP session's interface: inferred, never seen (routeros.md §2.5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum L2tpType {
    /// `l2tp-in`, like PPPoE's `pppoe-in`.
    #[default]
    Inferred,
    /// A word nobody asks for.
    Unknown,
}

/// What the `.id` of rows in `/ip/hotspot/active` and `/ip/hotspot/host` is made of (not established).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HotspotIds {
    /// The device's address: the next device with that address has the id too.
    #[default]
    FromAddress,
    /// One after the other within a boot.
    InSequence,
}

/// When `/ip/hotspot/user` adds a login's octets up (U5).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HotspotUserCounters {
    /// All the time.
    #[default]
    Live,
    /// When the login ends.
    AtLogout,
    /// Not at all, as some installations showed (routeros.md §2.8).
    Never,
}

/// What a live session is called after its secret was renamed (not established: routeros.md §2.7 says of two other settings that
/// they do not touch it).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecretRename {
    /// As before, until it ends.
    #[default]
    KeepsName,
    /// By the new name in the tables of sessions and servers; its ids, its uptime and its interface go on.
    TakesName,
    /// The same, and its dynamic interface, which keeps its id and its counters, is called so too.
    RenamesInterface,
}

/// What becomes of a login's row when its device gets another address (routeros.md §4: inferred).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Roaming {
    /// It ends, and a new login begins.
    #[default]
    NewRow,
    /// It goes on under the new address; an id made from the address changes with it.
    KeepsRow,
}

/// What becomes of a host's counters when it is let through without a login from now on (not established).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HostCounters {
    /// They go on.
    #[default]
    GoOn,
    /// They begin at 0.
    StartOver,
}

/// How `/ip/hotspot/active/login` is refused (U6).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HotspotRefusals {
    /// As the hotspot's page says it.
    #[default]
    InThePagesWords,
    /// `action failed (6)`, whatever the reason.
    WithoutAReason,
}

/// Whether what is set as `limit-*` on a user's row reaches its logins that are up (not established; routeros.md §8, trap 15 says of
/// other settings that they do not).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum UserLimits {
    /// A login goes by what the row said when it began.
    #[default]
    AtLogin,
    /// It goes by what the row says.
    AtOnce,
}

/// Whether `/ip/hotspot/active/login` leaves the cookies that a login by the page leaves (not established).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ApiLoginCookies {
    /// The same.
    #[default]
    Same,
    /// None.
    None,
}

/// What `/ip/hotspot/active/login` does with a device that is in as another user (not established).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SecondLogin {
    /// The login of before ends.
    #[default]
    Replaces,
    /// It is refused, in words of ours.
    IsRefused,
}

/// Which right `monitor-traffic` needs (not established: the manual names no command of that kind; routeros.md §1.8).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MonitorRight {
    /// `read`: it changes nothing.
    #[default]
    Read,
    /// `test`, like ping and the bandwidth test.
    Test,
}

/// What becomes of a running monitor when one of its interfaces is gone (U1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VanishedInterface {
    /// It ends with a trap.
    #[default]
    Traps,
    /// It ends as if it were done.
    Ends,
    /// It says nothing any more, of no interface.
    Silences,
    /// The row of the one that is gone is repeated as it was last.
    Freezes,
    /// The others' rows go on without it.
    LosesItsRow,
}

/// What a list of interfaces does one of which is not there (U1).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BadMonitorName {
    /// The whole command is refused (inferred: routeros.md §2.6).
    #[default]
    SpoilsAll,
    /// The others are monitored.
    IsLeftOut,
}

/// What the first sample of a monitor shows (routeros.md §2.6: it can be 0 or stale).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum FirstSample {
    /// 0 in both directions.
    #[default]
    Zero,
    /// What passes.
    IsTrue,
}

/// Every switch; the default is what DESIGN assumes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Switches {
    /// U4.
    pub interface_row: InterfaceRow,
    /// U2.
    pub binding_counters: BindingCounters,
    /// U13.
    pub server_ids: ServerIds,
    /// routeros.md §2.5.
    pub l2tp_type: L2tpType,
    /// routeros.md §2.7.
    pub secret_rename: SecretRename,
    /// routeros.md §2.8.
    pub hotspot_ids: HotspotIds,
    /// U5.
    pub hotspot_user_counters: HotspotUserCounters,
    /// U6.
    pub hotspot_refusals: HotspotRefusals,
    /// routeros.md §8.
    pub user_limits: UserLimits,
    /// routeros.md §2.8.
    pub api_login_cookies: ApiLoginCookies,
    /// routeros.md §2.8.
    pub second_login: SecondLogin,
    /// U5: whether they are kept over a reboot.
    pub hotspot_user_counters_survive_reboot: bool,
    /// routeros.md §4.
    pub roaming: Roaming,
    /// routeros.md §2.8.
    pub host_counters: HostCounters,
    /// U3.
    pub queue_set: QueueSet,
    /// U14.
    pub static_before_dynamic: StaticBeforeDynamic,
    /// routeros.md §2.9.
    pub dynamic_queue_place: DynamicQueuePlace,
    /// routeros.md §1.8.
    pub after_failed_login: AfterFailedLogin,
    /// routeros.md §1.8.
    pub monitor_right: MonitorRight,
    /// U7.
    pub over_max_sessions: OverMaxSessions,
    /// U7: how long a silent API connection lives; `None` for ever.
    pub api_idle_timeout: Option<Duration>,
    /// U1.
    pub vanished_interface: VanishedInterface,
    /// U1.
    pub bad_monitor_name: BadMonitorName,
    /// routeros.md §2.6.
    pub first_sample: FirstSample,
    /// U12.
    pub unknown_property: UnknownProperty,
    /// routeros.md §1.2.
    pub tag_place: TagPlace,
    /// routeros.md §1.7.
    pub dead_word: DeadWord,
    /// routeros.md §1.10.
    pub boolean_words: BooleanWords,
    /// routeros.md §1.7.
    pub cancel_order: CancelOrder,
    /// How long the name of a dynamic interface stays taken after its row is gone: the reason why a sole
    /// session can have the suffix `-1` (routeros.md §2.5).
    pub name_held: Duration,
    /// `listen` sends the row of a known session again (routeros.md §1.7).
    pub listen_repeats: bool,
    /// Rows carry a property nobody asked for (routeros.md §1.5: the answer may contain more).
    pub extra_property: bool,
    /// Rows carry one attribute twice, with the same value (routeros.md §1.2).
    pub duplicate_attribute: bool,
    /// How soon a subscriber kicked by `remove` comes back; `None` never (routeros.md §2.3, §2.8).
    pub redial_after_kick: Option<Duration>,
    /// routeros.md §2.8.
    pub kicked_device: KickedDevice,
    /// U16.
    pub kick_reach: KickReach,
    /// The router answers `remove` as done and goes on showing the row (not established).
    pub kicked_row_stays: bool,
}
