//! What stands on terminals of several sizes.

use ratatui::Terminal;
use ratatui::backend::TestBackend;
use tokio::time::Duration;

use super::*;
use crate::cli::top::example::top;
use crate::cli::top::history::Rates;
use crate::cli::top::keys::Wish;
use crate::cli::top::view::Shown;

fn view() -> View {
    View::new(Shown { top: top(), simulated: false, at: Instant::now() })
}

/// The lines of a terminal of that size, 3 s after the answer came.
fn drawn(view: &mut View, width: u16, height: u16) -> Vec<String> {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let now = view.shown.at + Duration::from_secs(3);
    terminal.draw(|frame| draw(frame, view, now, true)).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y| (0..width).map(|x| buffer[(x, y)].symbol()).collect::<String>();
    (0..height).map(|y| line(y).trim_end().to_owned()).collect()
}

#[tokio::test]
async fn eighty_columns_tell_who_how_much_over_what_time_and_how_old() {
    let lines = drawn(&mut view(), 80, 24);
    assert_eq!(lines[0], "Top by total, read 15 s ago: 2 sessions moved on 1 router; no rate is known of 1");
    assert_eq!(lines[1], "login            download        upload        *total router        over     age");
    assert_eq!(lines[2], "ana\\x1b         8.00 Mbps     1.00 Mbps     9.00 Mbps tower         60 s    15 s");
    assert_eq!(lines[3], "bob           >=3.00 Mbps   >=2.00 Mbps   >=5.00 Mbps tower         60 s    15 s");
    assert!(lines[4..22].iter().all(String::is_empty), "{lines:#?}");
    assert_eq!(lines[22], "Nothing of hill: It was read once.");
    assert_eq!(lines[23], KEYS);
}

#[tokio::test]
async fn twenty_by_five_shows_who_and_how_much() {
    let mut small = view();
    small.carry_out(Wish::Last);
    small.shown.simulated = true;
    assert_eq!(drawn(&mut small, 20, 5)[0], "SIM 15 s ago, total");
    small.shown.simulated = false;
    let lines = drawn(&mut small, 20, 5);
    assert_eq!(lines[0], "15 s ago, total");
    assert_eq!(
        lines[1..4],
        ["login         *total", "ana\\x1     9.00 Mbps", "bob      >=5.00 Mbps"].map(str::to_owned)
    );
    assert_eq!(lines[4], "q end  up/down choos");
}

#[tokio::test]
async fn no_size_breaks_it() {
    let mut busy = view();
    busy.carry_out(Wish::First);
    busy.trouble = Some("it is away".to_owned());
    for width in (0..24).chain([80, 300]) {
        for height in (0..26).chain([60]) {
            drawn(&mut busy, width, height);
        }
    }
}

#[tokio::test]
async fn a_lost_server_is_said_and_what_it_said_before_grows_old() {
    let mut lost = view();
    lost.trouble = Some("http://127.0.0.1:8081 does not answer\u{1b}[2J".to_owned());
    let lines = drawn(&mut lost, 100, 12);
    assert_eq!(lines[1], "No news for 3 s, asked again: http://127.0.0.1:8081 does not answer\\x1b[2J");
    assert!(lines[5].starts_with("ana") && lines[5].ends_with("15 s"), "{lines:#?}");
    lost.take(Shown { top: top(), simulated: true, at: lost.shown.at });
    let lines = drawn(&mut lost, 100, 12);
    assert!(lines[0].starts_with("SIMULATED: Top by total"), "{lines:#?}");
    assert!(lines[1].starts_with("login"), "{lines:#?}");
}

#[tokio::test]
async fn the_chosen_one_has_a_picture_of_polls_and_then_of_live_samples() {
    let mut chosen = view();
    chosen.carry_out(Wish::First);
    let mut second = top();
    for item in &mut second.items {
        item.as_of = "2026-11-21T14:03:05Z".to_owned();
        item.download_bps /= 4;
    }
    second.routers[0].window.as_mut().unwrap().as_of = "2026-11-21T14:03:05Z".to_owned();
    chosen.take(Shown { top: second, simulated: false, at: chosen.shown.at });
    let lines = drawn(&mut chosen, 80, 14);
    let panel = lines.iter().position(|line| line.starts_with(" ana\\x1b, subscriber shop")).unwrap();
    assert_eq!(lines[panel], " ana\\x1b, subscriber shop, on tower, pppoe, 10.0.0.7");
    assert_eq!(
        lines[panel + 1],
        "Means between polls, a bar each. The latest is over 60 s. Enter watches live."
    );
    assert!(lines[panel + 2].starts_with("download     2.00 Mbps"), "{lines:#?}");
    assert!(lines[panel + 2].ends_with(" #-"), "four times as much before: {lines:#?}");
    assert!(lines[panel + 3].ends_with(" ##"), "upload stayed: {lines:#?}");

    chosen.carry_out(Wish::Watch);
    chosen.sampled(Rates { download: 77_000, upload: 5 }, "Live: its router measures it.".to_owned());
    let lines = drawn(&mut chosen, 80, 14);
    assert_eq!(lines[panel + 1], "Live: its router measures it.");
    assert!(lines[panel + 2].starts_with("download    77.00 kbps"), "{lines:#?}");
}

#[tokio::test]
async fn nobody_who_moves_is_told_from_nothing_that_is_known() {
    let mut quiet = view();
    quiet.shown.top.items.clear();
    assert_eq!(drawn(&mut quiet, 60, 10)[1], "Nobody moved.");
    quiet.shown.top.routers.remove(0);
    assert_eq!(drawn(&mut quiet, 60, 10)[1], "Nothing is known yet.");
}
