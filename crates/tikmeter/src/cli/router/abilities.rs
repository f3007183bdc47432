//! What Tikmeter can be made to do on a router, and the rights that the router's user needs for it. The rights are those of
//! routeros.md §1.8: RouterOS has one for all changes but those of users.

use clap::ValueEnum;

/// Something to do on a router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(super) enum Ability {
    /// Count, watch live, look
    Read,
    /// Set speeds, boost, block
    Limits,
    /// End sessions, and keep people out
    Disconnect,
    /// Let devices in by vouchers
    Vouchers,
}

/// How people call a change, as the router's command.
const QUEUES: [&str; 3] = ["/queue/simple/add", "/queue/simple/set", "/queue/simple/remove"];
const ENDED: [&str; 3] = ["/ppp/active/remove", "/ip/hotspot/active/remove", "/ip/hotspot/cookie/remove"];
const KEPT_OUT: [&str; 3] =
    ["/ppp/secret/set", "/ip/hotspot/ip-binding/add", "/ip/hotspot/ip-binding/remove"];
const LET_IN: [&str; 6] = [
    "/ip/hotspot/user/profile/add",
    "/ip/hotspot/user/profile/set",
    "/ip/hotspot/user/add",
    "/ip/hotspot/user/set",
    "/ip/hotspot/user/remove",
    "/ip/hotspot/active/login",
];

impl Ability {
    pub(super) fn word(self) -> &'static str {
        match self {
            Ability::Read => "read",
            Ability::Limits => "limits",
            Ability::Disconnect => "disconnect",
            Ability::Vouchers => "vouchers",
        }
    }

    /// Every command by which it changes something on a router, in the order of their menus.
    pub(super) fn changes(self) -> Vec<&'static str> {
        let sets: &[&[&str]] = match self {
            Ability::Read => &[],
            // Who is blocked is sent away and kept out.
            Ability::Limits => &[&QUEUES, &ENDED, &KEPT_OUT],
            Ability::Disconnect => &[&ENDED, &KEPT_OUT],
            Ability::Vouchers => &[&LET_IN, &ENDED[1..], &QUEUES],
        };
        sets.concat()
    }
}

/// The rights that these need, each with what it is for.
pub(super) fn rights(abilities: &[Ability]) -> Vec<(&'static str, String)> {
    let mut rights = vec![
        ("api", "log in over the API, and in no other way".to_owned()),
        ("read", "print and listen: counting, live traffic, looking".to_owned()),
    ];
    let changing: Vec<&str> = abilities
        .iter()
        .filter(|ability| !ability.changes().is_empty())
        .map(|ability| ability.word())
        .collect();
    if !changing.is_empty() {
        rights.push(("write", format!("change what is there, for {}", changing.join(", "))));
    }
    rights
}
