//! The two pages with something to do: entering a code, and being online.

use axum::http::StatusCode;

use super::html::{Html, Slot};
use super::language::Language;
use super::left::Left;
use super::page::{Page, said};
use super::texts::Text;

const ENTER: &str = include_str!("../../portal/enter.html");
const REST: &str = include_str!("../../portal/rest.html");
const ONLINE: &str = include_str!("../../portal/online.html");
const SCANNED: &str = include_str!("../../portal/scanned.html");
const KEY: &str = include_str!("../../portal/key.html");
const OWNER: &str = include_str!("../../portal/owner.html");

/// Entering a code.
#[derive(Default)]
pub(super) struct Enter<'a> {
    /// The sealed device.
    pub(super) device: &'a str,
    /// What was typed before.
    pub(super) code: &'a str,
    /// What is said above, and whether it is bad news.
    pub(super) said: Option<(&'a str, bool)>,
    /// What is left of a voucher whose key the browser kept.
    pub(super) rest: Option<Left>,
}

impl Enter<'_> {
    pub(super) fn page(&self, status: StatusCode) -> Page {
        let (said, rest) = (told(self.said), self.rest.map_or_else(Html::default, |left| self.rest(left)));
        let slots = [
            ("said", Slot::Part(&said)),
            ("rest", Slot::Part(&rest)),
            ("device", Slot::Text(self.device)),
            ("code", Slot::Text(self.code)),
        ];
        Page::new(status, Text::GoOnline, Html::filled(ENTER, &slots))
    }

    fn rest(&self, left: Left) -> Html {
        let (time, data) = (left.time(Language::asked()), left.data(Language::asked()));
        let slots =
            [("time", Slot::Text(&time)), ("data", Slot::Text(&data)), ("device", Slot::Text(self.device))];
        Html::filled(REST, &slots)
    }
}

/// A code was read off a sheet by a device that nobody handed over yet. The page is the same for every code.
pub(super) fn scanned(code: &str) -> Page {
    let body = Html::filled(SCANNED, &[("code", Slot::Text(code))]);
    Page::new(StatusCode::FORBIDDEN, Text::ConnectFirst, body)
}

/// Being online.
pub(super) struct Online<'a> {
    pub(super) left: Left,
    /// Of the device, if its hand-over is known: what is left is asked for again and again then.
    pub(super) mac: Option<&'a str>,
    /// The key to be kept, shown once.
    pub(super) proof: Option<&'a str>,
    /// Whether the browser has a key, so that no code is needed to end the session.
    pub(super) has_key: bool,
    pub(super) said: Option<(&'a str, bool)>,
}

impl Online<'_> {
    pub(super) fn page(&self, status: StatusCode) -> Page {
        let (said, key) = (told(self.said), self.proof.map_or_else(Html::default, key));
        let owner = if self.has_key { Html::default() } else { Html::filled(OWNER, &[]) };
        let seconds = self.left.seconds.map_or_else(String::new, |seconds| seconds.to_string());
        let status_of = self.mac.map_or_else(String::new, |mac| format!("/api/status/{mac}"));
        let (time, data) = (self.left.time(Language::asked()), self.left.data(Language::asked()));
        let slots = [
            ("said", Slot::Part(&said)),
            ("seconds", Slot::Text(&seconds)),
            ("status", Slot::Text(&status_of)),
            ("time", Slot::Text(&time)),
            ("data", Slot::Text(&data)),
            ("key", Slot::Part(&key)),
            ("owner", Slot::Part(&owner)),
        ];
        Page::new(status, Text::Online, Html::filled(ONLINE, &slots)).counting_down()
    }
}

fn key(proof: &str) -> Html {
    Html::filled(KEY, &[("proof", Slot::Text(proof))])
}

fn told(news: Option<(&str, bool)>) -> Html {
    news.map_or_else(Html::default, |(text, is_bad)| said(text, is_bad))
}

#[cfg(test)]
mod tests {
    use axum::body::to_bytes;
    use axum::response::IntoResponse;

