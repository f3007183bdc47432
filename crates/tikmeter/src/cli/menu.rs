//! `tikmeter menu`: what is done every day, by numbers, for whoever knows the menu of the piso-net tool (compat.md 001). Each choice shows the
//! plain command that it stands for, and runs it.
//!
//! * `prompt`: asking; `places`: what there is to choose from
//! * `bandwidth`, `vouchers`, `settings`: what lies below a number

mod bandwidth;
mod places;
mod prompt;
mod settings;
mod vouchers;

use std::io::IsTerminal;

use super::caller::Caller;
use crate::failure::Failure;
use prompt::{Desk, Run};

const CHOICES: &str = "
 1  Server status
 2  Generate vouchers
 3  Hotspot users
 4  Bandwidth Control
 5  Settings
 6  About
 0  Exit";

/// Asks and does until somebody has enough.
///
/// # Errors
/// Where nobody can be asked, or it cannot be written.
pub(crate) async fn run<'r>(caller: &'r Caller, run: Run<'r>) -> Result<(), Failure> {
    if !std::io::stdin().is_terminal() || !std::io::stdout().is_terminal() {
        return Err(Failure::usage(
            "the menu needs a terminal; in a script use the commands themselves: tikmeter --help",
        ));
    }
    let desk = Desk { caller, run };
    loop {
        match desk.choose(CHOICES)?.as_deref() {
            None | Some("0") => return Ok(()),
            Some("1") => desk.carry_out(&["status"]).await?,
            Some("2") => vouchers::generate(&desk).await?,
            Some("3") => desk.carry_out(&["hotspot"]).await?,
            Some("4") => bandwidth::control(&desk).await?,
            Some("5") => settings::choose(&desk).await?,
            Some("6") => about(caller)?,
            Some(other) => desk.no_choice(other),
        }
    }
}

fn about(caller: &Caller) -> Result<(), Failure> {
    let text = format!(
        "Tikmeter {}: knows to the byte what each subscriber of a MikroTik network used, and why.\n\
         The server is at {}; its page and API are there. Every choice here is a command of its own: tikmeter --help\n\
         MIT or Apache-2.0.",
        env!("CARGO_PKG_VERSION"),
        caller.client.address()
    );
    Ok(caller.terminal.line(&text)?)
}
