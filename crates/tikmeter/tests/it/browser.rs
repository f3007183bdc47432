//! A browser on a device of a hotspot, before the portal. On loopback a test can ask from where the device is.

use std::net::IpAddr;

use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::Value;
use tokio::runtime::Runtime;
use tokio::task::JoinHandle;

/// See the module. It keeps its cookies.
pub(crate) struct Browser<'r> {
    runtime: &'r Runtime,
    client: Client,
    portal: String,
    device: (String, IpAddr),
    pub(crate) cookies: Vec<(String, String)>,
}

impl<'r> Browser<'r> {
    /// On the device with that MAC and address.
    pub(crate) fn on(runtime: &'r Runtime, portal: &str, (mac, address): (&str, [u8; 4])) -> Self {
        let address = IpAddr::from(address);
        let client = Client::builder().local_address(address).build().unwrap();
        let device = (mac.to_owned(), address);
        Browser { runtime, client, portal: portal.to_owned(), device, cookies: Vec::new() }
    }

    /// As that router's login page sends it.
    pub(crate) fn hand_over(&mut self, router: &str) -> (u16, String) {
        let mac = self.device.0.clone();
        self.hand_over_as(router, &mac)
    }

    /// The same with the MAC of another.
    pub(crate) fn hand_over_as(&mut self, router: &str, mac: &str) -> (u16, String) {
        let (mac, ip) = (mac.replace(':', "%3A"), self.device.1);
        self.get(&format!("/portal?router={router}&mac={mac}&ip={ip}"))
    }

    pub(crate) fn get(&mut self, path: &str) -> (u16, String) {
        self.send(self.client.get(format!("{}{path}", self.portal)))
    }

    pub(crate) fn post(&mut self, path: &str, form: &str) -> (u16, String) {
        self.send(self.form(path, form))
    }

    /// Sends it, and does not wait for the answer.
    pub(crate) fn post_apart(&self, path: &str, form: &str) -> JoinHandle<(u16, String)> {
        let request = self.with_cookies(self.form(path, form));
        self.runtime.spawn(async { read(request.send().await.unwrap()).await })
    }

    /// How the code, or the device with the MAC, stands.
    pub(crate) fn status(&mut self, whose: &str) -> Value {
        let (status, text) = self.get(&format!("/api/status/{whose}"));
        assert_eq!(status, 200, "{text}");
        serde_json::from_str(&text).unwrap()
    }

    fn form(&self, path: &str, form: &str) -> RequestBuilder {
        let kind = "application/x-www-form-urlencoded";
        let request = self.client.post(format!("{}{path}", self.portal)).header("content-type", kind);
        request.body(form.to_owned())
    }

    fn with_cookies(&self, request: RequestBuilder) -> RequestBuilder {
        let kept: Vec<String> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        request.header(COOKIE, kept.join("; "))
    }

    fn send(&mut self, request: RequestBuilder) -> (u16, String) {
        let request = self.with_cookies(request);
        self.runtime.block_on(async {
            let answer = request.send().await.unwrap();
            for line in answer.headers().get_all(SET_COOKIE) {
                let (name, rest) = line.to_str().unwrap().split_once('=').unwrap();
                self.cookies.retain(|(known, _)| known != name);
                self.cookies.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
            }
            read(answer).await
        })
    }
}

async fn read(answer: Response) -> (u16, String) {
    (answer.status().as_u16(), answer.text().await.unwrap())
}
