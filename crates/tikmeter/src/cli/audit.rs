//! `tikmeter audit`: who did what and from where, newest first.

use serde::Deserialize;
use serde_json::{Map, Value};

use crate::cli::caller::Caller;
use crate::cli::export::{self, Format};
use crate::cli::paging::{PagingArgs, more};
use crate::client::Page;
use crate::failure::Failure;
use crate::output::{Table, instant, octets, rate};
use crate::quantity;

/// Which acts.
#[derive(Debug, clap::Args)]
pub(crate) struct AuditArgs {
    /// Only by this operator or token, exactly
    #[arg(long)]
    actor: Option<String>,
    /// Only this act, exactly, for example router.add
    #[arg(long)]
    action: Option<String>,
    /// Only what was done to this one, exactly: a router's name, a username
    #[arg(long)]
    subject: Option<String>,
    /// From this instant on [default: from the first act on]
    #[arg(long, value_name = "TIME", value_parser = quantity::instant)]
    from: Option<String>,
    /// Until this instant, exclusive [default: no end]
    #[arg(long, value_name = "TIME", value_parser = quantity::instant)]
    to: Option<String>,
    /// Write all of them as a CSV file, with the hashes that chain them
    #[arg(long, conflicts_with_all = ["limit", "cursor"])]
    csv: bool,
    #[command(flatten)]
    paging: PagingArgs,
}

#[derive(Deserialize)]
struct Act {
    seq: u64,
    at: String,
    actor: String,
    origin: Option<String>,
    action: String,
    subject: String,
    detail: Map<String, Value>,
}

impl AuditArgs {
    /// Lists them.
    ///
    /// # Errors
    /// One sentence.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let filter = [
            ("actor", self.actor.as_deref()),
            ("action", self.action.as_deref()),
            ("subject", self.subject.as_deref()),
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
        ];
        if self.csv {
            return export::write(caller, Format::Csv, &["audit"], &filter).await;
        }
        let answer = caller.client.get(&["audit"], &self.paging.query(&filter)).await?;
        caller.show(&answer, |page: &Page<Act>| table(&page.items) + &more(page))
    }
}

fn table(acts: &[Act]) -> String {
    if acts.is_empty() {
        return "No such acts.\n".to_owned();
    }
    let mut table = Table::new(&[">no", "when", "who", "from", "what", "on", "particulars"]);
    for act in acts {
        table.row([
            act.seq.to_string(),
            instant(Some(&act.at)),
            act.actor.clone(),
            act.origin.clone().unwrap_or_else(|| "-".to_owned()),
            act.action.clone(),
            act.subject.clone(),
            particulars(&act.detail),
        ]);
    }
    table.to_string()
}

/// `port 8728, tls off`.
fn particulars(detail: &Map<String, Value>) -> String {
    let texts = detail.iter().map(|(name, value)| particular(name, value));
    let text = texts.collect::<Vec<_>>().join(", ");
    if text.is_empty() { "-".to_owned() } else { text }
}

/// The unit that the name ends in goes with the value, as people read it: `upload 5.0 GB`.
fn particular(name: &str, value: &Value) -> String {
    let (name, text) = match (name.rsplit_once('_'), value) {
        (Some((name, "octets")), Value::Number(count)) => (name, count.as_u64().map(octets)),
        (Some((name, "bps")), Value::Number(bits)) => (name, bits.as_u64().map(rate)),
        (_, Value::String(text)) => (name, Some(instant(Some(text)))),
        (_, Value::Null) => (name, Some("none".to_owned())),
        _ => (name, None),
    };
    format!("{} {}", name.replace('_', " "), text.unwrap_or_else(|| value.to_string()))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_act_is_one_line_and_cannot_command_a_terminal() {
        let act = json!({"seq": 7, "at": "2026-11-21T14:02:05Z", "actor": "local", "origin": "192.0.2.7", "action": "router.add",
            "subject": "tower\u{1b}[2J", "detail": {"host": "10.0.0.1", "port": 8728}});
        let text = table(&[serde_json::from_value(act).unwrap()]);
        let row = text.lines().nth(1).unwrap();
        assert!(
            row.ends_with("host 10.0.0.1, port 8728")
                && row.contains("local  192.0.2.7")
                && row.contains("2026-11-21 14:02:05 UTC"),
            "{text}"
        );
        assert!(!text.contains('\u{1b}'));
        assert_eq!(table(&[]), "No such acts.\n");
    }

    #[test]
    fn particulars_are_in_words_and_units() {
        let detail = json!({"expiry_at": "2026-12-31T16:00:00Z", "plan": null, "upload_octets": 5_000_000_000_u64,
            "link_speed_bps": 1_000_000, "entries": 7, "tls": "off", "reason": "rain"});
        let text = particulars(detail.as_object().unwrap());
        assert_eq!(
            text,
            "entries 7, expiry at 2026-12-31 16:00:00 UTC, link speed 1.00 Mbps, plan none, reason rain, tls off, upload 5.0 GB"
        );
    }
}
