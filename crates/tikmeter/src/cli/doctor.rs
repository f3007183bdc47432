//! `tikmeter doctor`: why figures or limits are wrong, and the commands that mend it.

use std::path::PathBuf;

use operations::House;
use serde::Deserialize;
use server::diagnosis_text;

use crate::cli::caller::Caller;
use crate::cli::serve::plan_of;
use crate::config::Layer;
use crate::daemon::operations_alone;
use crate::failure::Failure;
use crate::output::{Terminal, many, printable};

/// Where to look.
#[derive(Debug, clap::Args)]
pub(crate) struct DoctorArgs {
    /// Look at this router alone, and not at the server's machine
    #[arg(long, value_name = "NAME")]
    router: Option<String>,
    /// Look without a server, where none runs: at the database in the data folder, and at the routers
    #[arg(long)]
    without_server: bool,
    /// The configuration of the server that does not run [default: ./tikmeter.toml, else /etc/tikmeter/tikmeter.toml]
    #[arg(long = "config", env = "TIKMETER_CONFIG", value_name = "FILE", requires = "without_server")]
    file: Option<PathBuf>,
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
        let answer = caller.client.get(&path, &[]).await.map_err(nobody_looked)?;
        caller.show(&answer, report)?;
        verdict(&answer.read()?)
    }

    /// Whether no server is to be asked.
    pub(crate) fn is_alone(&self) -> bool {
        self.without_server
    }

    /// Looks by itself. Exit codes as those of [`DoctorArgs::run`].
    ///
    /// # Errors
    /// Also when a server has the database.
    pub(crate) async fn run_alone(&self, terminal: &Terminal, flags: Layer) -> Result<(), Failure> {
        let text = self.look_alone(flags).await.map_err(nobody_looked)?;
        let found: Diagnosis = serde_json::from_str(&text).map_err(Failure::from_display)?;
        terminal.line(if terminal.json() { text } else { report(&found) }.trim_end())?;
        verdict(&found)
    }

    async fn look_alone(&self, flags: Layer) -> Result<String, Failure> {
        let plan = plan_of(self.file.clone(), flags)?;
        let portal = plan.portal.as_ref().map(|portal| portal.listen.port());
        let house = House::new(Some(plan.data.clone()), portal).alone();
        let operations = operations_alone(plan).await?;
        let found = operations.diagnose(self.router.as_deref(), &house).await;
        Ok(diagnosis_text(found.map_err(Failure::from_display)?))
    }
}

/// Who cannot look has found nothing.
fn nobody_looked(failure: Failure) -> Failure {
    match failure {
        Failure::Said(told) => Failure::Unseen(told),
        other => other,
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
