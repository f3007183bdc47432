//! What the demo says first.

use std::net::SocketAddr;
use std::path::Path;

use secrecy::{ExposeSecret, SecretString};
use serde_json::json;

use crate::data_folder;
use crate::output::shell_word;

/// What there is to know about a demo that just started.
pub(super) struct Welcome<'a> {
    /// Where the API and the page are.
    pub(super) address: SocketAddr,
    /// Where a browser of this machine enters a voucher, if the portal is served.
    pub(super) portal: Option<String>,
    /// The admin token.
    pub(super) token: &'a SecretString,
    /// The password of the operator `demo`; `None` where an earlier run in that folder made it.
    pub(super) password: Option<&'a SecretString>,
    /// The folder of the database.
    pub(super) data: &'a Path,
    /// Whether that folder goes with the demo.
    pub(super) removed: bool,
    /// How many people dial in.
    pub(super) people: usize,
    /// Milliseconds between two readings.
    pub(super) interval_ms: u64,
    /// A subscriber to look at.
    pub(super) example: String,
    /// How this program was called.
    pub(super) program: String,
}

impl Welcome<'_> {
    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// For scripts: one line.
    pub(super) fn json(&self) -> String {
        json!({
            "simulated": true,
            "url": self.url(),
            "portal": self.portal,
            "token": self.token.expose_secret(),
            "operator": "demo",
            "password": self.password.map(ExposeSecret::expose_secret),
            "data": self.data,
            "example": self.example,
        })
        .to_string()
    }

    /// For people.
    pub(super) fn text(&self) -> String {
        let (url, token) = (self.url(), self.token.expose_secret());
        let Welcome { people, interval_ms, .. } = self;
        let data = self.data.display().to_string();
        let [program, data, example] = [&self.program, &data, &self.example].map(|name| shell_word(name));
        let token_file = shell_word(&data_folder::token_file(self.data).display().to_string());
        let portal = self.portal.iter().map(|portal| format!("portal   {portal}\n")).collect::<String>();
        let sign_in = match self.password {
            Some(password) => format!("demo, with the password {}", password.expose_secret()),
            None => "demo, with the password of the first run in this folder".to_owned(),
        };
        let kept = if self.removed { "removed at the end" } else { "kept" };
        format!(
            "SIMULATED: 3 routers (RouterOS 6.49, 7.12, 7.20) with {people} subscribers and their hotspot guests, read every {interval_ms} ms. \
             No figure here is a real subscriber's.\n\n\
             admin    {url}/admin\n\
             sign in  {sign_in}\n\
             page     {url}/\n\
             {portal}token    {token}\n\
             data     {data} ({kept})\n\n\
             Try in another terminal:\n\
             \x20 {program} top --data {data}\n\
             \x20 {program} usage --data {data}\n\
             \x20 {program} explain --subscriber {example} --data {data}\n\
             \x20 {program} limit set --login {example} --down 2M --data {data}\n\
             \x20 {program} disconnect {example} --data {data}\n\
             \x20 sed 's/^/Authorization: Bearer /' {token_file} | curl -H @- {url}/api/v1/routers\n\n\
             First totals in a moment. Ctrl-C ends it."
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_says_simulated_first_and_has_six_commands_without_the_token() {
        let token = SecretString::from("tkm_x".to_owned());
        let password = SecretString::from("sesame".to_owned());
        let welcome = Welcome {
            address: "127.0.0.1:8081".parse().unwrap(),
            portal: Some("http://127.0.0.1:8080/portal?router=lake".to_owned()),
            token: &token,
            password: Some(&password),
            data: Path::new("/tmp/d"),
            removed: true,
            people: 310,
            interval_ms: 2_000,
            example: "ana.hill".to_owned(),
            program: "tikmeter".to_owned(),
        };
        let text = welcome.text();
        assert!(text.starts_with("SIMULATED"), "{text}");
        assert_eq!(
            text.lines().filter(|line| line.starts_with("  ") && line.contains("/tmp/d")).count(),
            6,
            "{text}"
        );
        assert_eq!(text.matches("tkm_x").count(), 1, "a list of processes would show it: {text}");
        assert_eq!(text.matches("demo, with the password sesame").count(), 1, "{text}");
        assert!(welcome.json().contains("\"simulated\":true"));
    }
}
