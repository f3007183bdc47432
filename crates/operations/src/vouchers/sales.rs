//! What was sold: a voucher counts on the day on which somebody was let in with it first.

use std::collections::BTreeMap;

use accounting::time::Micros;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use store::{SoldVouchers, StoreError};

use super::money::Money;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::steps::{begin_of_day, zone};

/// Days that are asked for when none are named, today being the last.
const USUAL_DAYS: i64 = 31;
/// Days of one question at most.
const MOST_DAYS: usize = 1_000;

/// What lines of sales are kept apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SalesBy {
    /// The day of first use.
    pub day: bool,
    /// The plan.
    pub plan: bool,
    /// Who sold them.
    pub seller: bool,
}

/// Which sales are asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesRequest {
    /// The first day, like `2026-11-01`.
    pub from: Option<String>,
    /// The last day.
    pub to: Option<String>,
    /// The zone whose days they are, by its IANA name; the installation's when `None`.
    pub zone: Option<String>,
    /// What lines are kept apart by.
    pub by: SalesBy,
}

/// Vouchers that were sold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SalesLine {
    /// The day; `None` when lines are not kept apart by it.
    pub day: Option<String>,
    /// The plan; `None` when lines are not kept apart by it, and of vouchers without one.
    pub plan: Option<String>,
    /// The seller; `None` when lines are not kept apart by them, and of vouchers without one.
    pub seller: Option<String>,
    /// How many.
    pub sold: u64,
    /// How many of them were revoked since.
    pub revoked: u64,
    /// How many of them have no price.
    pub unpriced: u64,
    /// The sum of the others' prices, exact: a decimal number.
    pub amount: String,
}

/// What was sold in days that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SalesReport {
    /// The zone whose days they are.
    pub zone: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// In the order of days, plans and sellers.
    pub lines: Vec<SalesLine>,
    /// All lines together.
    pub total: SalesLine,
}

impl Operations {
    /// What was sold in those days.
    pub async fn voucher_sales(&self, request: SalesRequest) -> Result<SalesReport, OperationError> {
        let zone = request.zone.as_deref().map_or_else(|| Ok(self.zone.clone()), zone)?;
        let days = days(&request, today(self.now(), &zone))?;
        let next = days.last().map(|last| last.tomorrow()).transpose().map_err(|_| no_day("9999-12-31"))?;
        let edges: Result<Vec<Micros>, _> =
            days.iter().chain(&next).map(|day| begin_of_day(*day, &zone)).collect();
        let sold = self.store.voucher_sales(edges?).await?;
        let mut total = Sum::default();
        let mut lines: BTreeMap<Key, Sum> = BTreeMap::new();
        for sold in &sold {
            let day = days.get(sold.day).map(Date::to_string);
            lines.entry(key(request.by, day, sold)).or_default().add(sold)?;
            total.add(sold)?;
        }
        let text = |day: Option<&Date>| day.map(Date::to_string).unwrap_or_default();
        Ok(SalesReport {
            zone: zone.iana_name().unwrap_or("UTC").to_owned(),
            from: text(days.first()),
            to: text(days.last()),
            lines: lines.into_iter().map(|(key, sum)| sum.line(key)).collect(),
            total: total.line(Key::default()),
        })
    }
}

/// Day, plan and seller, as far as lines are kept apart by them.
type Key = (Option<String>, Option<String>, Option<String>);

fn key(by: SalesBy, day: Option<String>, sold: &SoldVouchers) -> Key {
    let plan = sold.plan.clone().filter(|_| by.plan);
    (day.filter(|_| by.day), plan, sold.seller.clone().filter(|_| by.seller))
}

#[derive(Default)]
struct Sum {
    sold: u64,
    revoked: u64,
    unpriced: u64,
    amount: Money,
}

impl Sum {
    fn add(&mut self, sold: &SoldVouchers) -> Result<(), OperationError> {
        self.sold += sold.sold;
        self.revoked += sold.revoked;
        let Some(text) = &sold.price else {
            self.unpriced += sold.sold;
            return Ok(());
        };
        let price = Money::parse(text)
            .ok_or_else(|| OperationError::Store(StoreError::Corrupt(format!("a voucher costs {text}"))))?;
        let amount = price.times(sold.sold).and_then(|amount| self.amount.plus(amount));
        self.amount = amount.ok_or_else(|| {
            OperationError::Invalid("it is more money than can be counted; ask for fewer days".to_owned())
        })?;
        Ok(())
    }

    fn line(self, (day, plan, seller): Key) -> SalesLine {
        let Sum { sold, revoked, unpriced, amount } = self;
        SalesLine { day, plan, seller, sold, revoked, unpriced, amount: amount.to_string() }
    }
}

fn today(now: Micros, zone: &TimeZone) -> Date {
    Timestamp::from_microsecond(now.0).unwrap_or(Timestamp::MAX).to_zoned(zone.clone()).date()
}

/// All days of the question.
fn days(request: &SalesRequest, today: Date) -> Result<Vec<Date>, OperationError> {
    let parsed = |text: &Option<String>| text.as_deref().map(day).transpose();
    let last = parsed(&request.to)?.unwrap_or(today);
    let usual = || last.saturating_sub(jiff::Span::new().days(USUAL_DAYS - 1));
    let first = parsed(&request.from)?.unwrap_or_else(usual);
    let days: Vec<Date> =
        first.series(jiff::Span::new().days(1)).take_while(|day| *day <= last).take(MOST_DAYS + 1).collect();
    match days.len() {
        0 => Err(OperationError::Invalid(format!("{first} is after {last}; write the earlier day first"))),
        many if many > MOST_DAYS => Err(OperationError::Invalid(format!(
            "from {first} to {last} is more than {MOST_DAYS} days; ask for fewer at once"
        ))),
        _ => Ok(days),
    }
}

fn day(text: &str) -> Result<Date, OperationError> {
    let has_form = text.len() == 10 && text.bytes().all(|sign| sign.is_ascii_digit() || sign == b'-');
    has_form.then(|| text.parse().ok()).flatten().ok_or_else(|| no_day(text))
}

fn no_day(text: &str) -> OperationError {
    OperationError::Invalid(format!("\"{}\" is no day; write it like 2026-11-30", text.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(from: Option<&str>, to: Option<&str>) -> Result<(String, String, usize), String> {
        let request = SalesRequest {
            from: from.map(str::to_owned),
            to: to.map(str::to_owned),
            zone: None,
            by: SalesBy { day: true, plan: true, seller: true },
        };
        let days = days(&request, "2026-11-30".parse().unwrap()).map_err(|error| error.to_string())?;
        Ok((days[0].to_string(), days[days.len() - 1].to_string(), days.len()))
    }

    #[test]
    fn the_last_day_is_one_of_them_and_today_where_none_is_named() {
        assert_eq!(asked(None, None), Ok(("2026-10-31".to_owned(), "2026-11-30".to_owned(), 31)));
        assert_eq!(asked(Some("2026-11-30"), None).unwrap().2, 1);
        assert_eq!(asked(Some("2024-02-28"), Some("2024-03-01")).unwrap().2, 3);
    }

    #[test]
    fn what_is_no_day_or_too_many_is_told() {
        assert!(asked(Some("2026-12-01"), None).unwrap_err().contains("earlier day first"));
        assert!(asked(Some("2020-01-01"), None).unwrap_err().contains("more than 1000 days"));
        for wrong in ["yesterday", "2026-02-30", "2026-11-30T00:00:00Z", "20261130", ""] {
            assert!(asked(Some(wrong), None).unwrap_err().contains("is no day"), "{wrong}");
        }
    }
}
