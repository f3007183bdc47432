//! Stage `api`: schemathesis asks a real server, with simulated routers behind it, whatever its own OpenAPI document
//! allows and does not allow. Each operation is one check: no answer of 500 and above, no status, media type, header or
//! body that the document does not tell, no way in without a token.

mod junit;

use std::path::Path;
use std::process::Command;

use super::served::{Served, TOKEN};
use super::{installed, product, tools};
use crate::program;
use crate::report::Verdict;

/// By name: `positive_data_acceptance` takes a refusal by rule ("that name is taken") for a fault.
const CHECKS: &str = "not_a_server_error,status_code_conformance,content_type_conformance,\
    response_headers_conformance,response_schema_conformance,negative_data_rejection,missing_required_header,\
    unsupported_method,allow_header_conformance,ignored_auth,use_after_free,ensure_resource_availability";

/// One run of schemathesis: its name and its words. The seed is fixed, so that a failure can be had again.
struct Pass {
    name: &'static str,
    words: &'static [&'static str],
}

const PASSES: [Pass; 2] = [
    Pass { name: "anything", words: &["--max-examples", "40"] },
    // Names chosen at random meet nothing, so this one asks about what is there.
    Pass { name: "known", words: &["--phases", "fuzzing", "--mode", "positive", "--max-examples", "20"] },
];

pub(crate) fn run() -> Verdict {
    match asked() {
        Ok(verdict) => verdict,
        Err(sentence) => Verdict::fail(sentence),
    }
}

fn asked() -> Result<Verdict, String> {
    product::build()?;
    let installed = installed::ready()?;
    let mut served = Served::start("api", "")?;
    let mut verdict = Verdict::default();
    for pass in &PASSES {
        verdict.add(&ask(installed.python(), pass, &served)?);
    }
    verdict.add(&served.judge());
    Ok(verdict)
}

fn ask(mut python: Command, pass: &Pass, served: &Served) -> Result<Verdict, String> {
    let (folder, report) = (served.folder(), served.folder().join(format!("{}.xml", pass.name)));
    python.current_dir(folder).args(["-m", "schemathesis.cli"]);
    if pass.name == "known" {
        python.arg("--config-file").arg(served.known()?);
    }
    python.args(["--no-color", "run", &format!("{}/api/openapi.json", served.url), "--url", &served.url]);
    python.args(["--header", &format!("Authorization: Bearer {TOKEN}"), "--checks", CHECKS, "--seed", "1"]);
    // It connects to whatever address is asked for: addresses drawn at random are nobody's to be asked. Its own tests ask it.
    python.args(["--exclude-path", "/api/v1/router-tests"]);
    // Slowness of a busy machine is no fault of the API.
    python.args(["--suppress-health-check", "too_slow"]);
    // One worker: another would create anew what `use_after_free` has just seen deleted.
    python.args(["--workers", "1", "--report", "junit", "--report-junit-path"]).arg(&report).args(pass.words);
    let log = tools::log_path(&format!("api-{}", pass.name));
    let done = program::run_logged(&mut python, &log)?;
    Ok(judge(pass.name, done.success, &report, &log))
}

fn judge(pass: &str, success: bool, report: &Path, log: &Path) -> Verdict {
    let cases = junit::read(&std::fs::read_to_string(report).unwrap_or_default());
    let place = format!("schemathesis ({pass}); {} has it all", log.display());
    let mut verdict = Verdict::default();
    for case in &cases {
        verdict.add(&match &case.fault {
            None => Verdict::pass(),
            Some(fault) => Verdict::fail(format!("{}: {place}:\n{fault}", case.name)),
        });
    }
    if cases.is_empty() || !success && verdict.failed == 0 {
        verdict.add(&Verdict::fail(format!("{place}: it failed and names no operation")));
    }
    verdict
}
