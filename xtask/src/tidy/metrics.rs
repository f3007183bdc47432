//! The dashboard and the alerts in `etc/` ask for metrics that the program has.

use std::collections::BTreeSet;

use super::complaints::Complaints;
use crate::repo::TextFile;

const ASKING: [&str; 2] = ["etc/grafana-dashboard.json", "etc/prometheus-alerts.yml"];
const REGISTERED_IN: &str = "crates/server/src/";
const PREFIX: &str = "tikmeter_";
/// What the format adds to the name of a counter and of an info.
const ADDED: [&str; 2] = ["_total", "_info"];

pub(super) fn check(files: &[TextFile]) -> Complaints {
    let registered: BTreeSet<&str> = files
        .iter()
        .filter(|file| file.path.starts_with(REGISTERED_IN) && file.is_rust())
        .flat_map(|file| names(&file.text))
        .collect();
    let asking = files.iter().filter(|file| ASKING.contains(&file.path.as_str()));
    asking
        .flat_map(|file| names(&file.text).into_iter().map(|name| (file.path.as_str(), name)))
        .filter(|(_, name)| !registered.contains(name) && !registered.contains(without_ending(name)))
        .map(|(path, name)| format!("{path} asks for {name}, which no code below {REGISTERED_IN} registers"))
        .collect()
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
        let complaints: Vec<String> = check(&files).into_iter().collect();
        assert_eq!(complaints.len(), 1, "{complaints:?}");
        assert!(complaints[0].contains("tikmeter_planted"));
    }
}
