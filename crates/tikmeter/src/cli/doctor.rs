//! `tikmeter doctor`: why figures or limits are wrong, and the commands that mend it.

use serde::Deserialize;

use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{many, printable};

/// Where to look.
#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArgs {
    /// Look at this router alone, and not at the server's machine
    #[arg(long, value_name = "NAME")]
    router: Option<String>,
}

#[derive(Deserialize)]
struct Diagnosis {
    findings: Vec<Finding>,
    unseen: Vec<Unseen>,
    routers: u64,
}

#[derive(Deserialize)]
struct Finding {
    code: String,
    severity: String,
    router: Option<String>,
    what: String,
    why: String,
    mend: Vec<Mend>,
}

#[derive(Deserialize)]
struct Mend {
    place: String,
    command: String,
}

#[derive(Deserialize)]
struct Unseen {
    router: Option<String>,
    why: String,
}

impl DoctorArgs {
    /// Has the server look. Exit code 1 when something was found, 2 when nothing was and not everything could be looked at.
    ///
    /// # Errors
    /// Something was found, something could not be looked at, or nobody could look at all.
    pub(crate) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let path = match &self.router {
            Some(router) => vec!["routers", router, "doctor"],
            None => vec!["doctor"],
        };
        // Who cannot look has found nothing.
        let asked = caller.client.get(&path, &[]).await;
        let answer = asked.map_err(|failure| match failure {
            Failure::Said(told) => Failure::Unseen(told),
            other => other,
        })?;
        caller.show(&answer, report)?;
        verdict(&answer.read()?)
    }
}

fn verdict(found: &Diagnosis) -> Result<(), Failure> {
    match (found.findings.len() as u64, found.unseen.len() as u64) {
        (0, 0) => Ok(()),
        (0, unseen) => Err(Failure::Unseen(format!(
            "nothing was found, but {} could not be looked at; nothing was changed",
            many(unseen, "part")
        ))),
        (findings, _) => Err(Failure::said(format!(
            "{}; nothing was changed, what mends them stands above",
            many(findings, "finding")
        ))),
    }
}

fn report(found: &Diagnosis) -> String {
    let mut text: String = found.findings.iter().map(|finding| one(finding) + "\n").collect();
    for unseen in &found.unseen {
        text.push_str(&format!(
            "not seen  {}: {}\n",
            place(unseen.router.as_deref()),
            printable(&unseen.why)
        ));
    }
    if text.is_empty() {
        text = format!(
            "Nothing is wrong that is known to make figures or limits wrong ({}).\n",
            many(found.routers, "router")
        );
    }
    text
}

fn one(finding: &Finding) -> String {
    let mut text = format!(
        "{:<8}  {}: {} ({})\n          {}\n",
        printable(&finding.severity),
        place(finding.router.as_deref()),
        printable(&finding.what),
        printable(&finding.code),
        printable(&finding.why)
    );
    for mend in &finding.mend {
        let typed = match mend.place.as_str() {
            "router" => "on the router: ",
            "shell" => "in a shell:    ",
            _ => "to do:         ",
        };
        text.push_str(&format!("          {typed}{}\n", printable(&mend.command)));
    }
    text
}

fn place(router: Option<&str>) -> String {
    router.map_or_else(|| "this machine".to_owned(), printable)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn found(findings: u64, unseen: u64) -> Diagnosis {
        let finding = json!({"code": "fasttrack", "severity": "warning", "router": "tower", "about": null,
            "what": "A rule.", "why": "It matters.", "mend": [{"place": "router", "command": "/x/set"}]});
        let part = json!({"router": "hill", "why": "the router could not be looked at: no"});
        let list = |of: serde_json::Value, many: u64| (0..many).map(|_| of.clone()).collect::<Vec<_>>();
        let told = json!({"findings": list(finding, findings), "unseen": list(part, unseen), "routers": 2});
        serde_json::from_value(told).unwrap()
    }

    #[test]
    fn the_exit_code_says_whether_something_was_found_or_could_not_be_looked_at() {
        assert_eq!(verdict(&found(0, 0)), Ok(()));
        assert!(matches!(verdict(&found(0, 1)), Err(Failure::Unseen(_))));
        assert!(matches!(verdict(&found(2, 1)), Err(Failure::Said(_))));
    }

    #[test]
    fn a_finding_is_told_with_why_and_what_mends_it_and_nothing_is_said_to_be_nothing() {
        let text = report(&found(1, 1));
        for part in [
            "warning   tower: A rule. (fasttrack)",
            "It matters.",
            "on the router: /x/set",
            "not seen  hill: ",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(report(&found(0, 0)).contains("Nothing is wrong"), "{}", report(&found(0, 0)));
    }
}
