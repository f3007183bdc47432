//! `tikmeter voucher sales`.

use serde::Deserialize;

use super::view::or_dash;
use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::output::{Table, many, printable};
use crate::quantity;

/// Which days, and what lines are kept apart by.
#[derive(Debug, clap::Args)]
pub(crate) struct SalesArgs {
    /// The first day, like 2026-11-01 [default: 30 days before the last]
    #[arg(long, value_name = "DAY")]
    from: Option<String>,
    /// The last day [default: today]
    #[arg(long, value_name = "DAY")]
    to: Option<String>,
    /// The zone whose days they are, by its IANA name [default: the installation's]
    #[arg(long, value_parser = quantity::zone)]
    zone: Option<String>,
    /// What lines are kept apart by, with commas between: day, plan, seller
    #[arg(long, value_name = "WHAT", default_value = "day,plan,seller")]
    by: String,
}

#[derive(Deserialize)]
struct Sales {
    zone: String,
    from: String,
    to: String,
    items: Vec<Line>,
    total: Line,
}

#[derive(Deserialize)]
struct Line {
    day: Option<String>,
    plan: Option<String>,
    seller: Option<String>,
    sold: u64,
    revoked: u64,
    unpriced: u64,
    amount: String,
}

impl SalesArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let query = [
            ("from", self.from.as_deref()),
            ("to", self.to.as_deref()),
            ("zone", self.zone.as_deref()),
            ("by", Some(self.by.as_str())),
        ];
        let answer = caller.client.get(&["voucher-sales"], &query).await?;
        caller.show(&answer, text)
    }
}

fn text(sales: &Sales) -> String {
    let Sales { zone, from, to, items, total } = sales;
    let days = format!("{} to {}, days of {}", printable(from), printable(to), printable(zone));
    if items.is_empty() {
        return format!("Nothing was sold, {days}.\n");
    }
    let mut table = Table::new(&["day", "plan", "seller", ">sold", ">revoked", ">without price", ">amount"]);
    for line in items {
        let names = [&line.day, &line.plan, &line.seller].map(|name| or_dash(name.as_deref()));
        let counts = [line.sold, line.revoked, line.unpriced].map(|count| count.to_string());
        table.row(names.into_iter().chain(counts).chain([line.amount.clone()]));
    }
    let revoked = match total.revoked {
        0 => String::new(),
        revoked => format!(", of which {revoked} were revoked since"),
    };
    format!(
        "{table}Together {}{revoked}: {} ({days}).\n",
        many(total.sold, "voucher"),
        printable(&total.amount)
    )
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn lines_and_their_sum_are_told() {
        let line = |day: Option<&str>, sold: u64, amount: &str| json!({"day": day, "plan": null, "seller": "kiosk", "sold": sold, "revoked": 1, "unpriced": 0, "amount": amount});
        let sales = json!({"zone": "Asia/Manila", "from": "2026-11-01", "to": "2026-11-30",
            "items": [line(Some("2026-11-03"), 3, "16.50")], "total": line(None, 3, "16.50")});
        let told = text(&serde_json::from_value(sales).unwrap());
        let cells: Vec<_> = told.lines().nth(1).unwrap().split_whitespace().collect();
        assert_eq!(cells, ["2026-11-03", "-", "kiosk", "3", "1", "0", "16.50"]);
        assert!(
            told.contains("Together 3 vouchers, of which 1 were revoked since: 16.50 (2026-11-01 to"),
            "{told}"
        );
    }
}
