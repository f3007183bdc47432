//! The chosen one: who they are, and how their rates went.

use ratatui::Frame;
use ratatui::layout::{Constraint, Layout, Rect};
use ratatui::style::Modifier;
use ratatui::symbols::bar;
use ratatui::text::Line;
use ratatui::widgets::{RenderDirection, Sparkline};

use super::figures::seconds;
use super::history::{Key, Rates, Rows};
use super::view::View;
use crate::output::{printable, rate};

/// For terminals that are not told to show more than ASCII.
const ASCII_BARS: bar::Set<'static> = bar::Set {
    full: "#",
    seven_eighths: "#",
    three_quarters: "*",
    five_eighths: "*",
    half: "+",
    three_eighths: "=",
    one_quarter: "-",
    one_eighth: ".",
    empty: " ",
};

/// Lines there are at least: who, of what the rates are, and one for each direction.
pub(super) const LEAST: u16 = 4;

/// Shows the chosen one there.
pub(super) fn draw(frame: &mut Frame<'_>, area: Rect, view: &View, chosen: &Key, ascii: bool) {
    let halves = area.height.saturating_sub(2) / 2;
    let parts = [
        Constraint::Length(1),
        Constraint::Length(1),
        Constraint::Length(halves),
        Constraint::Length(halves),
    ];
    let [who, what, down, up] = Layout::vertical(parts).areas(area);
    frame.render_widget(Line::from(name(view, chosen)).style(Modifier::REVERSED), who);
    frame.render_widget(Line::from(source(view)), what);
    let nothing = Rows::default();
    let rows = match &view.live {
        Some(live) if !live.samples.is_empty() => &live.samples,
        _ => view.history.of(chosen).unwrap_or(&nothing),
    };
    let bars = if ascii { ASCII_BARS } else { bar::NINE_LEVELS };
    graph(frame, down, ("download", rows, |rates| rates.download), &bars);
    graph(frame, up, ("upload", rows, |rates| rates.upload), &bars);
}

fn name(view: &View, chosen: &Key) -> String {
    let router = printable(&chosen.router);
    let Some(talker) = view.chosen_talker() else {
        return format!(" Session {} on {router} is not among those shown now", chosen.session);
    };
    let mut parts = vec![format!(" {}", printable(&talker.username))];
    parts.extend(talker.subscriber.as_ref().map(|one| format!("subscriber {}", printable(one))));
    parts.push(format!("on {router}"));
    parts.push(printable(&talker.service));
    parts.extend(talker.framed_address.as_deref().map(printable));
    parts.join(", ")
}

fn source(view: &View) -> String {
    if let Some(live) = &view.live {
        return live.words.clone();
    }
    let over = view.chosen_talker().map(|talker| format!(" The latest is over {}.", seconds(talker.over_us)));
    format!("Means between polls, a bar each.{} Enter watches live.", over.unwrap_or_default())
}

/// One direction: its name with the latest and the highest rate, and a bar for each rate, the latest to the right.
fn graph(
    frame: &mut Frame<'_>,
    area: Rect,
    (name, rows, pick): (&str, &Rows, fn(&Rates) -> u64),
    bars: &bar::Set<'static>,
) {
    let [words, picture] = Layout::horizontal([Constraint::Length(26), Constraint::Fill(1)]).areas(area);
    let bits: Vec<Option<u64>> = rows.iter().rev().map(|rates| rates.as_ref().map(pick)).collect();
    let latest = bits.first().copied().flatten().map_or_else(|| "-".to_owned(), rate);
    let seen = usize::from(picture.width).min(bits.len());
    let highest = bits[..seen].iter().flatten().max().copied();
    let most = highest.map(|highest| format!(" most {}", rate(highest))).filter(|_| words.height > 1);
    let lines: Vec<Line<'_>> =
        [Some(format!("{name:<8} {latest:>13}")), most].into_iter().flatten().map(Line::from).collect();
    frame.render_widget(ratatui::widgets::Paragraph::new(lines), words);
    let absent = if bars.full == "#" { "?" } else { "·" };
    let sparkline = Sparkline::default()
        .data(bits)
        .direction(RenderDirection::RightToLeft)
        .bar_set(bars.clone())
        .absent_value_symbol(absent);
    frame.render_widget(sparkline, picture);
}
