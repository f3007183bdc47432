//! Operators in a browser: signing in and out, what ends a sign-in, and who guesses.

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, Request};
use operations::Operations;
use secrecy::SecretString;
use serde_json::{Value, json};
use server::{Proxies, ServerState, router};
use std::net::SocketAddr;
use std::sync::Arc;
use store::Role;

use crate::harness::{Answer, Desk};

mod guessing;
mod setting_up;

const PASSWORD: &str = "correct horse";
const HOUR_US: u64 = 3_600_000_000;

async fn add(desk: &Desk, name: &str, role: Role) {
    let password = SecretString::from(PASSWORD.to_owned());
    desk.operate.create_operator("test", name, role, password, Vec::new()).await.unwrap();
}

/// A browser at an address: what it was given it sends again.
struct Browser {
    from: SocketAddr,
    cookies: String,
    /// Where it asks, if not a server of its own.
    app: Option<Router>,
}

impl Browser {
    fn at(from: &str) -> Self {
        Browser { from: format!("{from}:5000").parse().unwrap(), cookies: String::new(), app: None }
    }

    /// One of many that ask the same server.
    fn of(app: &Router, from: &str) -> Self {
        Browser { app: Some(app.clone()), ..Browser::at(from) }
    }

    /// Sends it as our own page would.
    async fn send(&mut self, desk: &Desk, method: &str, uri: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/json")
            .header("user-agent", "Firefox")
            .header("cookie", &self.cookies)
            .extension(ConnectInfo(self.from));
        let body = body.map_or_else(Body::empty, |body| Body::from(body.to_string()));
        let request = request.body(body).unwrap();
        let answer = match &self.app {
            Some(app) => desk.send_to(app, request).await,
            None => desk.send(request).await,
        };
        self.keep(&answer.headers);
        answer
    }

    async fn sign_in(&mut self, desk: &Desk, name: &str, password: &str) -> Answer {
        let body = json!({"name": name, "password": password});
        self.send(desk, "POST", "/api/v1/session", Some(body)).await
    }

    async fn who(&mut self, desk: &Desk) -> u16 {
        self.send(desk, "GET", "/api/v1/session", None).await.status.as_u16()
    }

    fn keep(&mut self, headers: &HeaderMap) {
        for given in headers.get_all("set-cookie") {
            let pair = given.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let kept = self.cookies.split("; ").filter(|one| !one.is_empty() && !one.starts_with(name));
            let new = Some(pair).filter(|_| !value.is_empty());
            self.cookies = kept.chain(new).collect::<Vec<_>>().join("; ");
        }
    }
}

/// Another process on the same database.
fn elsewhere(desk: &Desk) -> ServerState {
    let operations = Operations { passwords: operations::Passwords::default(), ..(*desk.operate).clone() };
    ServerState::new(Arc::new(operations), false)
}

#[tokio::test]
async fn whoever_signs_in_comes_back_by_a_cookie_that_scripts_and_other_sites_do_not_get() {
    let desk = Desk::new().await;
    add(&desk, "Eva", Role::Cashier).await;
    let mut browser = Browser::at("192.0.2.7");
    assert_eq!(browser.who(&desk).await, 401);
    let answer = browser.sign_in(&desk, "eVA", PASSWORD).await.expect(200);
    let given: Vec<_> =
        answer.headers.get_all("set-cookie").iter().map(|one| one.to_str().unwrap()).collect();
    assert_eq!(given.len(), 2);
    for one in given {
        assert!(one.contains("HttpOnly; SameSite=Strict") && one.contains("Path=/;"), "{one}");
    }
    let who = browser.send(&desk, "GET", "/api/v1/session", None).await.expect(200).json();
    assert_eq!((&who["name"], &who["role"]), (&json!("Eva"), &json!("cashier")));
    assert_eq!(who["abilities"], json!(["look_vouchers", "look_codes", "sell"]));
    assert_eq!(answer.json(), who);
    browser.send(&desk, "GET", "/api/v1/sessions", None).await.expect(403);
    browser.send(&desk, "GET", "/api/v1/vouchers", None).await.expect(200);
    let before = browser.cookies.clone();
    browser.send(&desk, "DELETE", "/api/v1/session", None).await.expect(204);
    assert!(!browser.cookies.contains("tikmeter_session") && browser.cookies.contains("tikmeter_browser"));
    browser.cookies = before;
    assert_eq!(browser.who(&desk).await, 401, "it is over on the server, not only in the browser");
    let journal = desk.see("/api/v1/audit?actor=operator%20Eva").await;
    let acts: Vec<_> = journal["items"].as_array().unwrap().iter().map(|act| act["action"].clone()).collect();
    assert_eq!(acts, ["operator.sign_out", "operator.sign_in"]);
}

