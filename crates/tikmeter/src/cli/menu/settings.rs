//! Settings: what is set up, and whether it works.

use super::places::routers;
use super::prompt::Desk;
use crate::failure::Failure;

const CHOICES: &str = "
Settings
 1  Test router connection
 2  List routers
 3  List plans
 4  File of profiles
 5  Log of the server
 0  Back";

/// Asks and does until somebody goes back.
pub(super) async fn choose(desk: &Desk<'_>) -> Result<(), Failure> {
    loop {
        match desk.choose(CHOICES)?.as_deref() {
            None | Some("0") => return Ok(()),
            Some("1") => test(desk).await?,
            Some("2") => desk.carry_out(&["router", "list"]).await?,
            Some("3") => desk.carry_out(&["plan", "list"]).await?,
            Some("4") => desk.carry_out(&["plan", "profiles"]).await?,
            Some("5") => desk.carry_out(&["logs"]).await?,
            Some(other) => desk.no_choice(other),
        }
    }
}

async fn test(desk: &Desk<'_>) -> Result<(), Failure> {
    let names: Vec<String> = routers(desk).await.into_iter().map(|router| router.name).collect();
    if names.is_empty() {
        desk.caller.terminal.remark("No routers yet. Add one: tikmeter router add NAME HOST --user USER");
        return Ok(());
    }
    match desk.pick("Which router?", &names)? {
        Some(chosen) => desk.carry_out(&["router", "test", &names[chosen]]).await,
        None => Ok(()),
    }
}
