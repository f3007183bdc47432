//! Keeping somebody out after their session was ended, over HTTP.

use std::time::Duration;

use operations::{Became, Disconnected, RouterCommandError};
use serde_json::{Value, json};

use crate::harness::{Answer, Desk};

async fn town() -> Desk {
    let desk = Desk::new().await;
    let tower = desk.add_router("tower").await;
    let mut meter = desk.meter(tower).await;
    meter.round_with_guests(0, &[], &[]).await;
    meter.round_with_guests(60, &[(b"bob", 30, 1, 1)], &[(b"ana", 30, 1_000, 5_000)]).await;
    becomes(&desk, Ok(Became::Gone { looked_s: 6 }));
    desk
}

fn becomes(desk: &Desk, became: Result<Became, RouterCommandError>) {
    let ended = |became| Disconnected { became, commands: Vec::new(), also_gone: 0 };
    *desk.commands.ended.lock().unwrap() = became.map(ended);
}

async fn end(desk: &Desk, body: Value) -> Answer {
    desk.post("/api/v1/disconnects", &body.to_string()).await
}

async fn listed(desk: &Desk) -> Vec<Value> {
    desk.see("/api/v1/holds").await["items"].as_array().unwrap().clone()
}

#[tokio::test]
async fn whoever_is_kept_out_is_listed_until_it_is_undone() {
    let desk = town().await;
    let planned = json!({"username": "bob", "hold_s": 900, "dry_run": true});
    becomes(&desk, Ok(Became::Planned));
    end(&desk, planned).await.expect(200);
    assert_eq!(listed(&desk).await, Vec::<Value>::new(), "a dry run leaves no trace");
    becomes(&desk, Ok(Became::Gone { looked_s: 6 }));
    let ended = end(&desk, json!({"username": "ana", "hold_s": 900})).await.expect(200).json();
    let ends = desk.commands.ends.lock().unwrap().clone();
    assert!(ends.iter().all(|(_, session, _)| session.hold), "{ends:?}");
    let holds = listed(&desk).await;
    assert_eq!((&holds[0]["kind"], &holds[0]["subject"]), (&json!("device"), &json!("2C:54:91:00:00:01")));
    assert_eq!((&holds[0]["until"], &holds[0]["is_over"]), (&ended["held_until"], &json!(false)));
    assert!(ended["told"].as_str().unwrap().contains("is kept out until"), "{ended}");
    let told = end(&desk, json!({"username": "ana", "hold_s": 60})).await.expect(409).text("detail");
    assert!(told.contains("kept out of this router already"), "{told}");
    end(&desk, json!({"username": "bob", "hold_s": 60})).await.expect(200);
    assert_eq!(listed(&desk).await.len(), 2);
    desk.delete("/api/v1/holds?router=tower&mac=2c:54:91:00:00:01").await.expect(200);
    desk.delete("/api/v1/holds?router=tower&username=bob").await.expect(200);
    assert!(listed(&desk).await.iter().all(|hold| hold["is_over"] == true));
    desk.delete("/api/v1/holds?router=tower&username=eva").await.expect(404);
    desk.delete("/api/v1/holds?router=tower").await.expect(400);
    desk.delete("/api/v1/holds?router=moon&username=bob").await.expect(404);
}

#[tokio::test]
async fn who_was_not_sent_away_is_not_kept_out_and_where_nobody_knows_it_ends_on_time() {
    let desk = town().await;
    let why = || "so it is".to_owned();
    for (became, is_over) in [
        (Ok(Became::NotFound), true),
        (Ok(Became::StillThere { looked_s: 6 }), true),
        (Err(RouterCommandError::Refused(why())), true),
        (Err(RouterCommandError::TimedOut), true),
        (Err(RouterCommandError::Unknown(why())), false),
    ] {
        becomes(&desk, became.clone());
        let answer = end(&desk, json!({"username": "bob", "hold_s": 900})).await;
        assert!(!answer.status.is_success(), "{became:?}");
        let holds = desk.store.holds().await.unwrap();
        assert_eq!(listed(&desk).await[0]["is_over"], is_over, "{became:?}");
        let act = store::NewAudit { at: holds[0].set_at, ..desk_act() };
        assert!(desk.store.end_hold(holds[0].clone(), act).await.unwrap());
    }
    becomes(&desk, Ok(Became::NotFound));
    for _ in 0..2 {
        end(&desk, json!({"username": "bob", "hold_s": 900})).await.expect(404);
        desk.clock.advance(1_000);
    }
    let hold = desk.store.holds().await.unwrap().remove(0);
    assert!(desk.store.end_hold(hold, desk_act()).await.unwrap());
    for hold_s in [json!(0), json!(2_592_001), json!("15m")] {
        end(&desk, json!({"username": "bob", "hold_s": hold_s})).await.expect(422);
    }
    assert_eq!(listed(&desk).await, Vec::<Value>::new());
}

/// A browser that goes away in between.
#[tokio::test]
async fn a_router_is_disabled_although_who_asked_goes_away_in_between() {
    let desk = town().await;
    end(&desk, json!({"username": "bob", "hold_s": 900})).await.expect(200);
    let hold = async || desk.store.holds().await.unwrap().remove(0);
    let until = hold().await.until;
    let released = async {
        while hold().await.until == until {
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    };
    let off = json!({"enabled": false}).to_string();
    tokio::select! {
        answer = desk.patch("/api/v1/routers/tower", &off) => panic!("it waits until he is let in: {}", answer.body),
        () = released => {}
    }
    assert!(desk.store.end_hold(hold().await, desk_act()).await.unwrap());
    for _ in 0..600 {
        if !desk.store.nas_by_name("tower").await.unwrap().unwrap().config.enabled {
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("he is let in, and the router is read on");
}

fn desk_act() -> store::NewAudit {
    store::NewAudit::by_system(accounting::time::Micros(0), "hold.end", "bob")
}