/// Behind a proxy that is named and was asked over TLS, and only there.
#[tokio::test]
async fn over_tls_cookies_are_this_hosts_alone_and_browsers_are_kept_to_it() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    let behind = desk.state.clone().behind(Proxies::parse("192.0.2.1").unwrap());
    let desk = desk.answering(behind);
    let ask = async |from: &str, method: &str, cookies: &str| {
        let body = json!({"name": "eva", "password": PASSWORD}).to_string();
        let request = Request::builder()
            .method(method)
            .uri("/api/v1/session")
            .header("content-type", "application/json")
            .header("host", "meter.example")
            .header("cookie", cookies)
            .header("x-forwarded-proto", "https")
            .extension(ConnectInfo(format!("{from}:5000").parse::<SocketAddr>().unwrap()));
        desk.send(request.body(Body::from(body)).unwrap()).await
    };
    let plain = ask("192.0.2.7", "POST", "").await.expect(200);
    assert!(!plain.headers.contains_key("strict-transport-security"), "anybody can claim that it was TLS");
    let secure = ask("192.0.2.1", "POST", "").await.expect(200);
    assert_eq!(secure.headers["strict-transport-security"], "max-age=31536000");
    let pairs = |answer: &Answer| -> Vec<String> {
        let given =
            answer.headers.get_all("set-cookie").into_iter().map(|one| one.to_str().unwrap().to_owned());
        given.map(|one| one.split(';').next().unwrap().to_owned()).collect()
    };
    assert!(pairs(&plain).iter().all(|one| one.starts_with("tikmeter_")), "{:?}", pairs(&plain));
    assert!(pairs(&secure).iter().all(|one| one.starts_with("__Host-tikmeter_")), "{:?}", pairs(&secure));
    ask("192.0.2.1", "GET", &pairs(&secure).join("; ")).await.expect(200);
    ask("192.0.2.7", "GET", &pairs(&plain).join("; ")).await.expect(200);
    ask("192.0.2.1", "GET", &pairs(&plain).join("; ")).await.expect(401);
}

#[tokio::test]
async fn a_language_is_chosen_for_ones_account() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    let mut browser = Browser::at("192.0.2.7");
    assert_eq!(browser.sign_in(&desk, "eva", PASSWORD).await.expect(200).json()["language"], Value::Null);
    let choose = json!({"language": "id"});
    browser.send(&desk, "PATCH", "/api/v1/session", Some(choose)).await.expect(204);
    let mut other = Browser::at("192.0.2.8");
    assert_eq!(other.sign_in(&desk, "eva", PASSWORD).await.expect(200).text("language"), "id");
    assert_eq!(browser.who(&desk).await, 200, "nobody is signed out by it");
    browser.send(&desk, "PATCH", "/api/v1/session", Some(json!({"language": "xx"}))).await.expect(422);
    browser.send(&desk, "PATCH", "/api/v1/session", Some(json!({"language": null}))).await.expect(204);
    assert_eq!(other.send(&desk, "GET", "/api/v1/session", None).await.json()["language"], Value::Null);
    desk.patch("/api/v1/session", r#"{"language":"id"}"#).await.expect(409);
}

#[tokio::test]
async fn a_token_shows_itself_and_is_not_signed_in() {
    let desk = Desk::new().await;
    let who = desk.see("/api/v1/session").await;
    assert_eq!(
        (&who["name"], &who["role"], &who["sign_in"]),
        (&json!("boss"), &json!("admin"), &Value::Null)
    );
    assert_eq!(desk.see("/api/v1/sign-ins").await["items"], json!([]));
    for path in ["/api/v1/session", "/api/v1/sign-ins", "/api/v1/sign-ins/1"] {
        desk.delete(path).await.expect(409);
    }
    desk.put("/api/v1/session/password", r#"{"password":"x","new_password":"long enough"}"#)
        .await
        .expect(409);
}

#[tokio::test]
async fn a_sign_in_ends_when_nobody_uses_it_and_in_any_case() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    let mut browser = Browser::at("192.0.2.7");
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    let mut used = 0;
    while browser.who(&desk).await == 200 {
        desk.clock.advance(11 * HOUR_US);
        used += 1;
    }
    assert_eq!(used, 14 * 24 / 11 + 1, "used all the time, it lasts two weeks");
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    desk.clock.advance(12 * HOUR_US - 1);
    assert_eq!(browser.who(&desk).await, 200);
    desk.clock.advance(12 * HOUR_US);
    assert_eq!(browser.who(&desk).await, 401, "half a day without a use");
}

