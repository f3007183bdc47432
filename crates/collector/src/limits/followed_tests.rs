//! How soon a device's new address is looked for, by a clock that a test moves: whoever else prints the hotspot's logins, or is about to.

use std::time::Duration;

use operations::{Marks, RouterLimits};
use routeros_proto::{Command, Event, Finished, Tag, Tagged};
use store::{LimitSubject, LimitUntil, NasId, RateLimit, WantedLimit};
use tokio::time::Instant;

use super::keeper::Keeper;
use crate::prints::LoginsElsewhere;

/// compat.md 001.
const FOLLOWED_WITHIN: Duration = Duration::from_secs(10);

/// A keeper whose device is wanted to be slow.
fn keeper() -> Keeper {
    let limit = WantedLimit {
        nas: NasId(1),
        subject: LimitSubject::Device(b"AA:BB:CC:00:00:01".to_vec()),
        rate: RateLimit { up_bps: Some(1_000_000), down_bps: Some(2_000_000) },
        until: LimitUntil::Removed,
        set_by: "eva".to_owned(),
        set_at: accounting::time::Micros(0),
    };
    let mut keeper = Keeper::new(Marks::default());
    keeper.want(RouterLimits { wanted: vec![limit].into(), is_asked: true, ..RouterLimits::default() });
    keeper
}

/// Does what is due then; the router has nobody and no queue, and answers at once. What it was asked.
fn passes(keeper: &mut Keeper, now: Instant, logins: LoginsElsewhere, replies: &mut Tagged) -> Vec<String> {
    let mut asked = Vec::new();
    loop {
        let mut out = Vec::new();
        let told = keeper.step((now, logins), replies, &mut out);
        asked.extend(out.iter().map(Command::shown));
        if told.kept.is_some() || out.is_empty() {
            return asked;
        }
        for tag in 0..1_000 {
            keeper.accept(Tag(tag), &Event::Done(Finished::default()));
        }
    }
}

#[test]
fn a_new_address_is_looked_for_within_ten_seconds_whoever_else_prints_the_logins() {
    for is_coming in [false, true] {
        let (mut keeper, mut replies, began) = (keeper(), Tagged::default(), Instant::now());
        let alone = LoginsElsewhere::default();
        assert!(!passes(&mut keeper, began, alone, &mut replies).is_empty());
        let others = LoginsElsewhere { asked: None, is_coming };
        let next = keeper.due(began, others).unwrap();
        assert!(next > began && next <= began + FOLLOWED_WITHIN, "{:?} after the last look", next - began);
        let early = next - Duration::from_millis(1);
        assert_eq!(passes(&mut keeper, early, others, &mut replies), Vec::<String>::new());
        assert!(is_coming || keeper.needs_logins(next), "others print them now where they are about to");
        let asked = passes(&mut keeper, next, others, &mut replies);
        assert!(asked.iter().any(|asked| asked.starts_with("/ip/hotspot/active/print")), "{asked:?}");
    }
}
