//! The page that people read: a table in markdown, with what must be known to judge it below.

use std::fmt::Write as _;

use crate::figure::{Figure, Section, Target};
use crate::machine;
use crate::scale::Scale;
use crate::timing::ROUNDS;

/// How the part of PostgreSQL begins, which comes last.
const POSTGRES: &str = "# Figures on PostgreSQL\n";

/// Beside which database was measured.
pub(crate) enum On {
    Sqlite,
    /// Which server, in words.
    Postgres(String),
}

impl On {
    /// The documentation with this part of it in place of the one of before.
    pub(crate) fn put_into(&self, before: &str, page: &str) -> String {
        let (sqlite, postgres) = before.split_at(before.find(POSTGRES).unwrap_or(before.len()));
        match self {
            On::Sqlite if postgres.is_empty() => page.to_owned(),
            On::Sqlite => format!("{}\n\n{postgres}", page.trim_end()),
            On::Postgres(_) => format!("{}\n\n{page}", sqlite.trim_end()).trim_start().to_owned(),
        }
    }
}

/// The whole part of a database.
pub(crate) fn page(scale: &Scale, on: &On, sections: &[Section], failures: &[String]) -> String {
    let mut page = heading(scale, on);
    page.push_str("\n| measured | ours | bound | value | target | |\n|---|---|---|---|---|---|\n");
    for figure in sections.iter().flat_map(|section| &section.figures) {
        page.push_str(&row(scale, figure));
    }
    let notes: Vec<&String> = sections.iter().flat_map(|section| &section.notes).collect();
    if !notes.is_empty() {
        page.push('\n');
    }
    for note in notes {
        // Writing into a String cannot fail.
        let _ = writeln!(page, "- {note}");
    }
    for failure in failures {
        let _ = writeln!(page, "\n**Failed:** {failure}");
    }
    page
}

fn heading(scale: &Scale, on: &On) -> String {
    let Scale { sessions, quick, .. } = scale;
    let caution = if *quick { " Quick run: the figures mean nothing." } else { "" };
    let (title, command, server) = match on {
        On::Sqlite => ("# Figures\n", "./x bench", String::new()),
        On::Postgres(server) => (POSTGRES, "./x bench --database postgres", format!(" {server}.")),
    };
    format!(
        "{title}\nWritten by `{command}`. {}{server} {sessions} sessions unless said otherwise. Medians of {ROUNDS} rounds, the two \
         sides taking turns within one run; every sum was exact in every round unless a failure is named.{caution}\n",
        machine::told()
    )
}

fn row(scale: &Scale, figure: &Figure) -> String {
    let Figure { what, ours, bound, value, unit, target } = figure;
    let wanted = match target {
        None => String::new(),
        Some(Target::AtLeast(least)) => format!(">= {least}{unit}"),
        Some(Target::AtMost(most)) => format!("<= {most}{unit}"),
    };
    format!(
        "| {what} | {ours} | {bound} | {value:.2}{unit} | {wanted} | {} |\n",
        verdict(scale, *target, *value)
    )
}

fn verdict(scale: &Scale, target: Option<Target>, value: f64) -> &'static str {
    match target {
        None => "",
        Some(_) if scale.quick => "not judged",
        Some(target) if target.is_met(value) => "met",
        Some(_) => "**missed**",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figure(value: f64) -> Section {
        let target = Some(Target::AtLeast(0.6));
        let text = |words: &str| words.to_owned();
        let figure =
            Figure { what: text("decode"), ours: text("a"), bound: text("b"), value, unit: "x", target };
        Section { figures: vec![figure], notes: vec![text("as it was")] }
    }

    #[test]
    fn a_missed_target_is_said_and_a_quick_run_judges_nothing() {
        let full = Scale::full();
        assert!(page(&full, &On::Sqlite, &[figure(0.7)], &[]).contains("| 0.70x | >= 0.6x | met |"));
        assert!(page(&full, &On::Sqlite, &[figure(0.5)], &[]).contains("| 0.50x | >= 0.6x | **missed** |"));
        assert!(page(&Scale::quick(), &On::Sqlite, &[figure(0.5)], &[]).contains("not judged"));
    }

    #[test]
    fn a_failure_stands_on_the_page() {
        assert!(
            page(&Scale::full(), &On::Sqlite, &[], &["commit: no disk".to_owned()])
                .contains("**Failed:** commit: no disk")
        );
    }

    #[test]
    fn each_database_has_its_part_of_the_documentation() {
        let (sqlite, postgres) = (On::Sqlite, On::Postgres("17".to_owned()));
        let one = |on: &On, value| page(&Scale::full(), on, &[figure(value)], &[]);
        let mut whole = sqlite.put_into("", &one(&sqlite, 0.7));
        whole = postgres.put_into(&whole, &one(&postgres, 0.8));
        whole = sqlite.put_into(&whole, &one(&sqlite, 0.9));
        assert!(
            whole.starts_with("# Figures\n") && whole.contains("| 0.90x") && whole.contains("| 0.80x"),
            "{whole}"
        );
        whole = postgres.put_into(&whole, &one(&postgres, 0.5));
        assert!(
            whole.contains("| 0.90x") && whole.contains("| 0.50x") && !whole.contains("| 0.80x"),
            "{whole}"
        );
        assert_eq!(whole.matches("# Figures").count(), 2);
    }
}
