//! `tikmeter key ...`: the key that the routers' passwords are sealed with. It is never shown.

use clap::Subcommand;
use reqwest::Method;
use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::cli::consent::{can_be_asked, says_yes};
use crate::failure::Failure;
use crate::output::{instant, many, printable};

/// What can be done with it.
#[derive(Debug, Subcommand)]
pub(crate) enum KeyCommand {
    /// Show where the key comes from, its fingerprint, and what it opens
    Show,
    /// Make a new key and seal every router's password anew with it; routers are read on meanwhile
    Rotate(RotateArgs),
}

/// How it is replaced.
#[derive(Debug, clap::Args)]
pub(crate) struct RotateArgs {
    /// Do not ask whether to do it
    #[arg(long)]
    yes: bool,
}

#[derive(Deserialize)]
struct Key {
    source: String,
    path: Option<String>,
    fingerprint: String,
    since: Option<String>,
    older: Option<String>,
    opens: u64,
    lost: Vec<String>,
    unlike: Vec<String>,
}

impl KeyCommand {
    /// Carries it out.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        match self {
            KeyCommand::Show => caller.show(&caller.client.get(&["key"], &[]).await?, stands),
            KeyCommand::Rotate(args) => args.run(caller).await,
        }
    }
}

impl RotateArgs {
    async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let question = "Replace the key to the routers' passwords? Backups made so far need the present one: keep a copy of it.";
        if !self.yes && can_be_asked() && !says_yes(&caller.terminal, question, "The key was not replaced")? {
            caller.terminal.remark("Nothing was changed.");
            return Ok(());
        }
        let answer = caller.client.act(Method::POST, &["key", "rotate"]).await?;
        caller.show(&answer, rotated)
    }
}

fn stands(key: &Key) -> String {
    let mut lines = vec![format!("The key is {}, fingerprint {}.", place(key), key.fingerprint)];
    if let Some(since) = &key.since {
        lines.push(format!("It is the one it is since {}.", instant(Some(since))));
    }
    lines.push(format!("It opens the passwords of {}.", many(key.opens, "router")));
    lines.extend(troubles(key));
    lines.join("\n")
}

fn rotated(key: &Key) -> String {
    let mut lines = vec![format!(
        "The key is another one now, fingerprint {}: the passwords of {} are sealed anew. Keep a copy of {} elsewhere.",
        key.fingerprint,
        many(key.opens, "router"),
        printable(key.path.as_deref().unwrap_or("it"))
    )];
    lines.extend(troubles(key));
    lines.join("\n")
}

fn place(key: &Key) -> String {
    let path = printable(key.path.as_deref().unwrap_or_default());
    match key.source.as_str() {
        "file" => format!("in the file {path}"),
        "credential" => format!("the credential {path} of the service manager"),
        _ => "in memory only".to_owned(),
    }
}

fn troubles(key: &Key) -> Vec<String> {
    let older = key.older.as_ref().map(|older| {
        format!("Passwords may still be sealed with the key before ({older}), which stays until they are sealed anew.")
    });
    let lost = (!key.lost.is_empty()).then(|| {
        format!(
            "It does not open the passwords of {}, which are not read after a start. Put the right key in its place, or set each \
             again: tikmeter router edit NAME --password-file FILE. Nothing else is lost.",
            printable(&key.lost.join(", "))
        )
    });
    let unlike = (!key.unlike.is_empty()).then(|| {
        format!(
            "Another key have the processes {}: copy this one's file into their data folders, where it is taken up within seconds.",
            printable(&key.unlike.join(", "))
        )
    });
    older.into_iter().chain(lost).chain(unlike).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn key(change: impl FnOnce(&mut Value)) -> Key {
        let mut key = json!({
            "source": "file", "path": "/var/lib/tikmeter/key", "fingerprint": "0123abcd", "since": null, "older": null,
            "opens": 2, "lost": [], "unlike": [],
        });
        change(&mut key);
        serde_json::from_value(key).unwrap()
    }

    #[test]
    fn what_is_wrong_with_a_key_is_said_with_what_mends_it() {
        let well = stands(&key(|_| ()));
        assert!(well.contains("/var/lib/tikmeter/key") && well.contains("0123abcd"), "{well}");
        assert_eq!(well.lines().count(), 2, "{well}");
        let told = stands(&key(|key| {
            key["older"] = "aaaabbbb".into();
            key["lost"] = json!(["tower"]);
            key["unlike"] = json!(["east"]);
        }));
        assert!(
            told.contains("aaaabbbb") && told.contains("tower") && told.contains("router edit"),
            "{told}"
        );
        assert!(told.contains("east") && told.contains("taken up within seconds"), "{told}");
        assert!(rotated(&key(|_| ())).contains("2 routers"));
    }
}
