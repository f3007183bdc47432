//! The table of what is proven by whom, and what came out of it.

use std::collections::BTreeMap;
use std::path::Path;

use crate::report::Verdict;

const TABLE: &str = "docs/reference/simulator.md";
const PINS: [&str; 2] = ["xtask/peers/requirements.txt", "xtask/peers/package.json"];
const YES: &str = "yes";

/// `| what | client version | ... |`, and a row for each check.
#[derive(Debug)]
pub(super) struct Table {
    /// Client and version, as in the head.
    clients: Vec<String>,
    /// A check's name and its cell for each client.
    rows: Vec<(String, Vec<String>)>,
    /// What will be installed.
    pins: String,
}

/// What one client said.
#[derive(Debug)]
pub(super) struct Proven {
    /// By the check's name; why, where it failed.
    results: BTreeMap<String, Result<(), String>>,
    log: String,
}

impl Table {
    pub(super) fn read(root: &Path) -> Result<Self, String> {
        let read = |path: &str| {
            std::fs::read_to_string(root.join(path)).map_err(|error| format!("cannot read {path}: {error}"))
        };
        let pins = PINS.iter().map(|path| read(path)).collect::<Result<String, _>>()?;
        Self::parse(&read(TABLE)?, pins).ok_or_else(|| format!("{TABLE} has no table that begins `| what |`"))
    }

    fn parse(text: &str, pins: String) -> Option<Self> {
        let mut lines = text.lines().skip_while(|line| !line.starts_with("| what |"));
        let head = cells(lines.next()?)?;
        let rows = lines.skip(1).map_while(cells).filter(|row| row.len() == head.len());
        let rows = rows.map(|mut row| (row.remove(0), row)).collect();
        Some(Self { clients: head.into_iter().skip(1).collect(), rows, pins })
    }

    /// Fails unless the head names exactly the clients that run, in the versions that are installed.
    pub(super) fn pinned(&self, peers: &[&str]) -> Verdict {
        let of_peer =
            |peer: &&str| self.clients.iter().find_map(|client| client.strip_prefix(peer)?.strip_prefix(' '));
        let is_pinned = |peer: &&str| {
            of_peer(peer).is_some_and(|version| {
                let (python, node) = (format!("\n{peer}=={version}\n"), format!("\"{peer}\": \"{version}\""));
                self.pins.contains(&python) || self.pins.contains(&node)
            })
        };
        if self.clients.len() == peers.len() && peers.iter().all(is_pinned) {
            return Verdict::pass();
        }
        Verdict::fail(format!(
            "the head of the table in {TABLE} does not name {peers:?} as {PINS:?} pin them"
        ))
    }

    /// Every `yes` must have come, and nothing else.
    pub(super) fn judge(&self, peer: &str, proven: &Proven) -> Verdict {
        let column = self.clients.iter().position(|client| client.split(' ').next() == Some(peer));
        let wanted = |cells: &[String]| column.is_some_and(|column| cells[column] == YES);
        let mut verdict = Verdict::default();
        for (check, _) in self.rows.iter().filter(|(_, cells)| wanted(cells)) {
            verdict.add(&match proven.results.get(check) {
                Some(Ok(())) => Verdict::pass(),
                Some(Err(why)) => Verdict::fail(format!("{peer}: {check}: {why} ({})", proven.log)),
                None => Verdict::fail(format!("{peer}: {check}: it said nothing ({})", proven.log)),
            });
        }
        let listed = |check: &&String| self.rows.iter().any(|(row, cells)| row == *check && wanted(cells));
        for check in proven.results.keys().filter(|check| !listed(check)) {
            verdict.add(&Verdict::fail(format!("{peer}: {check}: {TABLE} does not say that it proves this")));
        }
        verdict
    }
}

impl Proven {
    /// Lines `ok<TAB>check` and `failed<TAB>check<TAB>why` among whatever else was printed.
    pub(super) fn read(output: &str, log: &Path) -> Self {
        let result = |line: &str| {
            let mut words = line.splitn(3, '\t');
            match (words.next()?, words.next()?, words.next()) {
                ("ok", check, None) => Some((check.to_owned(), Ok(()))),
                ("failed", check, why) => Some((check.to_owned(), Err(why.unwrap_or_default().to_owned()))),
                _ => None,
            }
        };
        Self { results: output.lines().filter_map(result).collect(), log: log.display().to_string() }
    }
}

fn cells(line: &str) -> Option<Vec<String>> {
    let inner = line.strip_prefix('|')?.strip_suffix('|')?;
    Some(inner.split('|').map(|cell| cell.trim().to_owned()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# Title\n\n| what | lib 1.0 | node 2.0 |\n|---|---|---|\n| login | yes | yes |\n\
        | cancel | yes | no |\n\nNo more.\n";

    fn table() -> Table {
        Table::parse(TEXT, "\nlib==1.0\n\"node\": \"2.0\",\n".to_owned()).unwrap()
    }

    fn judged(peer: &str, output: &str) -> Verdict {
        table().judge(peer, &Proven::read(output, Path::new("x.log")))
    }

    #[test]
    fn every_yes_is_one_check_whatever_else_is_printed() {
        assert_eq!(judged("lib", "noise\nok\tlogin\nok\tcancel\n").passed, 2);
        assert_eq!(judged("node", "ok\tlogin\n"), Verdict { passed: 1, ..Verdict::default() });
    }

    #[test]
    fn what_failed_or_did_not_come_is_named() {
        let verdict = judged("lib", "failed\tlogin\trefused\n");
        assert_eq!((verdict.passed, verdict.failed), (0, 2));
        assert!(verdict.details.contains("lib: login: refused (x.log)"), "{}", verdict.details);
        assert!(verdict.details.contains("lib: cancel: it said nothing"), "{}", verdict.details);
    }

    #[test]
    fn what_the_table_does_not_promise_fails_too() {
        assert_eq!(judged("node", "ok\tlogin\nok\tcancel\n").failed, 1);
        assert_eq!(judged("node", "ok\tlogin\nok\tunheard of\n").failed, 1);
    }

    #[test]
    fn the_head_names_the_installed_versions() {
        assert_eq!(table().pinned(&["lib", "node"]).failed, 0);
        assert_eq!(table().pinned(&["lib"]).failed, 1);
        let other = Table::parse(TEXT, "\nlib==1.1\n\"node\": \"2.0\"".to_owned()).unwrap();
        assert_eq!(other.pinned(&["lib", "node"]).failed, 1);
    }
}
