//! What the log has, and what it must not have.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::Level;
use tracing_subscriber::fmt::MakeWriter;

use super::browser::{ANA, Browser, House, hand_over};

/// Everything that is logged, of whatever level.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    /// Until the guard is dropped, by this thread.
    fn keep(&self) -> tracing::subscriber::DefaultGuard {
        let builder = tracing_subscriber::fmt().with_max_level(Level::TRACE).with_ansi(false);
        tracing::subscriber::set_default(builder.with_writer(self.clone()).finish())
    }

    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'w> MakeWriter<'w> for Log {
    type Writer = Log;

    fn make_writer(&'w self) -> Log {
        self.clone()
    }
}

const CODE: &str = "WELCOME1";

/// On every path that takes one.
async fn enter(browser: &mut Browser) {
    browser.form("/activate", &[("code", CODE)]).await;
    browser.json("/api/activate-quick", &format!(r#"{{"code":"{CODE}"}}"#)).await;
    browser.get(&format!("/api/status/{CODE}")).await;
    browser.get(&format!("/portal?code={CODE}")).await;
    browser.form("/move", &[]).await;
}

#[tokio::test]
async fn no_code_and_no_key_is_ever_written_down() {
    let log = Log::default();
    let _kept = log.keep();
    let house = House::new();
    house.till.add(CODE, 1, 60);
    let mut browser = house.handed_over(ANA).await;
    enter(&mut browser).await;
    let key = browser.key().unwrap().clone();
    for begin in ["failure: there is", "fault with"] {
        let words = format!("{begin} user {CODE} of key {key} already (6)");
        *house.till.says.lock().unwrap() = Some(words);
        enter(&mut browser).await;
        house.clock.advance(60_000_000);
    }
    *house.till.says.lock().unwrap() = None;
    browser.form("/end-session", &[("code", CODE)]).await.expect(200);
    let text = log.text();
    for told in [
        "failure: there is user * of key * already (6)",
        "broke off",
        "hit a fault",
        "could not be looked up",
    ] {
        assert!(text.contains(told), "{told}: {text}");
    }
    assert!(!text.contains(CODE) && !text.contains(&key), "{text}");
}

/// Whoever asks writes it.
#[tokio::test]
async fn a_name_that_no_router_can_have_fills_no_log() {
    let log = Log::default();
    let _kept = log.keep();
    let house = House::new();
    let mut browser = house.browser(ANA.1);
    for name in ["x".repeat(5_000), "two%0Alines".to_owned()] {
        browser.get(&hand_over(ANA.0, ANA.1).replace("tower", &name)).await.expect(400);
    }
    browser.get(&hand_over(ANA.0, ANA.1).replace("tower", "hill")).await.expect(403);
    let text = log.text();
    assert!(text.contains("hill") && text.len() < 2_000 && !text.contains("lines"), "{text}");
}
