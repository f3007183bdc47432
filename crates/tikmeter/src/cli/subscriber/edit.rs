//! `tikmeter subscriber edit`.

use reqwest::Method;
use serde_json::{Map, Value, json};

use super::view;
use crate::cli::caller::Caller;
use crate::cli::{patch, planned};
use crate::failure::Failure;

/// What to change; flags left out leave their values as they are.
#[derive(Debug, clap::Args)]
pub(crate) struct EditArgs {
    /// Its username or id
    subscriber: String,
    /// The person's name; `none` = none
    #[arg(long)]
    name: Option<String>,
    /// `active`, `suspended` or `inactive`
    #[arg(long)]
    status: Option<String>,
    /// Its plan; `none` = none
    #[arg(long)]
    plan: Option<String>,
    /// When it expires, like 2026-12-31 (the end of that day) or 2026-12-31T12:00:00Z; `none` = never. It renews nobody:
    /// `tikmeter renew` does
    #[arg(long, value_name = "TIME", value_parser = expiry)]
    expiry: Option<String>,
    /// The IANA zone of its days, like Asia/Manila; `none` = its router's, else the server's
    #[arg(long, value_parser = zone)]
    zone: Option<String>,
    /// A note; `none` = none
    #[arg(long)]
    note: Option<String>,
    /// Show what would be sent to routers for another plan, and change nothing
    #[arg(long, requires = "plan")]
    dry_run: bool,
}

fn expiry(text: &str) -> Result<String, String> {
    patch::or_none(text, crate::quantity::expiry)
}

fn zone(text: &str) -> Result<String, String> {
    patch::or_none(text, crate::quantity::zone)
}

impl EditArgs {
    /// Changes it.
    ///
    /// # Errors
    /// One sentence.
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let patch = self.patch();
        if patch.is_empty() {
            return Err(Failure::usage("nothing to change was given; see `tikmeter subscriber edit --help`"));
        }
        if self.dry_run {
            let (subscriber, plan) = (&self.subscriber, &patch["plan"]);
            let of = json!({ "act": "edit_subscriber", "subscriber": subscriber, "plan": plan });
            return planned::show(caller, of).await;
        }
        let answer = caller.client.send(Method::PATCH, &["subscribers", &self.subscriber], &patch).await?;
        caller.show(&answer, view::one)
    }

    fn patch(&self) -> Map<String, Value> {
        let fields = [
            ("name", self.name.as_ref().map(patch::text)),
            ("status", self.status.as_ref().map(|status| Value::from(status.as_str()))),
            ("plan", self.plan.as_ref().map(patch::text)),
            ("expiry_at", self.expiry.as_ref().map(patch::text)),
            ("zone", self.zone.as_ref().map(patch::text)),
            ("note", self.note.as_ref().map(patch::text)),
        ];
        patch::given(fields)
    }
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;

    #[derive(Parser)]
    struct Line {
        #[command(flatten)]
        edit: EditArgs,
    }

    #[test]
    fn only_what_was_given_is_sent_and_none_is_null() {
        let words = ["x", "ana", "--plan", "none", "--status", "suspended", "--note", "moved"];
        let patch = Line::try_parse_from(words).unwrap().edit.patch();
        assert_eq!(Value::from(patch), json!({"plan": null, "status": "suspended", "note": "moved"}));
        assert!(Line::try_parse_from(["x", "ana", "--zone", "Nowhere/Town"]).is_err());
    }
}
