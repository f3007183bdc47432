//! Puts what is shown onto a terminal of any size. No colours: they mean nothing on half of the terminals people have.

use ratatui::Frame;
use ratatui::layout::{Alignment, Constraint, Layout, Rect};
use ratatui::style::{Modifier, Style};
use ratatui::text::{Line, Text};
use ratatui::widgets::{Cell, Paragraph, Row, Table, TableState, Wrap};
use tokio::time::Instant;

use super::answer::Talker;
use super::columns::{Column, fitting};
use super::figures::{seconds, told_rate};
use super::panel;
use super::view::View;
use crate::output::printable;

/// What keys there are, for who does not know.
const KEYS: &str = "q end  up/down choose  d/u/t sort  Enter live";

/// Narrower, a title of words would hide the age of what is shown.
const ROOM_FOR_WORDS: u16 = 50;

/// How many lines each part has.
#[derive(Debug, PartialEq, Eq)]
struct Lines {
    trouble: u16,
    panel: u16,
    notes: u16,
    keys: u16,
}

/// Draws all of it.
pub(super) fn draw(frame: &mut Frame<'_>, view: &mut View, now: Instant, ascii: bool) {
    let area = frame.area();
    let notes: Vec<String> = view.shown.top.unobserved().collect();
    let trouble = trouble(view, now);
    let lines = Lines::of(area.height, trouble.is_some(), view.chosen.is_some(), notes.len());
    let parts = [
        Constraint::Length(1),
        Constraint::Length(lines.trouble),
        Constraint::Fill(1),
        Constraint::Length(lines.panel),
        Constraint::Length(lines.notes),
        Constraint::Length(lines.keys),
    ];
    let [at_top, of_trouble, of_table, of_panel, of_notes, of_keys] = Layout::vertical(parts).areas(area);
    frame.render_widget(Line::from(title(view, area.width, now)).style(Modifier::BOLD), at_top);
    if let Some(trouble) = trouble {
        let words = Paragraph::new(trouble).style(Modifier::REVERSED).wrap(Wrap { trim: true });
        frame.render_widget(words, of_trouble);
    }
    table(frame, of_table, view, now);
    if let Some(chosen) = view.chosen.as_ref().filter(|_| lines.panel > 0) {
        panel::draw(frame, of_panel, view, chosen, ascii);
    }
    frame.render_widget(Paragraph::new(notes.join("\n")), of_notes);
    frame.render_widget(Line::from(KEYS).style(Modifier::DIM), of_keys);
}

impl Lines {
    fn of(height: u16, in_trouble: bool, has_chosen: bool, notes: usize) -> Lines {
        let panel = match height {
            _ if !has_chosen => 0,
            24.. => panel::LEAST + 4,
            14.. => panel::LEAST,
            _ => 0,
        };
        let notes = u16::try_from(notes).unwrap_or(u16::MAX);
        Lines {
            trouble: if in_trouble { (height / 4).clamp(1, 3) } else { 0 },
            panel,
            notes: notes.min((height / 10) * 2),
            keys: u16::from(height >= 5),
        }
    }
}

/// What it is, of whom, and how old; where there is little room, how old comes first.
fn title(view: &View, width: u16, now: Instant) -> String {
    let (top, sort) = (&view.shown.top, view.shown.top.sort.as_str());
    let oldest = top.observed().filter_map(|router| router.age_ms).max();
    let age = oldest.map(|age_ms| seconds(age_us(age_ms, view, now)));
    if width < ROOM_FOR_WORDS {
        let simulated = if view.shown.simulated { "SIM " } else { "" };
        let age = age.map(|age| format!("{age} ago, ")).unwrap_or_default();
        return format!("{simulated}{age}{sort}");
    }
    let simulated = if view.shown.simulated { "SIMULATED: " } else { "" };
    let age = age.map(|age| format!(", read {age} ago")).unwrap_or_default();
    format!("{simulated}Top by {sort}{age}: {}", top.summary())
}

/// Ages go on between answers.
fn age_us(age_ms: u64, view: &View, now: Instant) -> u64 {
    let since = now.saturating_duration_since(view.shown.at).as_micros();
    (age_ms * 1_000).saturating_add(u64::try_from(since).unwrap_or(u64::MAX))
}

fn trouble(view: &View, now: Instant) -> Option<String> {
    let words = view.trouble.as_ref()?;
    let since = now.saturating_duration_since(view.shown.at).as_secs();
    Some(format!("No news for {since} s, asked again: {}", printable(words)))
}

fn table(frame: &mut Frame<'_>, area: Rect, view: &mut View, now: Instant) {
    view.room = usize::from(area.height.saturating_sub(1));
    let top = &view.shown.top;
    if top.items.is_empty() {
        let words = if top.observed().next().is_some() { "Nobody moved." } else { "Nothing is known yet." };
        return frame.render_widget(Line::from(words), area);
    }
    let columns = fitting(area.width, top.sort);
    let heading = columns.iter().map(|(column, _)| {
        let sorted = if *column == Column::Rate(top.sort) { "*" } else { "" };
        cell(*column, format!("{sorted}{}", column.heading()))
    });
    let rows = top.items.iter().map(|talker| {
        Row::new(columns.iter().map(|(column, _)| cell(*column, value(*column, talker, view, now))))
    });
    let table = Table::new(rows, columns.iter().map(|(_, width)| Constraint::Length(*width)))
        .header(Row::new(heading).style(Modifier::UNDERLINED))
        .column_spacing(1)
        .row_highlight_style(Style::from(Modifier::REVERSED));
    let mut state = TableState::new().with_selected(view.chosen_row());
    frame.render_stateful_widget(table, area, &mut state);
}

fn cell(column: Column, text: String) -> Cell<'static> {
    let alignment = if column.has_figures() { Alignment::Right } else { Alignment::Left };
    Cell::from(Text::from(text).alignment(alignment))
}

/// Names are made harmless here, so that nobody can forget it.
fn value(column: Column, talker: &Talker, view: &View, now: Instant) -> String {
    let or_dash = |text: &Option<String>| text.as_deref().map_or_else(|| "-".to_owned(), printable);
    match column {
        Column::Login => printable(&talker.username),
        Column::Rate(sort) => told_rate(talker.ranked_bps(sort), talker.at_least),
        Column::Age => {
            let age_ms = view.shown.top.age_ms(talker);
            age_ms.map_or_else(|| "-".to_owned(), |age_ms| seconds(age_us(age_ms, view, now)))
        }
        Column::Over => seconds(talker.over_us),
        Column::Router => printable(&talker.router),
        Column::Subscriber => or_dash(&talker.subscriber),
        Column::Service => printable(&talker.service),
        Column::Address => or_dash(&talker.framed_address),
    }
}

#[cfg(test)]
mod tests;
