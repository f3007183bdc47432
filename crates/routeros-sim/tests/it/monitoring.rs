//! `/interface/monitor-traffic`: a row for each interface and sample, and what nobody knows about it (U1) as switches.

use std::time::Duration;

use routeros_proto::{Command, Tag};
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{
    BadMonitorName, Device, FirstSample, Personality, Service, SessionKey, Switches, VanishedInterface, World,
};

use crate::client::{Client, Words};
use crate::menus::MAC;

/// A router with two subscribers, who send 8 and 16 kbit/s and are sent ten times as much.
async fn router(switches: Switches) -> (SimRouter, SessionKey) {
    let mut device = Device::new("r", Personality::V7_20, 1);
    device.switches = switches;
    let mut world = World::new(device);
    let ana = world.connect("ana", Service::Pppoe, MAC, 8_000, 80_000);
    world.connect("bob", Service::Pppoe, MAC, 16_000, 160_000);
    (SimRouter::start(world, Options::default()).await.expect("a free port"), ana)
}

fn monitor(names: &str) -> Command {
    let command = Command::new("/interface/monitor-traffic").attr("interface", names);
    command.proplist(&["name", "rx-bits-per-second", "tx-bits-per-second"])
}

fn row(name: &str, received: &str, sent: &str, section: Option<&str>) -> Words {
    let (name, received) = (format!("=name={name}"), format!("=rx-bits-per-second={received}"));
    let (sent, section) =
        (format!("=tx-bits-per-second={sent}"), section.map(|no| format!("=.section={no}")));
    let row = ["!re", ".tag=1", &name, &received, &sent];
    said(&row.into_iter().chain(section.as_deref()).collect::<Vec<_>>())
}

fn said(words: &[&str]) -> Words {
    words.iter().map(|word| word.as_bytes().to_vec()).collect()
}

/// The next sentence.
async fn next(client: &mut Client) -> Words {
    client.words().await.expect("the router goes on")
}

const BOTH: &str = "<pppoe-ana>,<pppoe-bob>";

fn told(first_sample: FirstSample) -> Switches {
    Switches { first_sample, ..Switches::default() }
}

#[tokio::test]
async fn once_is_one_sample_without_a_section_and_may_be_zero() {
    for (first_sample, received, sent) in
        [(FirstSample::Zero, "0", "0"), (FirstSample::IsTrue, "8000", "80000")]
    {
        let (router, _) = router(told(first_sample)).await;
        let mut client = Client::login(&router).await;
        client.send(&monitor("<pppoe-ana>").attr("once", "").tag(Tag(1))).await;
        assert_eq!(next(&mut client).await, row("<pppoe-ana>", received, sent, None));
        assert_eq!(next(&mut client).await, said(&["!done", ".tag=1"]));
        assert_eq!((router.stats().monitors, router.stats().running_monitors), (1, 0));
    }
}

#[tokio::test]
async fn each_sample_has_a_row_for_each_interface_and_tells_what_passed_since_the_one_before() {
    let (router, ana) = router(told(FirstSample::IsTrue)).await;
    let mut client = Client::login(&router).await;
    client.send(&monitor(BOTH).attr("interval", "20ms").tag(Tag(1))).await;
    assert_eq!(next(&mut client).await, row("<pppoe-ana>", "8000", "80000", Some("0")));
    assert_eq!(next(&mut client).await, row("<pppoe-bob>", "16000", "160000", Some("0")));
    router.with_world(|world| {
        world.transfer(ana, 500, 0);
        world.advance(Duration::from_secs(2));
    });
    // 4,000 bits in 2 s came on top.
    let burst = row("<pppoe-ana>", "10000", "80000", None);
    let mut seen = Vec::new();
    while !seen.iter().any(|sample: &Words| sample[..5] == burst[..5]) {
        seen.push(next(&mut client).await);
        assert!(seen.len() < 500, "{seen:?}");
    }
    // Two rows are a sample.
    let section = format!("=.section={}", (seen.len() - 1) / 2 + 1).into_bytes();
    assert_eq!(seen.last().and_then(|row| row.last()), Some(&section), "{seen:?}");
    client.send(&Command::new("/cancel").attr("tag", "1").tag(Tag(2))).await;
    let trap = said(&["!trap", ".tag=1", "=category=2", "=message=interrupted"]);
    while next(&mut client).await != trap {}
    assert_eq!((router.stats().monitors, router.stats().running_monitors), (1, 0));
}

