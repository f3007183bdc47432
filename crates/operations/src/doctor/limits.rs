//! Queues of others that stand before ours, by what a look at the router's queues found.

use std::collections::BTreeMap;

use store::LimitSubject;

use super::code::FindingCode;
use super::finding::{Finding, MendPlace};
use super::typed::router_command;
use crate::counts::many;
use crate::limits::{LimitFound, NoEffect};
use crate::names::{name_for_people, name_to_text};

/// One finding for each queue that takes traffic of whom we limit, however many they are. What may only match is no fault.
pub(super) fn foreign_queues(found: &[(LimitSubject, LimitFound)]) -> Vec<Finding> {
    let mut queues: BTreeMap<(&[u8], bool), u64> = BTreeMap::new();
    for (_, found) in found {
        let LimitFound::WithoutEffect(why) = found else { continue };
        let queue: (&[u8], bool) = match why {
            NoEffect::Behind { queue, dynamic } => (queue, *dynamic),
            NoEffect::PartBehind { queue } => (queue, false),
            NoEffect::FastTrack | NoEffect::MayMatch { .. } | NoEffect::MayBeBehind { .. } => continue,
        };
        *queues.entry(queue).or_default() += 1;
    }
    queues.into_iter().map(|((queue, dynamic), limits)| foreign(queue, dynamic, limits)).collect()
}

fn foreign(queue: &[u8], dynamic: bool, limits: u64) -> Finding {
    let what = format!(
        "The queue {} stands before ours and takes the traffic of {} wanted here.",
        name_for_people(queue),
        many(limits, "limit")
    );
    let finding = Finding::new(FindingCode::ForeignQueue, what).about(name_to_text(queue));
    if dynamic {
        return finding.mended(
            MendPlace::Admin,
            "The router made that queue itself: take the rate-limit out of the profile, the user or RADIUS, and let them connect anew.",
        );
    }
    finding.mended(MendPlace::Router, router_command("/queue/simple/set", &[("name", queue)], "disabled=yes"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn limited(name: &str, why: NoEffect) -> (LimitSubject, LimitFound) {
        (LimitSubject::Ppp(name.into()), LimitFound::WithoutEffect(why))
    }

    #[test]
    fn each_queue_is_one_finding_and_what_only_may_match_is_none() {
        let behind = |dynamic| NoEffect::Behind { queue: b"all".to_vec(), dynamic };
        let found = [
            limited("ana", behind(false)),
            limited("bob", NoEffect::PartBehind { queue: b"all".to_vec() }),
            limited("eva", behind(true)),
            limited("ida", NoEffect::MayMatch { queue: b"other".to_vec() }),
            limited("leo", NoEffect::FastTrack),
        ];
        let found = foreign_queues(&found);
        assert_eq!(found.len(), 2, "{found:#?}");
        assert!(found[0].what.contains("2 limits") && found[0].mend[0].place == MendPlace::Router);
        assert_eq!(found[1].mend[0].place, MendPlace::Admin);
    }
}
