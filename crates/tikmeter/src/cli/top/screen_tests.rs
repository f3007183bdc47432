//! What a panic leaves behind. This very test is run on a terminal, for it can panic there and the built program cannot.

use std::process::Command;

use super::*;

#[expect(dead_code, reason = "keys and sizes are for the tests of the built program")]
#[path = "../../../tests/it/pseudo_terminal.rs"]
mod pseudo_terminal;
use pseudo_terminal::PseudoTerminal;

/// Set where this test is run by itself, on a terminal.
const ON_TERMINAL: &str = "TEST_PANICS_ON_THIS_TERMINAL";

#[test]
fn after_a_panic_the_terminal_is_as_it_was_and_shows_why() {
    if std::env::var_os(ON_TERMINAL).is_some() {
        let mut terminal = Restored::begin().unwrap();
        terminal.0.draw(|frame| frame.render_widget("all is well", frame.area())).unwrap();
        panic!("nobody foresaw that");
    }
    let mut itself = Command::new(std::env::current_exe().unwrap());
    let name = "cli::top::screen::tests::after_a_panic_the_terminal_is_as_it_was_and_shows_why";
    itself.args(["--exact", name, "--nocapture"]).env(ON_TERMINAL, "1");
    let mut terminal = PseudoTerminal::run(&itself, (100, 30));
    assert_eq!(terminal.end().code(), Some(101));
    terminal.is_restored();
    terminal.when("the reason", |lines| lines.iter().any(|line| line.contains("nobody foresaw that")));
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(bytes.contains("\u{1b}[?1049h"), "it had a screen of its own: {bytes:?}");
}
