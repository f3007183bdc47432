//! `--dry-run` of what is done in the books and followed by routers: what would be sent to them.

use serde::Deserialize;
use serde_json::Value;

use super::caller::Caller;
use crate::failure::Failure;
use crate::output::printable;

#[derive(Deserialize)]
struct Planned {
    routers: Vec<OnRouter>,
}

#[derive(Deserialize)]
struct OnRouter {
    router: String,
    commands: Vec<String>,
    trouble: Option<String>,
}

/// Asks what would be sent if that was done, and shows it.
///
/// # Errors
/// One sentence, also where it is not known of a router.
pub(super) async fn show(caller: &Caller, of: Value) -> Result<(), Failure> {
    let answer = caller.client.send(reqwest::Method::POST, &["planned-commands"], &of).await?;
    let planned: Planned = answer.read()?;
    caller.show(&answer, text)?;
    match planned.routers.iter().filter(|on| on.trouble.is_some()).count() {
        0 => Ok(()),
        _ => Err(Failure::said("of a router it is not known what would be sent; nothing was".to_owned())),
    }
}

fn text(planned: &Planned) -> String {
    if planned.routers.iter().all(|on| on.commands.is_empty() && on.trouble.is_none()) {
        return "Nothing would be sent to any router.".to_owned();
    }
    let lines = planned.routers.iter().flat_map(|on| {
        let told = match &on.trouble {
            Some(why) => format!(
                "Router {}: it is not known what would be sent: {}",
                printable(&on.router),
                printable(why)
            ),
            None => format!("Router {}: nothing was sent; these would be.", printable(&on.router)),
        };
        std::iter::once(told).chain(on.commands.iter().map(|command| printable(command)))
    });
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(commands: &[&str], trouble: Option<&str>) -> Planned {
        let commands = commands.iter().map(|command| (*command).to_owned()).collect();
        Planned {
            routers: vec![OnRouter { router: "r".into(), commands, trouble: trouble.map(str::to_owned) }],
        }
    }

    #[test]
    fn each_router_is_told_with_its_commands_or_why_they_are_not_known() {
        assert_eq!(text(&Planned { routers: Vec::new() }), "Nothing would be sent to any router.");
        assert_eq!(text(&on(&[], None)), "Nothing would be sent to any router.");
        assert_eq!(text(&on(&["/a", "/b"], None)), "Router r: nothing was sent; these would be.\n/a\n/b");
        assert_eq!(text(&on(&[], Some("away"))), "Router r: it is not known what would be sent: away");
    }
}
