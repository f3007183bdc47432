//! How a limit stands, by a stable name and in words for people.

use super::kept::{LimitFound, NoEffect};
use crate::names::name_for_people;

/// The stable name of how one stands, in the API and the journal.
pub fn found_name(found: &LimitFound) -> &'static str {
    match found {
        LimitFound::Away => "away",
        LimitFound::Free => "free",
        LimitFound::Set(_) => "set",
        LimitFound::WithoutEffect(_) => "without_effect",
        LimitFound::Refused(_) => "refused",
    }
}

/// How one stands, in words for people.
pub fn found_for_people(found: &LimitFound) -> String {
    match found {
        LimitFound::Away => {
            "Nobody of whom it is for is connected; it is set within seconds when they come.".to_owned()
        }
        LimitFound::Free => "They may be as fast as they can; nothing of ours slows them.".to_owned(),
        LimitFound::Set(_) => "The router shows it as wanted.".to_owned(),
        LimitFound::WithoutEffect(why) => no_effect_for_people(why),
        LimitFound::Refused(why) => format!("The router does not have it: {why}."),
    }
}

fn no_effect_for_people(why: &NoEffect) -> String {
    match why {
        NoEffect::FastTrack => {
            "It limits nothing: a firewall rule FastTracks, and such traffic passes all queues by. Switch the rule off, or keep \
             those who are limited out of it: /ip firewall filter print where action=fasttrack-connection"
                .to_owned()
        }
        NoEffect::Behind { queue, dynamic: true } => format!(
            "It limits nothing: the router's own queue {} takes the traffic first. Take the rate-limit out of the profile, the \
             user or RADIUS, and let them connect anew",
            name_for_people(queue)
        ),
        NoEffect::Behind { queue, dynamic: false } => format!(
            "It limits nothing: the queue {} stands before it and takes the traffic. Move it behind ours on the router, or aim it \
             at others",
            name_for_people(queue)
        ),
        NoEffect::PartBehind { queue } => format!(
            "It limits a part of their traffic only: the queue {} stands before it and takes that of some of their addresses. Move it \
             behind ours on the router, or aim it at others",
            name_for_people(queue)
        ),
        NoEffect::MayMatch { queue } => format!(
            "The router shows it as wanted. The queue {} stands before it and takes what its dst, packet-marks or time select: that ours \
             does not limit",
            name_for_people(queue)
        ),
        NoEffect::MayBeBehind { queue } => format!(
            "The router shows it as wanted. The queue {} is aimed at an interface and stands before it: if they are behind that \
             interface it takes their traffic, and ours limits nothing",
            name_for_people(queue)
        ),
    }
}
