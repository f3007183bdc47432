//! `tikmeter router commands`: what processes asked each other to do with routers.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant};

#[derive(Deserialize)]
struct Command {
    router: Option<String>,
    kind: String,
    state: String,
    message: Option<String>,
    process: Option<String>,
    at: String,
}

/// Lists the newest.
///
/// # Errors
/// One sentence.
pub(super) async fn list(caller: &Caller) -> Result<(), Failure> {
    let answer = caller.client.get(&["commands"], &[]).await?;
    caller.show(&answer, |page: &Page<Command>| table(&page.items))
}

fn table(commands: &[Command]) -> String {
    if commands.is_empty() {
        return "No process asked another one to do anything with a router in the last days.\n".to_owned();
    }
    let mut table = Table::new(&["when", "router", "command", "process", "state", "why"]);
    for command in commands {
        table.row([
            instant(Some(&command.at)),
            command.router.clone().unwrap_or_else(|| "(removed)".to_owned()),
            command.kind.clone(),
            command.process.clone().unwrap_or_default(),
            command.state.replace('_', " "),
            command.message.clone().unwrap_or_default(),
        ]);
    }
    table.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_became_of_each_is_told() {
        let command = Command {
            router: Some("tower".into()),
            kind: "read_now".into(),
            state: "not_done".into(),
            message: Some("East ended.".into()),
            process: None,
            at: "2026-11-21T14:02:05Z".into(),
        };
        let told = table(&[command]);
        for part in ["tower", "read_now", "not done", "East ended.", "2026-11-21"] {
            assert!(told.contains(part), "{told}");
        }
        assert!(table(&[]).starts_with("No process"));
    }
}