    use super::*;

    const LEFT: Left = Left { seconds: Some(7_199), octets: Some(1_500_000_000) };
    const HOSTILE: &str = "\"><script src=//evil.example></script>";

    async fn shown(page: Page) -> (String, String) {
        let answer = page.into_response();
        let policy = answer.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let body = to_bytes(answer.into_body(), usize::MAX).await.unwrap();
        (String::from_utf8(body.to_vec()).unwrap(), policy)
    }

    fn all(with: &str) -> Vec<Page> {
        let enter = Enter { device: with, code: with, said: Some((with, true)), rest: Some(LEFT) };
        let online = |has_key| Online {
            left: LEFT,
            mac: Some(with),
            proof: Some(with),
            has_key,
            said: Some((with, false)),
        };
        let message = Page::message(StatusCode::NOT_FOUND, Text::NotHere, with);
        vec![
            scanned(with),
            enter.page(StatusCode::OK),
            online(true).page(StatusCode::OK),
            online(false).page(StatusCode::OK),
            message,
        ]
    }

    /// What is asked of the network: nothing but this one answer, and that is small. Addresses of ours begin with one slash.
    #[tokio::test]
    async fn each_page_is_small_and_asks_nobody_else() {
        for page in all("7|AA:BB:CC:00:00:01|10.5.50.2|10.5.50.2|1|00") {
            let (html, _) = shown(page).await;
            assert!(html.len() < 50_000, "{} octets", html.len());
            for word in ["//", "url(", "@import", "<img", "<iframe", "<object", " src=", "srcset"] {
                let found =
                    html.lines().find(|line| line.contains(word) && !line.trim_start().starts_with("// "));
                assert_eq!(found, None, "{word}");
            }
            for attribute in ["href=\"", "action=\"", "data-status=\""] {
                for address in html.split(attribute).skip(1) {
                    let is_ours = address.starts_with('/') || address.starts_with("data:,\"");
                    assert!(is_ours, "{attribute}{}", &address[..address.len().min(30)]);
                }
            }
        }
    }

    #[tokio::test]
    async fn nothing_that_is_put_in_becomes_part_of_the_page() {
        for page in all(HOSTILE) {
            let (html, _) = shown(page).await;
            assert!(!html.contains("evil.example>") && html.contains("&quot;&gt;&lt;script"), "{html}");
        }
    }

    #[tokio::test]
    async fn the_policy_allows_this_style_and_script_and_no_other() {
        let nonces = async |page: Page| {
            let (html, policy) = shown(page).await;
            let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
            assert!(policy.starts_with("default-src 'none';") && !policy.contains("unsafe"), "{policy}");
            assert_eq!(
                html.matches("<style").count(),
                html.matches(&format!("<style nonce=\"{nonce}\"")).count()
            );
            assert_eq!(
                html.matches("<script").count(),
                html.matches(&format!("<script nonce=\"{nonce}\"")).count()
            );
            assert!(!html.contains(" style=") && !html.contains(" onclick"), "{html}");
            nonce
        };
        let mut seen = std::collections::BTreeSet::new();
        for page in all("x") {
            assert!(seen.insert(nonces(page).await), "each answer has its own");
        }
    }

    #[tokio::test]
    async fn all_there_is_to_do_works_without_a_script() {
        let (enter, _) =
            shown(Enter { device: "d", rest: Some(LEFT), ..Enter::default() }.page(StatusCode::OK)).await;
        for form in
            ["action=\"/activate\"", "action=\"/move\"", "name=\"code\"", "name=\"device\" value=\"d\""]
        {
            assert!(enter.contains(form), "{form}");
        }
        assert!(!enter.contains("<script"), "{enter}");
        let online = Online { left: LEFT, mac: None, proof: None, has_key: false, said: None };
        let (online, _) = shown(online.page(StatusCode::OK)).await;
        for part in ["1:59:59", "1.5 GB", "action=\"/end-session\"", "name=\"code\""] {
            assert!(online.contains(part), "{part}: {online}");
        }
    }
}
