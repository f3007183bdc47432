//! What keepers send to a router by themselves stands in the journal: a line for each pass that changed something.

use std::time::Duration;

use operations::VoucherAct;
use routeros_sim::faults::{Cut, Fault};
use store::{AuditQuery, AuditRecord, AuditRepository};

use super::booth::{Booth, CODE, PHONE};
use super::limits::{Scene, phone};
use super::supervised::Supervised;
use crate::sim::tell;

async fn lines(house: &Supervised, action: &str) -> Vec<AuditRecord> {
    let query = AuditQuery {
        limit: 100,
        action: Some(action.to_owned()),
        reach: store::Reach::Everywhere,
        ..AuditQuery::default()
    };
    house.sqlite.list_audit(query).await.unwrap()
}

/// What keepers sent as the journal has it, once there is something.
async fn noted(house: &Supervised, action: &str) -> Vec<String> {
    for _ in 0..600 {
        let all = lines(house, action).await;
        if !all.is_empty() {
            assert!(
                all.iter().all(|line| (&*line.act.actor, &*line.act.subject) == ("keeper", "r")),
                "{all:?}"
            );
            return all.into_iter().map(|line| line.act.detail).collect();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing of {action} is in the journal");
}

/// As it is to stand in the journal.
fn list(commands: &[String]) -> String {
    let all: Vec<String> = commands.iter().map(|command| format!("\"{command}\"")).collect();
    format!("\"commands\":[{}]", all.join(","))
}

#[tokio::test]
async fn what_a_keeper_sets_right_is_in_the_journal_with_its_commands() {
    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    scene.keep(None, false).await.unwrap();
    assert_eq!(lines(&scene.house, "limit.pass").await, [], "whoever waits for it writes it down themselves");
    let before = scene.sim.changes().len();
    let other = [("numbers", "pisonet-AA:BB:CC:00:00:01"), ("max-limit", "9M/9M")];
    tell(&scene.sim, "/queue/simple/set", &other).await;
    let noted = noted(&scene.house, "limit.pass").await;
    // The first of them is the other hand's.
    let sent = &scene.sim.changes()[before + 1..];
    assert!(!sent.is_empty() && noted.len() == 1 && noted[0].contains(&list(sent)), "{noted:?}: {sent:?}");
    assert!(noted[0].contains("\"router\":\"r\"") && noted[0].contains("\"outcome\":\"kept\""), "{noted:?}");
}

/// Nobody waits for it, and the router may have done it.
#[tokio::test]
async fn what_a_keeper_had_sent_when_the_link_broke_is_in_the_journal() {
    let scene = Scene::new().await;
    scene.set(phone(), 1_000_000, 2_000_000).await.unwrap();
    scene.keep(None, false).await.unwrap();
    let other = [("numbers", "pisonet-AA:BB:CC:00:00:01"), ("max-limit", "9M/9M")];
    tell(&scene.sim, "/queue/simple/set", &other).await;
    scene.sim.faults().once_on("/queue/simple/set", Fault::cut_after(0, Cut::Drop));
    let noted = noted(&scene.house, "limit.pass").await;
    assert!(noted[0].contains("/queue/simple/set") && noted[0].contains("it broke off"), "{noted:?}");
    assert!(noted[0].contains("\"outcome\":\"not_all\""), "{noted:?}");

    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.keep().await;
    tell(&booth.sim, "/ip/hotspot/user/set", &[("numbers", CODE), ("profile", "default")]).await;
    booth.sim.faults().once_on("/ip/hotspot/user/set", Fault::cut_after(0, Cut::Drop));
    let noted = self::noted(&booth.house, "voucher.pass").await;
    let broken: Vec<&String> = noted.iter().filter(|line| line.contains("it broke off")).collect();
    assert!(broken.iter().any(|line| line.contains("/ip/hotspot/user/set")), "{noted:?}");
}

#[tokio::test]
async fn what_is_sent_for_vouchers_is_in_the_journal_with_its_commands() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    assert_eq!(lines(&booth.house, "voucher.pass").await, [], "the activation has its commands");
    let planned = booth.operations.plan_voucher(CODE, VoucherAct::Revoke).await.unwrap().remove(0);
    booth.operations.revoke_voucher("eva", CODE).await.unwrap();
    booth.until_nobody(CODE).await;
    let noted = noted(&booth.house, "voucher.pass").await.concat();
    let planned = planned.commands.unwrap();
    let of_devices: Vec<&String> = planned.iter().filter(|sent| !sent.starts_with("/queue/")).collect();
    assert!(
        of_devices.len() >= 2 && of_devices.iter().all(|sent| noted.contains(*sent)),
        "{noted}: {planned:?}"
    );
}
