//! What the piso-net tool's paths say of what they cannot take.

use operations::ReadNow;
use serde_json::{Value, json};

use crate::harness::Desk;
use crate::meter::BEGIN;

const MAC: &str = "2C:54:91:00:00:01";

async fn refused(desk: &Desk, path: &str, body: &str) -> (u16, String) {
    let answer = desk.post(&format!("/admin/api/{path}"), body).await;
    let told = answer.json();
    assert_eq!((&told["success"], told.as_object().unwrap().len()), (&Value::Bool(false), 2), "{told}");
    (answer.status.as_u16(), told["message"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_router_that_is_not_there_is_named_and_nothing_is_said_to_be_done() {
    let desk = Desk::new().await;
    desk.add_router("harbour").await;
    let body = json!({"mac": MAC, "router": "habour"}).to_string();
    for path in ["set-bandwidth", "remove-bandwidth"] {
        let (status, told) = refused(&desk, path, &body).await;
        assert_eq!(status, 404, "{told}");
        assert!(told.contains("no router called habour"), "{told}");
    }
    *desk.commands.answer.lock().unwrap() = Ok(ReadNow { poll_seq: 3, at: BEGIN });
    let known = json!({"mac": MAC, "router": "harbour"}).to_string();
    desk.post("/admin/api/remove-bandwidth", &known).await.expect(200);
    assert!(desk.commands.keeps.lock().unwrap().is_empty());
}

#[tokio::test]
async fn what_cannot_be_read_is_a_bad_request_in_its_words() {
    let desk = Desk::new().await;
    for path in ["set-bandwidth", "remove-bandwidth"] {
        for body in ["{", "[]", r#"{"mac": 7}"#, r#"{"mac": null}"#, r#"{"mac": "AA:BB"}"#, "{}"] {
            assert_eq!(refused(&desk, path, body).await.0, 400, "{path} {body}");
        }
    }
    for rate in [r#""fast""#, "7", r#""1.5M""#, r#""-1M""#, r#""0""#] {
        let body = format!(r#"{{"mac": "{MAC}", "upload": {rate}}}"#);
        assert_eq!(refused(&desk, "set-bandwidth", &body).await.0, 400, "{rate}");
    }
}
