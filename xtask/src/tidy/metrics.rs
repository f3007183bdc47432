//! The dashboard and the alerts in `etc/` ask for metrics that the program has, and the reference tells of each.

use std::collections::BTreeSet;

use super::complaints::Complaints;
use crate::repo::TextFile;

const ASKING: [&str; 3] =
    ["etc/grafana-dashboard.json", "etc/prometheus-alerts.yml", "docs/reference/metrics.md"];
/// Where each metric is told of.
const TOLD_IN: &str = "docs/reference/metrics.md";
const REGISTERED_IN: &str = "crates/server/src/";
/// Files below that where nothing but metrics is named so.
const ONLY_METRICS: [&str; 2] = ["crates/server/src/metrics/", "crates/server/src/portal/counts.rs"];
const PREFIX: &str = "tikmeter_";
/// What the format adds to the name of a counter and of an info.
const ADDED: [&str; 2] = ["_total", "_info"];

pub(super) fn check(files: &[TextFile]) -> Complaints {
    let registered = named(files, &[REGISTERED_IN]);
    let asking = files.iter().filter(|file| ASKING.contains(&file.path.as_str()));
    let asked = asking
        .flat_map(|file| names(&file.text).into_iter().map(|name| (file.path.as_str(), name)))
        .filter(|(_, name)| !registered.contains(name) && !registered.contains(without_ending(name)))
        .map(|(path, name)| format!("{path} asks for {name}, which no code below {REGISTERED_IN} registers"));
    asked.chain(untold(files)).collect()
}

fn untold(files: &[TextFile]) -> Complaints {
    let told = files.iter().find(|file| file.path == TOLD_IN).map(|file| names(&file.text));
    let told = told.unwrap_or_default();
    let metrics = named(files, &ONLY_METRICS).into_iter();
    metrics
        .filter(|name| !told.contains(name) && !told.contains(without_ending(name)))
        .map(|name| format!("{TOLD_IN} does not tell of {name}"))
        .collect()
}

/// What is named in code of these places.
fn named<'f>(files: &'f [TextFile], places: &[&str]) -> BTreeSet<&'f str> {
    let within = |file: &&TextFile| places.iter().any(|place| file.path.starts_with(place));
    files.iter().filter(within).filter(|file| file.is_rust()).flat_map(|file| names(&file.text)).collect()
}

fn names(text: &str) -> BTreeSet<&str> {
    let is_part = |sign: char| sign.is_ascii_lowercase() || sign == '_';
    text.match_indices(PREFIX)
        .map(|(at, _)| &text[at..])
        .map(|rest| rest.split(|sign| !is_part(sign)).next().unwrap_or(rest))
        .collect()
}

fn without_ending(name: &str) -> &str {
    ADDED.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_metric_that_nobody_registers_is_found_and_endings_of_the_format_are_none_of_the_name() {
        let files = [
            TextFile::new(
                "crates/server/src/metrics/x.rs",
                r#"register("tikmeter_seen", "Seen"); ("tikmeter_build")"#,
            ),
            TextFile::new(
                "etc/prometheus-alerts.yml",
                "expr: tikmeter_seen_total > 0 and absent(tikmeter_build_info)\n",
            ),
            TextFile::new("etc/grafana-dashboard.json", "{\"expr\": \"rate(tikmeter_planted[5m])\"}"),
        ];
        let told = TextFile::new(TOLD_IN, "| `tikmeter_build` |");
        let complaints = check(&files.into_iter().chain([told]).collect::<Vec<_>>());
        assert_eq!(complaints.len(), 2, "{complaints:?}");
        assert!(complaints[0].contains("tikmeter_planted") && complaints[1].ends_with("of tikmeter_seen"));
    }
}
