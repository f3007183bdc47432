//! Ending a session over HTTP: exactly one has to be meant, what became of it is told as it is, and both are in the journal.

use operations::{Became, CameBackBy, Disconnected, RouterCommandError};
use serde_json::{Value, json};

use crate::harness::{Answer, Desk, request};

/// Ana's line and bob's on tower, and ana's phone at the hotspot of harbour.
async fn town() -> Desk {
    let desk = Desk::new().await;
    let (tower, harbour) = (desk.add_router("tower").await, desk.add_router("harbour").await);
    let mut meter = desk.meter(tower).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"ana", 30, 1_000, 5_000), (b"bob", 30, 1, 1)]).await;
    let mut meter = desk.meter(harbour).await;
    meter.round_with_guests(0, &[], &[]).await;
    meter.round_with_guests(60, &[], &[(b"ana", 30, 1_000, 5_000)]).await;
    desk
}

fn becomes(desk: &Desk, became: Became) {
    let commands = vec!["/ppp/active/remove =.id=*7".to_owned()];
    *desk.commands.ended.lock().unwrap() = Ok(Disconnected { became, commands, also_gone: 0 });
}

async fn end(desk: &Desk, body: Value) -> Answer {
    desk.post("/api/v1/disconnects", &body.to_string()).await
}

/// What was done to whom, oldest first, with the particulars.
async fn journal(desk: &Desk) -> Vec<(String, String, Value)> {
    let page = desk.see("/api/v1/audit?limit=100").await;
    let text = |item: &Value, name: &str| item[name].as_str().unwrap().to_owned();
    let acts = page["items"].as_array().unwrap().iter().rev();
    acts.filter(|act| act["action"].as_str().unwrap().starts_with("session."))
        .map(|act| (text(act, "action"), text(act, "subject"), act["detail"].clone()))
        .collect()
}

#[tokio::test]
async fn a_session_is_ended_and_both_the_try_and_what_came_of_it_are_written_down() {
    let desk = town().await;
    becomes(&desk, Became::CameBack { after_s: 4, by: CameBackBy::Redial });
    let ended = end(&desk, json!({"username": "bob"})).await.expect(200).json();
    assert_eq!((&ended["router"], &ended["outcome"]), (&json!("tower"), &json!("came_back")));
    assert_eq!((&ended["back_after_s"], &ended["back_by"]), (&json!(4), &json!("redial")));
    assert!(ended["told"].as_str().unwrap().contains("came back after 4 s"), "{ended}");
    let ends = desk.commands.ends.lock().unwrap().clone();
    let [(router, session, dry_run)] = &ends[..] else { panic!("{ends:?}") };
    assert_eq!((&**router, *dry_run), ("tower", false));
    assert_eq!((&session.login[..], session.session_id), (&b"bob"[..], Some(0x8110_0002)));
    let journal = journal(&desk).await;
    let acts: Vec<(&str, &str)> = journal.iter().map(|(act, on, _)| (act.as_str(), on.as_str())).collect();
    assert_eq!(acts, [("session.disconnect", "bob"), ("session.disconnected", "bob")]);
    let told = &journal[1].2;
    assert_eq!((&told["outcome"], &told["router"]), (&json!("came_back"), &json!("tower")));
    assert_eq!(told["commands"], json!(["/ppp/active/remove =.id=*7"]));
}

#[tokio::test]
async fn a_dry_run_leaves_no_trace_and_a_viewer_may_not_even_ask() {
    let desk = town().await;
    becomes(&desk, Became::Planned);
    let planned = end(&desk, json!({"username": "bob", "dry_run": true})).await.expect(200).json();
    assert_eq!(
        (&planned["outcome"], &planned["commands"][0]),
        (&json!("planned"), &json!("/ppp/active/remove =.id=*7"))
    );
    assert_eq!(journal(&desk).await, []);
    assert!(desk.commands.ends.lock().unwrap()[0].2, "it was asked as one");
    let body = json!({"username": "bob"}).to_string();
    desk.send(request("POST", "/api/v1/disconnects", Some(&desk.viewer), Some(&body))).await.expect(403);
    assert_eq!(desk.commands.ends.lock().unwrap().len(), 1);
}

#[tokio::test]
async fn who_is_meant_has_to_be_one_and_several_are_listed() {
    let desk = town().await;
    becomes(&desk, Became::Gone { looked_s: 6 });
    let told = end(&desk, json!({"username": "ana"})).await.expect(409).text("detail");
    for named in [
        "2 sessions fit",
        "on router tower (pppoe from AA:BB:CC:00:00:01",
        "on router harbour (hotspot from 2C:54:91:00:00:01",
    ] {
        assert!(told.contains(named), "{told}");
    }
    assert_eq!(desk.commands.ends.lock().unwrap().len(), 0);
    let mac = json!({"username": "ana", "calling_station_id": "2c:54:91:00:00:01"});
    assert_eq!(end(&desk, mac).await.expect(200).text("router"), "harbour");
    let router = json!({"username": "ana", "router": "tower"});
    let no = end(&desk, router).await.expect(200).json()["session"].clone();
    let both = json!({"username": "ana", "router": "tower", "session": no});
    assert_eq!(end(&desk, both).await.expect(200).text("outcome"), "gone");
    let wrong = json!({"username": "ana", "router": "tower", "calling_station_id": "2C:54:91:00:00:01"});
    *desk.commands.answer.lock().unwrap() =
        Ok(operations::ReadNow { poll_seq: 3, at: accounting::time::Micros(0) });
    end(&desk, wrong).await.expect(404);
    assert_eq!(desk.commands.asked.lock().unwrap().len(), 1, "a named router is read before it is said");
    let told = end(&desk, json!({"username": "nobody"})).await.expect(404).text("detail");
    assert!(told.contains("no such session of nobody") && told.contains("--router"), "{told}");
    assert_eq!(
        end(&desk, json!({"username": "ana", "router": "moon"})).await.expect(422).text("field"),
        "router"
    );
    end(&desk, json!({"login": "ana"})).await.expect(422);
    assert_eq!(desk.commands.ends.lock().unwrap().len(), 3);
}

#[tokio::test]
async fn what_is_no_success_is_never_told_as_one() {
    let desk = town().await;
    for (became, status, words) in [
        (Became::NotFound, 404, "had ended by itself"),
        (Became::StillThere { looked_s: 6 }, 424, "still showed it 6 s later"),
    ] {
        becomes(&desk, became);
        let told = end(&desk, json!({"username": "bob"})).await.expect(status).text("detail");
        assert!(told.contains(words), "{told}");
        assert_eq!(journal(&desk).await.last().unwrap().2["outcome"], became.as_str());
    }
    let why = || "the router refused: not enough permissions (9)".to_owned();
    for (error, status) in [
        (RouterCommandError::Refused(why()), 424),
        (RouterCommandError::Unreachable(why()), 424),
        (RouterCommandError::TimedOut, 424),
        (RouterCommandError::NotPolled, 409),
        (RouterCommandError::Busy(why()), 409),
        (RouterCommandError::NotDone(why()), 503),
        (RouterCommandError::Unknown(why()), 503),
    ] {
        *desk.commands.ended.lock().unwrap() = Err(error.clone());
        let told = end(&desk, json!({"username": "bob"})).await.expect(status).text("detail");
        assert_eq!(told, error.to_string());
        assert_eq!(journal(&desk).await.last().unwrap().2["told"], error.to_string());
    }
}
