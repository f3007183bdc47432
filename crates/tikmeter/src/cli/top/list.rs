//! Who moves most, as a list.

use super::answer::Top;
use super::figures::{seconds, told_rate};
use crate::output::Table;

/// The list, and below it what is not in it.
pub(super) fn text(top: &Top) -> String {
    let mut text = if top.items.is_empty() { String::new() } else { table(top).to_string() };
    text.push_str(&format!("By {}: {}.\n", top.sort.as_str(), top.summary()));
    for sentence in top.unobserved() {
        text.push_str(&sentence);
        text.push('\n');
    }
    text
}

fn table(top: &Top) -> Table {
    let headings =
        ["login", ">download", ">upload", "router", "subscriber", "service", "address", ">over", ">age"];
    let mut table = Table::new(&headings);
    for talker in &top.items {
        let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
        table.row([
            talker.username.clone(),
            told_rate(talker.download_bps, talker.at_least),
            told_rate(talker.upload_bps, talker.at_least),
            talker.router.clone(),
            or_dash(&talker.subscriber),
            talker.service.clone(),
            or_dash(&talker.framed_address),
            seconds(talker.over_us),
            top.age_ms(talker).map_or_else(|| "-".to_owned(), |age_ms| seconds(age_ms * 1_000)),
        ]);
    }
    table
}

#[cfg(test)]
mod tests {
    use crate::cli::top::example::top;

    #[test]
    fn a_row_tells_what_it_is_the_mean_of_and_how_old_it_is() {
        let text = super::text(&top());
        let row = text.lines().nth(1).unwrap();
        let cells: Vec<&str> = row.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).collect();
        let expected =
            ["ana\\x1b", "8.00 Mbps", "1.00 Mbps", "tower", "shop", "pppoe", "10.0.0.7", "60 s", "12 s"];
        assert_eq!(cells, expected, "{text}");
        assert!(text.contains(">=3.00 Mbps"), "{text}");
        assert!(
            text.contains("By total: 2 sessions moved on 1 router; no rate is known of 1 session"),
            "{text}"
        );
        assert!(text.ends_with("Nothing of hill: It was read once.\n"), "{text}");
    }

    #[test]
    fn nobody_who_moves_is_no_empty_table() {
        let mut nobody = top();
        nobody.items.clear();
        nobody.routers.truncate(1);
        nobody.routers[0].sessions_moved = 0;
        assert!(super::text(&nobody).starts_with("By total: 0 sessions moved on 1 router"));
    }
}
