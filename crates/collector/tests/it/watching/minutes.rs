//! What must hold for minutes: the budget, how long what is gone is shown, and what a refusal costs the others.

use std::time::Duration;

use accounting::snapshot::Service;
use operations::{SampleSource, Standing, Watched};
use uuid::Uuid;

use super::played::{Played, Router};
use super::scene::ppp;

/// Commands that a router is asked in a minute, and those of one moment that finds room for one more: look-ups in six menus.
const BUDGET: usize = 120 + 6;

fn secs(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A router with so many sessions, all of them watched.
fn watched(count: usize) -> (Played, Vec<Uuid>) {
    let login = |number| format!("u{number:02}");
    let sessions = (0..count).map(|number| (login(number), format!("<pppoe-{}>", login(number)))).collect();
    let mut played = Played::new(Router::default());
    played.router.sessions = sessions;
    let customers = (0..count).map(|number| played.watch(ppp(&login(number)))).collect();
    (played, customers)
}

#[tokio::test]
async fn a_router_is_asked_no_more_than_its_budget_whatever_there_is_to_ask() {
    let mut played = Played::new(Router::default());
    for service in [Service::Pppoe, Service::L2tp, Service::Pptp, Service::Sstp, Service::Ovpn] {
        played.watch(Watched::Ppp { login: (*b"ana").into(), service });
    }
    played.watch(Watched::Interface { name: (*b"vlan9").into() });
    // Sessions come and go all the time, so that a look-up in six menus is due each second.
    played.pass(180, |played| played.desk.hears_of_sessions());
    let most = played.most_in_a_minute();
    assert!(most <= BUDGET, "{most} commands");
    assert!(most > 100, "only {most} commands: the budget was not reached, and nothing is shown");
}

#[tokio::test]
async fn a_look_up_that_is_refused_again_and_again_is_made_less_often_and_believed_no_longer() {
    let (mut played, customers) = watched(1);
    played.pass(5, |_| ());
    assert!(played.readings(customers[0]).len() > 2);
    let refused_at = played.since_begin();
    played.router.refuses_looks = true;
    // Something tells that what was found may not be so.
    played.desk.hears_of_sessions();
    played.pass(60, |_| ());
    let mut looks = played.sent_at("/interface/pppoe-server/print");
    looks.retain(|at| *at >= refused_at);
    // Two within the first seconds, and one every 5 s.
    assert!((10..=14).contains(&looks.len()), "{looks:?}");
    let (since, standing) = played.standing(customers[0]).unwrap();
    let Standing::Trouble(why) = standing else { panic!("{standing:?}") };
    assert!(why.contains("not enough permissions"), "{why}");
    let (last, _) = *played.readings(customers[0]).last().unwrap();
    assert!(
        last < refused_at + secs(15) && since > last,
        "shown until {last:?}, refused since {refused_at:?}"
    );
    played.router.refuses_looks = false;
    played.pass(10, |_| ());
    assert!(played.readings(customers[0]).last().unwrap().0 > since, "it is watched again");
}

#[tokio::test]
async fn a_look_up_that_is_not_answered_again_and_again_is_believed_for_a_minute() {
    let (mut played, customers) = watched(1);
    played.pass(5, |_| ());
    let mute_at = played.since_begin();
    played.router.is_mute_to_looks = true;
    played.desk.hears_of_sessions();
    played.pass(120, |_| ());
    let (last, _) = *played.readings(customers[0]).last().unwrap();
    assert!(
        last >= mute_at + secs(45) && last <= mute_at + secs(65),
        "mute at {mute_at:?}, shown until {last:?}"
    );
    let (since, standing) = played.standing(customers[0]).unwrap();
    let Standing::Trouble(why) = standing else { panic!("{standing:?}") };
    assert!(why.contains("does not answer") && since >= last, "{since:?}: {why}");
    played.router.is_mute_to_looks = false;
    played.pass(30, |_| ());
    assert!(played.readings(customers[0]).last().unwrap().0 > mute_at + secs(120), "it is watched again");
}

#[tokio::test]
async fn where_nobody_hears_of_sessions_a_row_that_stands_still_is_shown_for_10_s_at_most() {
    let (mut played, customers) = watched(1);
    played.desk.hears(false);
    played.pass(15, |_| ());
    played.router.sessions.clear();
    let gone_at = played.since_begin();
    played.pass(60, |_| ());
    let (last, _) = *played.readings(customers[0]).last().unwrap();
    assert!(last >= gone_at && last <= gone_at + secs(10), "gone at {gone_at:?}, shown until {last:?}");
    assert_eq!(played.standing(customers[0]).map(|(_, standing)| standing), Some(&Standing::NoSession));
}

/// Of whom samples come by which way, in the last half minute.
fn sources(played: &Played, customers: &[Uuid]) -> Vec<(usize, usize)> {
    let since = played.since_begin() - secs(30);
    let of = |customer: &Uuid| {
        let readings = played.readings(*customer);
        let late = readings.iter().filter(|(at, _)| *at >= since).map(|(_, reading)| reading.source);
        late.partition::<Vec<_>, _>(|source| *source == SampleSource::Session)
    };
    customers.iter().map(of).map(|(streamed, counted)| (streamed.len(), counted.len())).collect()
}

#[tokio::test]
async fn a_name_that_is_there_and_refused_is_found_and_counted_while_the_others_are_measured() {
    for bad in [0, 7, 19] {
        let (mut played, customers) = watched(20);
        played.router.refused.insert(format!("<pppoe-u{bad:02}>"));
        played.pass(90, |_| ());
        for (number, (streamed, counted)) in sources(&played, &customers).into_iter().enumerate() {
            let told =
                format!("u{number:02} beside u{bad:02}: {streamed} by the command, {counted} by counters");
            if number == bad {
                assert!(streamed == 0 && counted >= 5, "{told}");
            } else {
                assert!(streamed >= 29 && counted == 0, "{told}");
            }
        }
        let begun = played.sent_at("/interface/monitor-traffic");
        assert!(begun.len() <= 12 && *begun.last().unwrap() < secs(30), "{begun:?}");
        played.pass(300, |_| ());
        let later = played.sent_at("/interface/monitor-traffic");
        assert_eq!(later, begun, "it is not tried again and again");
        assert!(played.most_in_a_minute() <= BUDGET);
    }
}

#[tokio::test]
async fn two_names_that_are_refused_are_both_found() {
    for pair in [[0, 1], [3, 18]] {
        let (mut played, customers) = watched(20);
        played.router.refused.extend(pair.map(|bad| format!("<pppoe-u{bad:02}>")));
        played.pass(180, |_| ());
        let sources = sources(&played, &customers);
        for (number, (streamed, counted)) in sources.into_iter().enumerate() {
            assert_eq!(pair.contains(&number), streamed == 0 && counted >= 5, "u{number:02} beside {pair:?}");
        }
    }
}

#[tokio::test]
async fn a_router_that_refuses_all_is_asked_by_counters_and_tried_once_a_minute() {
    let (mut played, customers) = watched(20);
    played.router.refuses_all = true;
    played.pass(300, |_| ());
    assert!(sources(&played, &customers).iter().all(|(streamed, counted)| *streamed == 0 && *counted >= 5));
    let tries = played.sent_at("/interface/monitor-traffic").len();
    // A search of 20 takes some 7 tries.
    assert!(tries <= 5 * 8, "{tries} tries in 5 minutes");
    played.router.refuses_all = false;
    played.pass(700, |_| ());
    assert!(sources(&played, &customers).iter().all(|(streamed, _)| *streamed >= 29));
}

#[tokio::test]
async fn who_goes_while_one_is_sought_keeps_nobody_from_being_measured() {
    let (mut played, customers) = watched(20);
    played.router.refused.insert("<pppoe-u07>".to_owned());
    played.pass(4, |_| ());
    played.router.sessions.remove("u07");
    played.desk.hears_of_sessions();
    played.pass(60, |_| ());
    for (number, (streamed, counted)) in sources(&played, &customers).into_iter().enumerate() {
        assert!(counted == 0 && (streamed >= 29) == (number != 7), "u{number:02}: {streamed}, {counted}");
    }
}
