//! `tikmeter renew`: the next cycle of a subscriber.

use clap::Args;
use serde::Deserialize;
use serde_json::json;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{instant, printable};
use crate::quantity;

/// Whose, and until when.
#[derive(Debug, Args)]
pub(crate) struct RenewArgs {
    /// Its username or id
    subscriber: String,
    /// The new expiry, like 2026-12-31 (the end of that day) or 2026-12-31T12:00:00Z: renews if it is later than the
    /// old one, so asking twice renews once [default: renews now and leaves the expiry]
    #[arg(long, value_name = "TIME", value_parser = quantity::expiry)]
    until: Option<String>,
    /// Undo its last renewal instead: what was counted since counts with the cycle of before
    #[arg(long, conflicts_with = "until")]
    undo: bool,
}

#[derive(Deserialize)]
struct Renewed {
    renewed: bool,
    expiry_at_before: Option<String>,
    unread_routers: Vec<String>,
    subscriber: Subscriber,
}

#[derive(Deserialize)]
struct Subscriber {
    username: String,
    expiry_at: Option<String>,
    cycle: Option<Cycle>,
}

#[derive(Deserialize)]
struct Cycle {
    seq_no: u64,
    opened_at: String,
}

impl RenewArgs {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        if self.undo {
            let path = ["subscribers", &self.subscriber, "undo-renewal"];
            return caller.add(&path, &json!({}), undone).await;
        }
        let asked = json!({"expiry_at": self.until});
        caller.add(&["subscribers", &self.subscriber, "renew"], &asked, said).await
    }
}

fn undone(subscriber: &Subscriber) -> String {
    format!(
        "The last renewal of subscriber {} is undone: {}, with all that was counted since; expires {}.",
        printable(&subscriber.username),
        open_cycle(subscriber),
        instant(subscriber.expiry_at.as_deref())
    )
}

fn open_cycle(subscriber: &Subscriber) -> String {
    subscriber.cycle.as_ref().map_or_else(
        || "no cycle is open".to_owned(),
        |cycle| format!("cycle {} is open since {}", cycle.seq_no, instant(Some(&cycle.opened_at))),
    )
}

/// What became of the date that renewed nobody.
fn date(answer: &Renewed) -> String {
    let (before, now) = (answer.expiry_at_before.as_deref(), answer.subscriber.expiry_at.as_deref());
    if before == now {
        return format!("it expires {} already, and nothing was changed", instant(now));
    }
    if before.is_none() {
        return format!("the date {} was set, but it is past already", instant(now));
    }
    let at = |text: Option<&str>| text.and_then(|text| text.parse::<jiff::Timestamp>().ok());
    let how = if at(now) > at(before) { "is past already and was moved" } else { "was moved back" };
    format!("the date {how} from {} to {}", instant(before), instant(now))
}

fn said(answer: &Renewed) -> String {
    let subscriber = &answer.subscriber;
    let (username, expiry) = (printable(&subscriber.username), instant(subscriber.expiry_at.as_deref()));
    let cycle = open_cycle(subscriber);
    if !answer.renewed {
        return format!("Subscriber {username} was not renewed: {}; {cycle}.", date(answer));
    }
    let unread = answer.unread_routers.iter().map(|name| printable(name)).collect::<Vec<_>>().join(", ");
    let note = if unread.is_empty() {
        String::new()
    } else {
        format!(
            "\nNot read: {unread}. What its next reading shows is split between the two cycles by time; until then the closed one is not final."
        )
    };
    format!("Subscriber {username} is renewed: {cycle}, expires {expiry}.{note}")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(renewed: bool, unread: &[&str]) -> String {
        dated(renewed, unread, None, None)
    }

    fn dated(renewed: bool, unread: &[&str], before: Option<&str>, now: Option<&str>) -> String {
        let answer = json!({"renewed": renewed, "expiry_at_before": before, "unread_routers": unread, "subscriber": {
            "username": "ana", "expiry_at": now,
            "cycle": {"seq_no": 2, "opened_at": "2026-11-21T14:00:00Z"}}});
        said(&serde_json::from_value(answer).unwrap())
    }

    #[test]
    fn what_became_of_a_date_that_renews_nobody_is_told() {
        let (early, late) = (Some("2026-12-01T00:00:00Z"), Some("2026-12-03T00:00:00Z"));
        let moved = |before, now| dated(false, &[], before, now);
        for (before, now, part) in [
            (
                late,
                early,
                "the date was moved back from 2026-12-03 00:00:00 UTC to 2026-12-01 00:00:00 UTC; cycle 2",
            ),
            (early, late, "the date is past already and was moved from 2026-12-01"),
            (None, early, "the date 2026-12-01 00:00:00 UTC was set, but it is past already; cycle 2"),
            (
                early,
                early,
                "it expires 2026-12-01 00:00:00 UTC already, and nothing was changed; cycle 2 is open",
            ),
        ] {
            let told = moved(before, now);
            assert!(told.contains("ana was not renewed: ") && told.contains(part), "{told}");
        }
    }

    #[test]
    fn what_it_came_to_is_told() {
        assert!(answer(true, &[]).starts_with("Subscriber ana is renewed: cycle 2 is open since"));
        assert!(!answer(true, &[]).contains("Not read"));
        assert!(answer(true, &["tower", "hill"]).contains("Not read: tower, hill."));
        assert!(answer(false, &[]).contains("was not renewed"));
    }

    #[test]
    fn an_undone_renewal_names_the_cycle_that_goes_on() {
        let ana = json!({"username": "ana", "expiry_at": null,
            "cycle": {"seq_no": 1, "opened_at": "2026-11-21T14:00:00Z"}});
        let told = undone(&serde_json::from_value(ana).unwrap());
        assert!(
            told.starts_with("The last renewal of subscriber ana is undone: cycle 1 is open since"),
            "{told}"
        );
    }
}
