//! `tikmeter plan profiles`: how the file of profiles stands that gives plans.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{Table, instant, printable, shell_word};

#[derive(Deserialize)]
struct Profiles {
    file: Option<String>,
    as_of: Option<String>,
    trouble: Option<String>,
    items: Vec<Profile>,
}

#[derive(Deserialize)]
struct Profile {
    name: String,
    conflicts: Vec<Conflict>,
}

#[derive(Deserialize)]
struct Conflict {
    field: String,
    file: Option<String>,
    plan: Option<String>,
}

/// Shows it.
///
/// # Errors
/// One sentence.
pub(super) async fn run(caller: &Caller) -> Result<(), Failure> {
    let answer = caller.client.get(&["profiles"], &[]).await?;
    caller.show(&answer, text)
}

fn text(profiles: &Profiles) -> String {
    let Some(file) = &profiles.file else {
        return "The server reads no file of profiles. Name one with [vouchers] profiles in tikmeter.toml."
            .to_owned();
    };
    let taken = format!("{}, as taken {}", printable(file), instant(profiles.as_of.as_deref()));
    let mut shown = match &profiles.trouble {
        Some(trouble) => format!("{taken}. What it holds now is not taken: {}\n", printable(trouble)),
        None => format!("{taken}\n"),
    };
    let mut table = Table::new(&["profile", "plan"]);
    for profile in &profiles.items {
        let standing =
            if profile.conflicts.is_empty() { "as in the file" } else { "differs, and is left so" };
        table.row([profile.name.clone(), standing.to_owned()]);
    }
    shown += &table.to_string();
    for profile in profiles.items.iter().filter(|profile| !profile.conflicts.is_empty()) {
        shown += &settled(profile);
    }
    shown
}

/// In what they differ, and how to have it as the file says. The other way is to write it into the file.
fn settled(profile: &Profile) -> String {
    let value = |text: &Option<String>| text.clone().unwrap_or_else(|| "none".to_owned());
    let name = shell_word(&profile.name);
    let (mut told, mut command) = (Vec::new(), format!("tikmeter plan edit {name}"));
    for Conflict { field, file, plan } in &profile.conflicts {
        told.push(format!("{field} is {} in the file, {} in the plan", value(file), value(plan)));
        let flag = field.trim_end_matches("_bps").replace('_', "-");
        command += &format!(" --{flag} {}", value(file));
    }
    format!("{}: {}. As the file has it: {command}\n", printable(&profile.name), told.join("; "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_differs_is_shown_with_the_command_that_settles_it() {
        let profiles = json!({"file": "profiles.json", "as_of": null, "trouble": "profiles.json:7: no", "items": [
            {"name": "BASIC", "conflicts": []},
            {"name": "my plan", "conflicts": [
                {"field": "rate_up_bps", "file": "512000", "plan": null},
                {"field": "price", "file": null, "plan": "7"}]},
        ]});
        let text = text(&serde_json::from_value(profiles).unwrap());
        assert!(text.contains("not taken: profiles.json:7: no"), "{text}");
        assert!(text.contains("tikmeter plan edit 'my plan' --rate-up 512000 --price none"), "{text}");
        assert!(text.contains("rate_up_bps is 512000 in the file, none in the plan"), "{text}");
        assert_eq!(text.matches("as in the file").count(), 1, "{text}");
    }
}
