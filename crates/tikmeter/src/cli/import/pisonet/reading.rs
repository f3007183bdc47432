//! What a row becomes.

use jiff::Timestamp;
use operations::{Clock, SystemClock};

use super::found::Found;
use super::meaning::Meaning;
use super::moment::moment;
use super::voucher::{Terms, Used, Voucher};
use crate::cli::import::left::Left;

/// The speeds of a voucher whose row has none, as the old program's own migration gives them, bits per second.
const UP_BPS: u64 = 1_000_000;
const DOWN_BPS: u64 = 2_000_000;
const DEVICES: std::ops::RangeInclusive<u32> = 1..=100;

/// What is said beside the file.
pub(super) struct Said<'a> {
    /// How long those last whose row does not say it.
    pub(super) validity: Option<&'a str>,
    /// What plain numbers of the validity are.
    pub(super) validity_in: Option<&'a str>,
    /// Nobody used one, where no column says it.
    pub(super) none_used: bool,
    pub(super) seller: Option<&'a str>,
    pub(super) zone: Option<&'a str>,
}

/// See the module.
pub(super) struct Reading<'a> {
    found: &'a Found,
    said: Said<'a>,
    now: Timestamp,
}

/// Why a row is not taken.
pub(super) enum NotTaken {
    /// It was used, and nothing says what is left.
    WithoutRest,
    /// It was used up.
    Over,
    Because(String),
}

impl From<String> for NotTaken {
    fn from(why: String) -> Self {
        NotTaken::Because(why)
    }
}

impl<'a> Reading<'a> {
    /// Of what was found, with what is said.
    ///
    /// # Errors
    /// Half a sentence: what the file does not say and has to be said.
    pub(super) fn new(found: &'a Found, said: Said<'a>) -> Result<Reading<'a>, String> {
        let has = |meaning| found.columns.contains_key(&meaning);
        if !said.none_used && !has(Meaning::Used) && !has(Meaning::FirstUsed) {
            return Err(lacks(
                found,
                "which vouchers were used; say it with --column used=NAME, or --none-used if nobody used one",
            ));
        }
        if said.validity.is_none() && !has(Meaning::Validity) && !has(Meaning::Plan) {
            return Err(lacks(
                found,
                "how long they last; say it with --column validity=NAME, or --validity 1h for all of them",
            ));
        }
        let now =
            Timestamp::from_microsecond(SystemClock::new().now().0).map_err(|error| error.to_string())?;
        Ok(Reading { found, said, now })
    }

    /// What a row gives, and its voucher; what of it is left out is noted.
    pub(super) fn row(&self, row: &[Option<String>], left: &mut Left) -> Result<(Terms, Voucher), NotTaken> {
        let code = self.value(row, Meaning::Code).ok_or_else(|| "it has no code".to_owned())?;
        let developer = self.flag(row, Meaning::Developer)?;
        let terms = Terms {
            plan: self.value(row, Meaning::Plan).map(str::to_owned),
            developer,
            price: self.price(code, row, left),
            validity: if developer { None } else { self.validity(row)? },
            devices: self.value(row, Meaning::Users).map(devices).transpose()?,
            rate_up_bps: self.value(row, Meaning::Up).map_or(Ok(UP_BPS), speed)?,
            rate_down_bps: self.value(row, Meaning::Down).map_or(Ok(DOWN_BPS), speed)?,
            seller: self.said.seller.map(str::to_owned),
        };
        let was_used = self.flag(row, Meaning::Used)? || self.value(row, Meaning::FirstUsed).is_some();
        let used = if was_used { Some(self.used(row, developer)?) } else { None };
        Ok((terms, Voucher { code: code.to_owned(), used }))
    }

    fn value<'r>(&self, row: &'r [Option<String>], meaning: Meaning) -> Option<&'r str> {
        self.found.value(row, meaning)
    }

    fn flag(&self, row: &[Option<String>], meaning: Meaning) -> Result<bool, String> {
        match self.value(row, meaning).map(str::to_ascii_lowercase).as_deref() {
            None | Some("0" | "false" | "no") => Ok(false),
            Some("1" | "true" | "yes") => Ok(true),
            Some(other) => Err(format!(
                "\"{}\" in its column {} is neither 0 nor 1",
                other.escape_debug(),
                self.found.columns[&meaning]
            )),
        }
    }

    /// A price that is no number keeps nobody from their time.
    fn price(&self, code: &str, row: &[Option<String>], left: &mut Left) -> Option<String> {
        let price = self.value(row, Meaning::Price)?;
        if operations::check_price(price).is_ok() {
            return Some(price.to_owned());
        }
        left.note(
            format!("the voucher {code}"),
            format!("the price \"{}\" is no number", price.escape_debug()),
        );
        None
    }

    fn validity(&self, row: &[Option<String>]) -> Result<Option<String>, String> {
        let Some(text) = self.value(row, Meaning::Validity).map(str::to_ascii_lowercase) else {
            return match (self.said.validity, self.value(row, Meaning::Plan)) {
                (None, None) => Err("it does not say how long it lasts".to_owned()),
                // The plan of that name says it.
                (said, _) => Ok(said.map(str::to_owned)),
            };
        };
        let is_plain = text.bytes().all(|digit| digit.is_ascii_digit());
        let text = match (is_plain, self.said.validity_in) {
            (true, Some(unit)) => format!("{text}{}", &unit[..1]),
            (true, None) => {
                return Err(format!(
                    "its validity is the plain number {text}; say with --validity-in of what"
                ));
            }
            (false, _) => text,
        };
        match operations::check_validity(&text) {
            Ok(()) => Ok(Some(text)),
            Err(_) => Err(format!("\"{}\" is no validity like 30m, 1h or 2d", text.escape_debug())),
        }
    }

    fn used(&self, row: &[Option<String>], developer: bool) -> Result<Used, NotTaken> {
        let zone = self.said.zone;
        let first = self.value(row, Meaning::FirstUsed).map(|text| moment(text, zone)).transpose()?;
        let first_used_at = first.map(|first| first.to_string());
        if developer {
            return Ok(Used { first_used_at, left_seconds: None });
        }
        let left = match (self.value(row, Meaning::Left), self.value(row, Meaning::Ends)) {
            (Some(left), _) => seconds(left)?,
            (None, Some(ends)) => moment(ends, zone)?.as_second() - self.now.as_second(),
            (None, None) => return Err(NotTaken::WithoutRest),
        };
        let left = u64::try_from(left).ok().filter(|left| *left > 0).ok_or(NotTaken::Over)?;
        Ok(Used { first_used_at, left_seconds: Some(left) })
    }
}

fn lacks(found: &Found, what: &str) -> String {
    format!("no column of its table {} says {what}. Not understood: {}", found.table, found.left.join(", "))
}

fn devices(text: &str) -> Result<u32, String> {
    let number = text.parse().ok().filter(|number| DEVICES.contains(number));
    number.ok_or_else(|| format!("\"{}\" is no number of devices from 1 to 100", text.escape_debug()))
}

fn speed(text: &str) -> Result<u64, String> {
    let bps = operations::speed(text).ok().filter(|bps| *bps > 0);
    bps.ok_or_else(|| format!("\"{}\" is no speed like 512K or 2M", text.escape_debug()))
}

fn seconds(text: &str) -> Result<i64, String> {
    let whole = text.split_once('.').map_or(text, |(whole, _)| whole);
    whole.parse().map_err(|_| format!("\"{}\" is no number of seconds", text.escape_debug()))
}
