//! Ending the sessions of many over HTTP: first who would be met, then those and nobody else, one after the other.

use operations::{Became, Disconnected, RouterCommandError};
use serde_json::{Value, json};

use crate::harness::{Answer, Desk, request};
use crate::meter::Meter;

const PLACE: &str = "/api/v1/disconnects/bulk";

/// Ana, bob and cat dialled in on tower, dan's phone is at its hotspot; bob is a subscriber on a plan.
async fn town() -> (Desk, Meter) {
    let desk = Desk::new().await;
    let tower = desk.add_router("tower").await;
    desk.post("/api/v1/plans", r#"{"name": "gold"}"#).await.expect(201);
    let bob = r#"{"username": "b-1", "login": "bob", "router": "tower", "plan": "gold"}"#;
    desk.post("/api/v1/subscribers", bob).await.expect(201);
    let mut meter = desk.meter(tower).await;
    meter.round_with_guests(0, &[], &[]).await;
    let lines = [(&b"ana"[..], 30, 1, 5), (&b"bob"[..], 30, 1, 1), (&b"cat"[..], 30, 1, 1)];
    meter.round_with_guests(60, &lines, &[(b"dan", 30, 1, 5)]).await;
    becomes(&desk, Became::Gone { looked_s: 6 });
    (desk, meter)
}

fn becomes(desk: &Desk, became: Became) {
    let commands = vec!["/ppp/active/remove =.id=*7".to_owned()];
    *desk.commands.ended.lock().unwrap() = Ok(Disconnected { became, commands, also_gone: 0 });
}

async fn ask(desk: &Desk, body: &Value) -> Answer {
    desk.post(PLACE, &body.to_string()).await
}

fn column(answer: &Value, field: &str) -> Vec<Value> {
    answer["sessions"].as_array().unwrap().iter().map(|session| session[field].clone()).collect()
}

/// The question that ends what was answered.
fn carried_out(question: &Value, answer: &Value) -> Value {
    let mut question = question.clone();
    question["shown"] = json!({"sessions": column(answer, "session"), "digest": answer["digest"]});
    question
}

/// The logins that the router was told to end.
fn ended(desk: &Desk) -> Vec<String> {
    let ends = desk.commands.ends.lock().unwrap();
    ends.iter().map(|(_, session, _)| String::from_utf8(session.login.clone()).unwrap()).collect()
}

async fn journal(desk: &Desk) -> Vec<String> {
    let page = desk.see("/api/v1/audit?limit=100").await;
    let acts = page["items"].as_array().unwrap().iter().rev();
    acts.filter(|act| act["action"].as_str().unwrap().starts_with("session."))
        .map(|act| format!("{} {}", act["action"].as_str().unwrap(), act["subject"].as_str().unwrap()))
        .collect()
}

#[tokio::test]
async fn a_preview_names_those_who_fit_and_leaves_no_trace() {
    let (desk, _meter) = town().await;
    for (filter, fitting) in [
        (json!({}), vec!["ana", "bob", "cat", "dan"]),
        (json!({"service": "pppoe"}), vec!["ana", "bob", "cat"]),
        (json!({"service": "hotspot"}), vec!["dan"]),
        (json!({"plan": "gold"}), vec!["bob"]),
        (json!({"plan": "gold", "service": "hotspot"}), vec![]),
        (json!({"username_start": "c"}), vec!["cat"]),
    ] {
        let mut question = filter;
        question["router"] = "tower".into();
        let answer = ask(&desk, &question).await.expect(200).json();
        let mut logins = column(&answer, "username");
        logins.sort_by_key(ToString::to_string);
        assert_eq!(logins, fitting, "{question}");
        assert_eq!(answer["more"], 0, "{answer}");
        assert!(column(&answer, "outcome").iter().all(|outcome| outcome == "shown"), "{answer}");
    }
    assert_eq!((ended(&desk), journal(&desk).await), (vec![], vec![]));
    for (wrong, field) in [
        (json!({"router": "moon"}), Some("router")),
        (json!({"router": "tower", "plan": "lead"}), Some("plan")),
        (json!({"router": "tower", "service": "wifi"}), None),
    ] {
        let problem = ask(&desk, &wrong).await.expect(422).json();
        assert_eq!(problem["field"].as_str(), field, "{problem}");
    }
    let body = json!({"router": "tower"}).to_string();
    desk.send(request("POST", PLACE, Some(&desk.viewer), Some(&body))).await.expect(403);
}

#[tokio::test]
async fn those_who_were_shown_are_ended_one_after_the_other_and_whoever_came_since_is_left_alone() {
    let (desk, mut meter) = town().await;
    let question = json!({"router": "tower", "service": "pppoe"});
    let shown = ask(&desk, &question).await.expect(200).json();
    // Cat hung up, and eve dialled in.
    let lines = [(&b"ana"[..], 90, 1, 5), (&b"bob"[..], 90, 1, 1), (&b"eve"[..], 30, 1, 1)];
    for (at, younger) in [(120, 0), (180, 60)] {
        let lines = lines.map(|(login, age, up, down)| (login, age + younger, up, down));
        meter.round_with_guests(at, &lines, &[(b"dan", 90 + younger, 1, 5)]).await;
    }
    let answer = ask(&desk, &carried_out(&question, &shown)).await.expect(200).json();
    assert_eq!((&answer["digest"], &answer["more"]), (&Value::Null, &Value::Null));
    let expected: Vec<(Value, &str)> = column(&shown, "username")
        .into_iter()
        .map(|login| (login.clone(), if login == "cat" { "left_alone" } else { "gone" }))
        .collect();
    let outcomes = column(&answer, "username").into_iter().zip(column(&answer, "outcome"));
    assert!(outcomes.eq(expected.clone().into_iter().map(|(login, outcome)| (login, outcome.into()))));
    let gone: Vec<&str> = expected
        .iter()
        .filter(|(login, _)| login != "cat")
        .map(|(login, _)| login.as_str().unwrap())
        .collect();
    assert_eq!(ended(&desk), gone);
    let told = gone
        .iter()
        .flat_map(|login| ["session.disconnect", "session.disconnected"].map(|act| format!("{act} {login}")));
    assert_eq!(journal(&desk).await, told.collect::<Vec<_>>(), "one is over before the next begins");
}

#[tokio::test]
async fn one_that_fails_is_told_and_does_not_keep_the_others() {
    let (desk, _meter) = town().await;
    let question = json!({"router": "tower", "service": "pppoe"});
    let shown = ask(&desk, &question).await.expect(200).json();
    let why = || "the router refused: not enough permissions (9)".to_owned();
    for (error, outcome) in [
        (RouterCommandError::Refused(why()), "not_ended"),
        (RouterCommandError::Busy(why()), "not_ended"),
        (RouterCommandError::Unknown(why()), "not_known"),
    ] {
        desk.commands.ends.lock().unwrap().clear();
        *desk.commands.ended.lock().unwrap() = Err(error.clone());
        let answer = ask(&desk, &carried_out(&question, &shown)).await.expect(200).json();
        assert_eq!(column(&answer, "outcome"), [outcome; 3]);
        assert_eq!(column(&answer, "told"), [error.to_string(), error.to_string(), error.to_string()]);
        assert_eq!(ended(&desk).len(), 3);
    }
    becomes(&desk, Became::StillThere { looked_s: 6 });
    let answer = ask(&desk, &carried_out(&question, &shown)).await.expect(200).json();
    assert_eq!(column(&answer, "outcome"), ["not_ended"; 3]);
}

#[tokio::test]
async fn nobody_is_ended_who_was_not_shown() {
    let (desk, _meter) = town().await;
    let harbour = desk.add_router("harbour").await;
    let mut meter = desk.meter(harbour).await;
    meter.round(0, &[]).await;
    meter.round(60, &[(b"zoe", 30, 1, 1), (b"yan", 30, 1, 1), (b"xia", 30, 1, 1)]).await;
    let question = json!({"router": "tower", "service": "pppoe"});
    let shown = ask(&desk, &question).await.expect(200).json();
    let good = carried_out(&question, &shown);
    let changed = |change: &dyn Fn(&mut Value)| {
        let mut body = good.clone();
        change(&mut body);
        body
    };
    for (body, status) in [
        (changed(&|body| body["router"] = "harbour".into()), 409),
        (changed(&|body| body["shown"]["digest"] = "00".into()), 409),
        (changed(&|body| body["shown"]["sessions"].as_array_mut().unwrap().truncate(2)), 409),
        (changed(&|body| body["shown"]["sessions"][0] = 99.into()), 409),
        (changed(&|body| body["shown"]["sessions"] = json!([])), 422),
        (changed(&|body| body["shown"]["sessions"] = (1..22).collect::<Vec<u64>>().into()), 422),
    ] {
        ask(&desk, &body).await.expect(status);
    }
    assert_eq!((ended(&desk), journal(&desk).await), (vec![], vec![]));
    let narrowed = changed(&|body| body["username_start"] = "b".into());
    ask(&desk, &narrowed).await.expect(200);
    assert_eq!(ended(&desk), ["bob"], "the others are not meant any more");
}

#[tokio::test]
async fn no_more_than_twenty_at_once_those_that_began_first() {
    let (desk, mut meter) = town().await;
    let names: Vec<String> = (0..25).map(|no| format!("late{no:02}")).collect();
    let rows: Vec<(&[u8], u64, u64, u64)> = names.iter().map(|name| (name.as_bytes(), 30, 1, 1)).collect();
    meter.round(120, &rows).await;
    let question = json!({"router": "tower", "username_start": "late"});
    let shown = ask(&desk, &question).await.expect(200).json();
    let numbers: Vec<u64> = column(&shown, "session").iter().map(|no| no.as_u64().unwrap()).collect();
    assert_eq!((numbers.len(), &shown["more"]), (20, &json!(5)));
    assert!(numbers.is_sorted() && numbers[0] > 4, "{numbers:?}");
    let answer = ask(&desk, &carried_out(&question, &shown)).await.expect(200).json();
    assert_eq!((column(&answer, "outcome"), ended(&desk).len()), (vec![json!("gone"); 20], 20));
}

#[tokio::test]
async fn a_preview_says_for_how_long_they_would_be_kept_out_and_with_no_other_hold_they_are_ended() {
    let (desk, _meter) = town().await;
    let question = json!({"router": "tower", "service": "pppoe", "hold_s": 900});
    let shown = ask(&desk, &question).await.expect(200).json();
    let told = column(&shown, "told");
    assert!(
        told.iter().all(|told| told.as_str().unwrap().contains("would be kept out for 900 seconds")),
        "{told:?}"
    );
    assert_eq!(column(&shown, "held_until"), vec![Value::Null; 3]);
    let changed = |hold: Value| {
        let mut body = carried_out(&question, &shown);
        body["hold_s"] = hold;
        body
    };
    for (hold, status) in [(Value::Null, 409), (json!(901), 409), (json!(0), 422), (json!(2_592_001), 422)] {
        ask(&desk, &changed(hold.clone())).await.expect(status);
        let mut preview = question.clone();
        preview["hold_s"] = hold;
        ask(&desk, &preview).await.expect(if status == 422 { 422 } else { 200 });
    }
    assert_eq!((ended(&desk), journal(&desk).await), (vec![], vec![]));
    assert_eq!(desk.see("/api/v1/holds").await["items"], json!([]), "nothing leaves a trace");
    let answer = ask(&desk, &changed(json!(900))).await.expect(200).json();
    let holds = desk.see("/api/v1/holds").await;
    let until: Vec<Value> = column(&answer, "held_until");
    let listed: Vec<Value> =
        holds["items"].as_array().unwrap().iter().map(|hold| hold["until"].clone()).collect();
    assert!(until.iter().all(|until| listed.contains(until)) && listed.len() == 3, "{until:?} {listed:?}");
    assert!(desk.commands.ends.lock().unwrap().iter().all(|(_, session, _)| session.hold));
}

#[tokio::test]
async fn a_dry_run_tells_of_each_what_would_be_sent_and_leaves_no_trace() {
    let (desk, _meter) = town().await;
    becomes(&desk, Became::Planned);
    let question = json!({"router": "tower", "service": "pppoe", "hold_s": 900, "dry_run": true});
    let answer = ask(&desk, &question).await.expect(200).json();
    assert_eq!(column(&answer, "commands"), vec![json!(["/ppp/active/remove =.id=*7"]); 3]);
    assert_eq!(column(&answer, "outcome"), ["shown"; 3]);
    let told = column(&answer, "told");
    assert!(told.iter().all(|told| told.as_str().unwrap().contains("kept out for 900 seconds")), "{told:?}");
    assert_eq!(answer["more"], 0);
    assert!(desk.commands.ends.lock().unwrap().iter().all(|(_, session, dry_run)| session.hold && *dry_run));
    assert_eq!((journal(&desk).await, ended(&desk).len()), (vec![], 3));
    assert_eq!(desk.see("/api/v1/holds").await["items"], json!([]));
    ask(&desk, &carried_out(&question, &answer)).await.expect(422);
}

#[tokio::test]
async fn a_login_with_two_sessions_is_kept_out_once_and_loses_both() {
    let (desk, mut meter) = town().await;
    let lines =
        [(&b"ana"[..], 90, 1, 5), (&b"bob"[..], 90, 1, 1), (&b"cat"[..], 90, 1, 1), (&b"bob"[..], 30, 1, 1)];
    meter.round_with_guests(120, &lines, &[(b"dan", 90, 1, 5)]).await;
    let question = json!({"router": "tower", "username_start": "bob", "hold_s": 60});
    let shown = ask(&desk, &question).await.expect(200).json();
    assert_eq!(column(&shown, "username"), ["bob", "bob"]);
    let answer = ask(&desk, &carried_out(&question, &shown)).await.expect(200).json();
    assert_eq!(column(&answer, "outcome"), ["gone", "gone"]);
    let holds = desk.see("/api/v1/holds").await["items"].as_array().unwrap().clone();
    assert_eq!((holds.len(), &holds[0]["kind"]), (1, &json!("ppp")));
    assert_eq!(column(&answer, "held_until"), [holds[0]["until"].clone(), holds[0]["until"].clone()]);
}

#[tokio::test]
async fn whoever_was_not_ended_is_not_kept_out_either() {
    let (desk, _meter) = town().await;
    let question = json!({"router": "tower", "service": "pppoe", "hold_s": 900});
    let shown = ask(&desk, &question).await.expect(200).json();
    let refused = RouterCommandError::Refused("not enough permissions (9)".to_owned());
    *desk.commands.ended.lock().unwrap() = Err(refused);
    let answer = ask(&desk, &carried_out(&question, &shown)).await.expect(200).json();
    assert_eq!(
        (column(&answer, "outcome"), column(&answer, "held_until")),
        (vec![json!("not_ended"); 3], vec![Value::Null; 3])
    );
    let holds = desk.see("/api/v1/holds").await["items"].as_array().unwrap().clone();
    assert!(holds.len() == 3 && holds.iter().all(|hold| hold["is_over"] == true), "{holds:?}");
}