#[tokio::test]
async fn whoever_is_changed_or_removed_is_out_at_once_in_every_process() {
    let desk = Desk::new().await;
    add(&desk, "boss", Role::Admin).await;
    let other = Desk::new().await.answering(elsewhere(&desk));
    for change in [json!({"disabled": true}), json!({"role": "cashier"}), json!({"password": "another one"})]
    {
        add(&desk, "eva", Role::Operator).await;
        let mut browser = Browser::at("192.0.2.7");
        browser.sign_in(&desk, "eva", PASSWORD).await.expect(200);
        assert_eq!(browser.who(&other).await, 200, "signed in everywhere");
        desk.patch("/api/v1/operators/Eva", &change.to_string()).await.expect(200);
        assert_eq!((browser.who(&desk).await, browser.who(&other).await), (401, 401), "{change}");
        desk.delete("/api/v1/operators/eva").await.expect(204);
    }
    add(&desk, "eva", Role::Operator).await;
    let mut browser = Browser::at("192.0.2.7");
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    desk.delete("/api/v1/operators/eva").await.expect(204);
    assert_eq!((browser.who(&desk).await, browser.who(&other).await), (401, 401));
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(401);
}

#[tokio::test]
async fn whoever_is_locked_out_does_not_sign_in_until_let_in_again() {
    let desk = Desk::new().await;
    add(&desk, "boss", Role::Admin).await;
    add(&desk, "eva", Role::Operator).await;
    let mut browser = Browser::at("192.0.2.7");
    desk.patch("/api/v1/operators/eva", r#"{"disabled":true}"#).await.expect(200);
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(401);
    desk.patch("/api/v1/operators/eva", r#"{"disabled":false}"#).await.expect(200);
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(200);
}

#[tokio::test]
async fn ones_own_sign_ins_are_listed_and_ended_and_nobody_elses() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    add(&desk, "bob", Role::Viewer).await;
    let [mut phone, mut desktop, mut bobs] = ["192.0.2.1", "192.0.2.2", "192.0.2.3"].map(Browser::at);
    for (browser, name) in [(&mut phone, "eva"), (&mut desktop, "eva"), (&mut bobs, "bob")] {
        browser.sign_in(&desk, name, PASSWORD).await.expect(200);
    }
    let listed = desktop.send(&desk, "GET", "/api/v1/sign-ins", None).await.json();
    let told = |at: usize, field: &str| listed["items"][at][field].clone();
    assert_eq!(listed["items"].as_array().unwrap().len(), 2);
    assert_eq!([told(0, "address"), told(0, "browser")], [json!("192.0.2.2"), json!("Firefox")]);
    assert_eq!([told(0, "current"), told(1, "current")], [json!(true), json!(false)]);
    let of_eva = format!("/api/v1/sign-ins/{}", told(1, "id").as_str().unwrap());
    bobs.send(&desk, "DELETE", &of_eva, None).await.expect(404);
    assert_eq!(phone.who(&desk).await, 200);
    desktop.send(&desk, "DELETE", &of_eva, None).await.expect(204);
    assert_eq!((phone.who(&desk).await, desktop.who(&desk).await), (401, 200));
    phone.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    desktop.send(&desk, "DELETE", "/api/v1/sign-ins", None).await.expect(204);
    assert_eq!((phone.who(&desk).await, desktop.who(&desk).await), (401, 200));
    let of_bob = desk.see("/api/v1/operators/bob/sign-ins").await;
    let id = of_bob["items"][0]["id"].as_str().unwrap();
    desk.delete(&format!("/api/v1/operators/eva/sign-ins/{id}")).await.expect(404);
    desk.delete(&format!("/api/v1/operators/bob/sign-ins/{id}")).await.expect(204);
    assert_eq!((bobs.who(&desk).await, desktop.who(&desk).await), (401, 200));
}

#[tokio::test]
async fn ones_own_password_is_changed_by_who_knows_it_and_ends_every_sign_in() {
    let desk = Desk::new().await;
    add(&desk, "eva", Role::Viewer).await;
    let mut browser = Browser::at("192.0.2.7");
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(200);
    let mut change = async |now: &str, new: &str| {
        let body = json!({"password": now, "new_password": new});
        browser.send(&desk, "PUT", "/api/v1/session/password", Some(body)).await.status.as_u16()
    };
    assert_eq!(change("wrong one", "quite another").await, 422);
    assert_eq!(change(PASSWORD, "short").await, 422);
    assert_eq!(change(PASSWORD, "quite another").await, 204);
    assert_eq!(browser.who(&desk).await, 401);
    browser.sign_in(&desk, "eva", PASSWORD).await.expect(401);
    browser.sign_in(&desk, "eva", "quite another").await.expect(200);
}
