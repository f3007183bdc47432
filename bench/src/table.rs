//! The page that people read: a table in markdown, with what must be known to judge it below.

use std::fmt::Write as _;

use crate::figure::{Figure, Section, Target};
use crate::machine;
use crate::scale::Scale;
use crate::timing::ROUNDS;

/// The whole page.
pub(crate) fn page(scale: &Scale, sections: &[Section], failures: &[String]) -> String {
    let mut page = heading(scale);
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

fn heading(scale: &Scale) -> String {
    let Scale { sessions, quick, .. } = scale;
    let caution = if *quick { " Quick run: the figures mean nothing." } else { "" };
    format!(
        "# Figures\n\nWritten by `./x bench`. {} {sessions} sessions unless said otherwise. Medians of {ROUNDS} rounds, the two \
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
        assert!(page(&full, &[figure(0.7)], &[]).contains("| 0.70x | >= 0.6x | met |"));
        assert!(page(&full, &[figure(0.5)], &[]).contains("| 0.50x | >= 0.6x | **missed** |"));
        assert!(page(&Scale::quick(), &[figure(0.5)], &[]).contains("not judged"));
    }

    #[test]
    fn a_failure_stands_on_the_page() {
        assert!(
            page(&Scale::full(), &[], &["commit: no disk".to_owned()])
                .contains("**Failed:** commit: no disk")
        );
    }
}