#[tokio::test]
async fn one_bad_name_spoils_all_or_is_left_out() {
    let trap =
        said(&["!trap", ".tag=1", "=category=1", "=message=input does not match any value of interface"]);
    let first = row("<pppoe-ana>", "0", "0", Some("0"));
    for (bad_monitor_name, expected) in
        [(BadMonitorName::SpoilsAll, &trap), (BadMonitorName::IsLeftOut, &first)]
    {
        let (router, _) = router(Switches { bad_monitor_name, ..Switches::default() }).await;
        let mut client = Client::login(&router).await;
        client.send(&monitor("<pppoe-ana>,<pppoe-nobody>").attr("interval", "20ms").tag(Tag(1))).await;
        assert_eq!(next(&mut client).await, *expected);
        client.send(&monitor("<pppoe-nobody>").tag(Tag(1))).await;
        while next(&mut client).await != trap {}
    }
}

#[tokio::test]
async fn one_that_is_refused_is_as_one_that_is_not_there_until_it_is_taken_again() {
    let trap =
        said(&["!trap", ".tag=1", "=category=1", "=message=input does not match any value of interface"]);
    let (router, _) = router(told(FirstSample::IsTrue)).await;
    let mut client = Client::login(&router).await;
    router.with_world(|world| world.refuse_to_monitor("<pppoe-bob>", true));
    client.send(&monitor(BOTH).tag(Tag(1))).await;
    assert_eq!(next(&mut client).await, trap);
    assert_eq!(next(&mut client).await, said(&["!done", ".tag=1"]));
    router.with_world(|world| world.refuse_to_monitor("<pppoe-bob>", false));
    client.send(&monitor("<pppoe-bob>").tag(Tag(1))).await;
    assert_eq!(next(&mut client).await, row("<pppoe-bob>", "16000", "160000", Some("0")));
}

#[tokio::test]
async fn an_interface_that_vanishes_does_what_the_switch_says() {
    use VanishedInterface::{Ends, Freezes, LosesItsRow, Silences, Traps};
    for vanished_interface in [Traps, Ends, Silences, Freezes, LosesItsRow] {
        let (router, ana) = router(Switches { vanished_interface, ..told(FirstSample::IsTrue) }).await;
        let mut client = Client::login(&router).await;
        client.send(&monitor(BOTH).attr("interval", "20ms").tag(Tag(1))).await;
        next(&mut client).await;
        router.with_world(|world| world.disconnect(ana));
        // What was on its way is read away: the last sample before.
        let mut last = next(&mut client).await;
        let row_of = |name: &str, sentence: &Words| sentence.contains(&format!("=name={name}").into_bytes());
        match vanished_interface {
            Traps => {
                while row_of("<pppoe-ana>", &last) || row_of("<pppoe-bob>", &last) {
                    last = next(&mut client).await;
                }
                assert_eq!(last, said(&["!trap", ".tag=1", "=message=no such item"]));
                assert_eq!(next(&mut client).await, said(&["!done", ".tag=1"]));
            }
            Ends => {
                while last != said(&["!done", ".tag=1"]) {
                    last = next(&mut client).await;
                }
            }
            Silences => {
                while !client.is_silent().await {
                    next(&mut client).await;
                }
            }
            Freezes => {
                for _ in 0..10 {
                    next(&mut client).await;
                }
                let frozen = row("<pppoe-ana>", "8000", "80000", None);
                let mut rows = [next(&mut client).await, next(&mut client).await];
                rows.sort();
                assert_eq!(rows[0][..5], frozen[..5]);
            }
            LosesItsRow => {
                for _ in 0..10 {
                    next(&mut client).await;
                }
                for _ in 0..4 {
                    assert!(row_of("<pppoe-bob>", &next(&mut client).await));
                }
            }
        }
    }
}

#[tokio::test]
async fn what_it_does_not_take_is_refused_and_a_duration_ends_it() {
    let (router, _) = router(Switches::default()).await;
    let mut client = Client::login(&router).await;
    let mut refused = async |command: Command, message: &str| {
        client.send(&command.tag(Tag(1))).await;
        let trap = next(&mut client).await;
        assert_eq!(trap.last(), Some(&format!("=message={message}").into_bytes()), "{trap:?}");
        next(&mut client).await;
    };
    refused(Command::new("/interface/monitor-traffic"), "missing =interface=").await;
    refused(monitor(BOTH).attr("colour", "red"), "unknown parameter colour").await;
    let bounds = "value of interval out of range (00:00:00.020..00:00:05)";
    refused(monitor(BOTH).attr("interval", "6s"), bounds).await;
    refused(monitor(BOTH).attr("duration", "long"), "invalid value for argument duration").await;
    let short = monitor("<pppoe-ana>").attr("interval", "20ms").attr("duration", "50ms");
    client.send(&short.tag(Tag(1))).await;
    let mut rows = 0;
    while next(&mut client).await != said(&["!done", ".tag=1"]) {
        rows += 1;
    }
    assert!(rows >= 2, "{rows}");
}
