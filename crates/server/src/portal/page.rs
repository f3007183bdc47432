//! The pages: everything in one answer, nothing from elsewhere, small enough for the weakest Wi-Fi.

use axum::http::header::{
    CONTENT_LANGUAGE, CONTENT_SECURITY_POLICY, CONTENT_TYPE, RETRY_AFTER, SET_COOKIE, VARY,
};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};

use super::html::{Html, Slot};
use super::language::Language;
use super::refusal::Refusal;
use super::texts::Text;

const LAYOUT: &str = include_str!("../../portal/layout.html");
const MESSAGE: &str = include_str!("../../portal/message.html");
const CSS: &str = include_str!("../../portal/page.css");
const LEFT: &str = include_str!("../../portal/left.js");

/// One page as an answer.
pub(super) struct Page {
    status: StatusCode,
    title: Text,
    body: Html,
    counts_down: bool,
    cookies: Vec<HeaderValue>,
    retry_after: Option<u64>,
}

impl Page {
    pub(super) fn new(status: StatusCode, title: Text, body: Html) -> Self {
        Page { status, title, body, counts_down: false, cookies: Vec::new(), retry_after: None }
    }

    /// A page with nothing to do on it.
    pub(super) fn message(status: StatusCode, title: Text, text: &str) -> Self {
        let slots = [("title", Slot::Text(title.told())), ("text", Slot::Text(text))];
        Page::new(status, title, Html::filled(MESSAGE, &slots))
    }

    /// Why there is no other page.
    pub(super) fn refused(refusal: &Refusal) -> Self {
        let message = refusal.message(Language::asked());
        Page::message(refusal.status(), Text::NotNow, &message).waiting(refusal)
    }

    /// The same, with the script that counts down what is left.
    pub(super) fn counting_down(self) -> Self {
        Page { counts_down: true, ..self }
    }

    /// The same, keeping something in the browser.
    pub(super) fn keeping(mut self, cookie: Option<HeaderValue>) -> Self {
        self.cookies.extend(cookie);
        self
    }

    /// The same, saying to programs when it is of use to come again.
    pub(super) fn waiting(self, refusal: &Refusal) -> Self {
        let retry_after = if let Refusal::Wait(wait) = refusal { Some(wait.seconds()) } else { None };
        Page { retry_after, ..self }
    }

    fn html(&self, nonce: &str) -> String {
        let style = Html::ours(CSS);
        let script = if self.counts_down { script(nonce) } else { Html::default() };
        let slots = [
            ("lang", Slot::Text(Language::asked().tag())),
            ("title", Slot::Text(self.title.told())),
            ("nonce", Slot::Text(nonce)),
            ("css", Slot::Part(&style)),
            ("body", Slot::Part(&self.body)),
            ("script", Slot::Part(&script)),
        ];
        Html::filled(LAYOUT, &slots).into_text()
    }
}

fn script(nonce: &str) -> Html {
    let script = Html::ours(LEFT);
    let slots = [("nonce", Slot::Text(nonce)), ("script", Slot::Part(&script))];
    Html::filled("<script nonce=\"{{nonce}}\">\n{{script}}</script>\n", &slots)
}

/// Said on a page.
pub(super) fn said(text: &str, is_bad: bool) -> Html {
    let class = if is_bad { "said bad" } else { "said" };
    let slots = [("class", Slot::Text(class)), ("text", Slot::Text(text))];
    Html::filled("<p class=\"{{class}}\" role=\"status\">{{text}}</p>\n", &slots)
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let nonce = hex::encode(rand::random::<[u8; 16]>());
        let mut answer = (self.status, self.html(&nonce)).into_response();
        let headers = answer.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        headers.insert(CONTENT_SECURITY_POLICY, policy(&nonce));
        headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static(Language::asked().tag()));
        headers.insert(VARY, HeaderValue::from_static("accept-language"));
        headers.extend(self.cookies.into_iter().map(|cookie| (SET_COOKIE, cookie)));
        headers.extend(self.retry_after.map(|seconds| (RETRY_AFTER, seconds.into())));
        answer
    }
}

/// This style, this script and this server; the icon is an empty one within the page.
fn policy(nonce: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{nonce}'; script-src 'nonce-{nonce}'; connect-src 'self'; img-src data:; \
         form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).expect("hexadecimal digits fit a header")
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        Page::refused(&self).into_response()
    }
}
