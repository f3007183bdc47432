//! A device with a browser: where it asks from, and the cookies it keeps.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use accounting::time::Micros;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::ConnectInfo;
use axum::http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, Request};
use operations::ManualClock;
use serde_json::Value;
use server::{PortalState, ServedCertificate, portal};
use tower::ServiceExt;

use super::till::Till;

pub(super) const ANA: (&str, &str) = ("AA:BB:CC:00:00:01", "10.5.50.2");
pub(super) const BEN: (&str, &str) = ("AA:BB:CC:00:00:02", "10.5.50.3");

/// A portal, its till and its clock.
pub(super) struct House {
    pub(super) till: Arc<Till>,
    pub(super) clock: ManualClock,
    pub(super) app: Router,
}

impl House {
    /// Ana and Ben are in sight of router `tower`.
    pub(super) fn new() -> Self {
        House::showing(None)
    }

    /// One that is asked over TLS.
    pub(super) fn showing(certificate: Option<Arc<ServedCertificate>>) -> Self {
        let (till, clock) = (Arc::new(Till::default()), ManualClock::new(Micros(0)));
        for (mac, address) in [ANA, BEN] {
            till.sees(mac, address);
        }
        let state = PortalState::new(till.clone(), Arc::new(clock.clone())).over_tls(certificate);
        let app = portal(state);
        House { till, clock, app }
    }

    /// A browser that was not here before.
    pub(super) fn browser(&self, address: &str) -> Browser {
        let cookies = Some(BTreeMap::new());
        Browser { app: self.app.clone(), from: address.parse().unwrap(), cookies, language: "" }
    }

    /// One whose device was handed over.
    pub(super) async fn handed_over(&self, (mac, address): (&str, &str)) -> Browser {
        let mut browser = self.browser(address);
        browser.get(&hand_over(mac, address)).await.expect(200);
        browser
    }
}

/// Where the login page of router `tower` sends a device.
pub(super) fn hand_over(mac: &str, address: &str) -> String {
    format!("/portal?router=tower&mac={}&ip={address}", mac.replace(':', "%3A"))
}

pub(super) struct Shown {
    pub(super) status: u16,
    pub(super) headers: HeaderMap,
    pub(super) body: String,
}

impl Shown {
    pub(super) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status, status, "{}", self.body);
        self
    }

    pub(super) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// What a form's hidden field has.
    pub(super) fn device(&self) -> String {
        let after = self.body.split("name=\"device\" value=\"").nth(1).unwrap();
        after.split('"').next().unwrap().to_owned()
    }

    pub(super) fn has(&self, text: &str) -> bool {
        self.body.contains(text)
    }
}

pub(super) struct Browser {
    app: Router,
    pub(super) from: IpAddr,
    /// `None`: it keeps none.
    pub(super) cookies: Option<BTreeMap<String, String>>,
    /// What its owner reads.
    pub(super) language: &'static str,
}

impl Browser {
    pub(super) async fn get(&mut self, path: &str) -> Shown {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    pub(super) async fn form(&mut self, path: &str, fields: &[(&str, &str)]) -> Shown {
        let encoded = |(name, value): &(&str, &str)| {
            format!("{name}={}", value.replace('|', "%7C").replace('&', "%26"))
        };
        let body = fields.iter().map(encoded).collect::<Vec<_>>().join("&");
        self.post(path, "application/x-www-form-urlencoded", body).await
    }

    pub(super) async fn json(&mut self, path: &str, body: &str) -> Shown {
        self.post(path, "application/json", body.to_owned()).await
    }

    async fn post(&mut self, path: &str, kind: &str, body: String) -> Shown {
        self.send(Request::post(path).header(CONTENT_TYPE, kind).body(Body::from(body)).unwrap()).await
    }

    pub(super) async fn send(&mut self, mut request: Request<Body>) -> Shown {
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(self.from, 50_000)));
        request.headers_mut().insert(ACCEPT_LANGUAGE, self.language.parse().unwrap());
        let kept: Vec<String> =
            self.cookies.iter().flatten().map(|(name, value)| format!("{name}={value}")).collect();
        if !kept.is_empty() {
            request.headers_mut().insert(COOKIE, kept.join("; ").parse().unwrap());
        }
        let (parts, body) = self.app.clone().oneshot(request).await.unwrap().into_parts();
        self.keep(&parts.headers);
        let body = String::from_utf8(to_bytes(body, usize::MAX).await.unwrap().to_vec()).unwrap();
        Shown { status: parts.status.as_u16(), headers: parts.headers, body }
    }

    fn keep(&mut self, headers: &HeaderMap) {
        let Some(cookies) = &mut self.cookies else { return };
        for line in headers.get_all(SET_COOKIE) {
            let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
            cookies.insert(name.to_owned(), rest.split(';').next().unwrap().to_owned());
        }
    }

    /// The key it kept.
    pub(super) fn key(&self) -> Option<&String> {
        self.cookies.as_ref()?.get("tikmeter_portal_voucher")
    }
}
