//! The router of a script: everything that is open about routers and can change what a reading says, or what we hear of it,
//! and what we know of its link. How silent connections end is host time, and `faults` tries that.

use std::time::Duration;

use proptest::prelude::*;
use routeros_sim::world::{
    AfterFailedLogin, BindingCounters, BooleanWords, DeadWord, Device, HostCounters, HotspotIds,
    HotspotUserCounters, InterfaceRow, L2tpType, OverMaxSessions, Personality, QueueSet, Roaming, ServerIds,
    Service, Switches, TagPlace, UnknownProperty, UptimeStyle, World,
};

use super::script::{BINDING, BOUND_LOGIN, DeviceAct, LOGINS, USERS};
use super::{acts, bypassed, facing};

/// See the module.
#[derive(Clone, Debug)]
pub(super) struct Setting {
    pub(super) seed: u64,
    pub(super) version: usize,
    pub(super) colon_uptime: bool,
    pub(super) hotspot_configured: bool,
    /// A control connection stands beside the polling connection.
    pub(super) listens: bool,
    pub(super) switches: Switches,
    pub(super) link_speed_bps: Option<u64>,
    /// Percent of the counters that the very first print lacks.
    pub(super) hidden_at_first: u32,
    /// What each user of the hotspot had moved before we looked.
    pub(super) users_had: u64,
}

pub(super) fn setting() -> impl Strategy<Value = Setting> {
    let link = prop_oneof![3 => Just(Some(100_000_000)), 1 => Just(None)];
    let hidden = prop_oneof![3 => Just(0), 1 => 30..100u32];
    let had = prop_oneof![Just(0), Just(1u64 << 40)];
    (any::<[bool; 3]>(), switches(), any::<u64>(), 0..Personality::ALL.len(), link, hidden, had).prop_map(
        |(flags, switches, seed, version, link_speed_bps, hidden_at_first, users_had)| {
            let [colon_uptime, hotspot_configured, listens] = flags;
            Setting {
                seed,
                version,
                colon_uptime,
                hotspot_configured,
                listens,
                switches,
                link_speed_bps,
                hidden_at_first,
                users_had,
            }
        },
    )
}

fn switches() -> impl Strategy<Value = Switches> {
    let over = [OverMaxSessions::Close, OverMaxSessions::Trap, OverMaxSessions::Refuse];
    let add_up = prop_oneof![
        2 => Just(HotspotUserCounters::Live),
        1 => Just(HotspotUserCounters::AtLogout),
        1 => Just(HotspotUserCounters::Never),
    ];
    (any::<[bool; 18]>(), 0..over.len(), add_up).prop_map(move |(open, nth, hotspot_user_counters)| {
        let mut open = open.into_iter();
        let mut flag = || open.next().expect("as many as are asked for");
        Switches {
            interface_row: either(flag(), InterfaceRow::Lingers(Duration::from_secs(30))),
            binding_counters: either(flag(), BindingCounters::Reset),
            server_ids: either(flag(), ServerIds::Different),
            l2tp_type: either(flag(), L2tpType::Unknown),
            hotspot_ids: either(flag(), HotspotIds::InSequence),
            roaming: either(flag(), Roaming::KeepsRow),
            host_counters: either(flag(), HostCounters::StartOver),
            queue_set: either(flag(), QueueSet::StartsOver),
            after_failed_login: either(flag(), AfterFailedLogin::Closes),
            unknown_property: either(flag(), UnknownProperty::DropsRows),
            tag_place: either(flag(), TagPlace::Last),
            dead_word: either(flag(), DeadWord::Yes),
            boolean_words: either(flag(), BooleanWords::YesNo),
            name_held: either(flag(), Duration::from_secs(10)),
            listen_repeats: flag(),
            extra_property: flag(),
            duplicate_attribute: flag(),
            over_max_sessions: over[nth],
            hotspot_user_counters,
            hotspot_user_counters_survive_reboot: flag(),
            ..Switches::default()
        }
    })
}

/// What DESIGN assumes, or the other.
fn either<T: Default>(is_other: bool, other: T) -> T {
    if is_other { other } else { T::default() }
}

pub(super) fn world(setting: &Setting) -> World {
    let personality = Personality::ALL[setting.version];
    let mut device = Device::new("property", personality, setting.seed);
    device.uptime_style = if setting.colon_uptime { UptimeStyle::Colon } else { UptimeStyle::Words };
    device.switches = setting.switches;
    let mut world = World::new(device);
    world.add_usual_interfaces();
    world.add_binding(BINDING, LOGINS[BOUND_LOGIN]);
    facing::add(&mut world);
    world.advance(Duration::from_secs(1_000));
    for (login, rate) in [(0, 1_000_000), (2, 5_000_000), (BOUND_LOGIN, 2_000_000)] {
        world.connect(LOGINS[login], Service::Pppoe, acts::mac(login), rate, rate * 3);
    }
    if setting.hotspot_configured {
        world.add_hotspot("hotspot1");
        bypassed::apply(&mut world, DeviceAct::LetThrough);
        bypassed::apply(&mut world, DeviceAct::Come { up_kbps: 500, down_kbps: 2_000 });
    }
    for (user, name) in USERS.iter().enumerate() {
        let earlier = world.log_in(name, acts::hotspot_mac(user), 0, 0);
        world.transfer(earlier, setting.users_had, setting.users_had);
        world.leave(earlier);
    }
    world.log_in(USERS[0], acts::hotspot_mac(0), 3_000_000, 1_000_000);
    world
}
