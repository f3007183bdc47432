//! Which vouchers of another program can be taken. Codes are compared in capitals, and the hotspot user of a voucher's second place is
//! called `CODE-2` here, so that no code may be called like another one's place.

use std::collections::{HashMap, HashSet};

use accounting::time::Micros;
use store::{UsedBefore, VoucherIssue, VoucherTerms, VoucherToImport};

use super::foreign::{ForeignUse, ForeignVoucher, LeftVoucher, VoucherImportReport};
use crate::vouchers::stored_code;

/// The longest code that is taken.
const LONGEST: usize = 64;
const NO_CODE: &str = "a code has up to 64 printable signs of ASCII";
const TWICE: &str = "another voucher has the same code, in capitals or not";
const PLACE: &str = "another voucher's second device would be called the same on the router";
const LEFT_MORE: &str = "more of its time is said to be left than it lasts";
const LATER: &str = "it is said to be used in the future";
const NO_REST: &str = "it was used, and nothing says what is left of it";
const OVER: &str = "its time is over";

/// All codes that decide whether these can be taken.
pub(super) fn codes_to_look_up<'v>(
    batches: impl Iterator<Item = (&'v [ForeignVoucher], &'v VoucherIssue)>,
) -> Vec<String> {
    let mut codes = HashSet::new();
    for (vouchers, issue) in batches {
        for code in vouchers.iter().map(|voucher| stored_code(&voucher.code)) {
            codes.extend(place(&code).map(|(of, _)| of.to_owned()));
            codes.extend((2..=issue.terms.devices).map(|place| format!("{code}-{place}")));
            codes.insert(code);
        }
    }
    codes.into_iter().collect()
}

/// See the module.
pub(super) struct Fitting {
    /// Codes that are vouchers' here.
    known: HashSet<String>,
    /// Devices of each voucher that comes.
    devices: HashMap<String, u32>,
    seen: HashSet<String>,
    now: Micros,
    report: VoucherImportReport,
}

impl Fitting {
    /// Of those that were [looked up](codes_to_look_up), these are vouchers' here.
    pub(super) fn new(known: HashSet<String>, now: Micros) -> Fitting {
        let (devices, seen) = (HashMap::new(), HashSet::new());
        Fitting { known, devices, seen, now, report: VoucherImportReport::default() }
    }

    /// All that come.
    pub(super) fn note_places<'v>(
        &mut self,
        batches: impl Iterator<Item = (&'v [ForeignVoucher], &'v VoucherIssue)>,
    ) {
        for (vouchers, issue) in batches {
            let codes = vouchers.iter().map(|voucher| (stored_code(&voucher.code), issue.terms.devices));
            self.devices.extend(codes);
        }
    }

    /// The voucher as it is written; `None` where it is there or cannot be taken.
    pub(super) fn fit(&mut self, voucher: ForeignVoucher, terms: &VoucherTerms) -> Option<VoucherToImport> {
        let code = stored_code(&voucher.code);
        if self.known.contains(&code) {
            self.report.known += u64::from(self.seen.insert(code));
            return None;
        }
        match self.judge(&code, voucher.used, terms) {
            Ok(used) => {
                self.report.new += 1;
                self.report.in_use += u64::from(used.is_some());
                Some(VoucherToImport { code, used })
            }
            Err(why) => {
                self.report.left.push(LeftVoucher { code: voucher.code, why });
                None
            }
        }
    }

    /// What it came to, were all written that fit.
    pub(super) fn report(self) -> VoucherImportReport {
        self.report
    }

    fn judge(
        &mut self,
        code: &str,
        used: Option<ForeignUse>,
        terms: &VoucherTerms,
    ) -> Result<Option<UsedBefore>, &'static str> {
        if !(1..=LONGEST).contains(&code.len()) || !code.bytes().all(|sign| sign.is_ascii_graphic()) {
            return Err(NO_CODE);
        }
        if !self.seen.insert(code.to_owned()) {
            return Err(TWICE);
        }
        if self.is_called_like_a_place(code) || self.has_a_place_called_like_one(code, terms.devices) {
            return Err(PLACE);
        }
        used.map(|used| self.rest(used, terms)).transpose()
    }

    fn is_called_like_a_place(&self, code: &str) -> bool {
        let Some((of, number)) = place(code) else { return false };
        self.known.contains(of) || self.devices.get(of).is_some_and(|devices| number <= *devices)
    }

    fn has_a_place_called_like_one(&self, code: &str, devices: u32) -> bool {
        (2..=devices).any(|place| self.known.contains(&format!("{code}-{place}")))
    }

    fn rest(&self, used: ForeignUse, terms: &VoucherTerms) -> Result<UsedBefore, &'static str> {
        let ForeignUse { first_used_at, left_s } = used;
        if first_used_at > Some(self.now) {
            return Err(LATER);
        }
        let left_us = left_s.map(|left_s| left_s.saturating_mul(1_000_000));
        match (left_us, terms.validity_us) {
            (None, Some(_)) => Err(NO_REST),
            (Some(0), _) => Err(OVER),
            (Some(left), Some(validity)) if left > validity => Err(LEFT_MORE),
            (left, validity) => {
                let left_us = left.filter(|_| validity.is_some());
                let gone = validity.unwrap_or(0) - left_us.unwrap_or(0);
                let since = Micros(self.now.0.saturating_sub_unsigned(gone));
                Ok(UsedBefore { first_used_at: first_used_at.unwrap_or(since), left_us })
            }
        }
    }
}

/// The voucher and the place that a hotspot user of that name would have here.
fn place(code: &str) -> Option<(&str, u32)> {
    let (of, number) = code.rsplit_once('-')?;
    let number: u32 = number.parse().ok().filter(|number| (2..=100).contains(number))?;
    Some((of, number))
}

#[cfg(test)]
mod tests {
    use store::RateLimit;

    use super::*;

    fn terms(devices: u32) -> VoucherTerms {
        let rate = RateLimit { up_bps: None, down_bps: None };
        VoucherTerms { validity_us: Some(3_600_000_000), devices, rate, quota_octets: None }
    }

    fn voucher(code: &str, used: Option<ForeignUse>) -> ForeignVoucher {
        ForeignVoucher { code: code.to_owned(), used }
    }

    fn why(fitting: &mut Fitting, voucher: ForeignVoucher, devices: u32) -> Option<&'static str> {
        let taken = fitting.fit(voucher, &terms(devices)).is_some();
        (!taken).then(|| fitting.report.left.pop().map_or("known", |left| left.why))
    }

    fn fitting(known: &[&str]) -> Fitting {
        Fitting::new(known.iter().map(|code| (*code).to_owned()).collect(), Micros(10_000_000))
    }

    #[test]
    fn a_code_is_taken_once_whatever_its_capitals() {
        let mut fitting = fitting(&["OLD1"]);
        for (code, expected) in [
            ("abc1", None),
            ("ABC1", Some(TWICE)),
            ("old1", Some("known")),
            ("", Some(NO_CODE)),
            ("a\u{7f}", Some(NO_CODE)),
            ("ñu", Some(NO_CODE)),
        ] {
            assert_eq!(why(&mut fitting, voucher(code, None), 1), expected, "{code}");
        }
        assert_eq!(why(&mut fitting, voucher(&"A".repeat(65), None), 1), Some(NO_CODE));
        assert_eq!((fitting.report.new, fitting.report.known), (1, 1));
    }

    #[test]
    fn no_code_is_called_like_another_ones_second_device() {
        let mut fitting = fitting(&["KIOSK", "SHOP-3"]);
        fitting.devices = [("FAM".to_owned(), 2), ("ONE".to_owned(), 1)].into();
        for (code, devices, expected) in [
            ("FAM-2", 1, Some(PLACE)),
            ("FAM-3", 1, None),
            ("ONE-2", 1, None),
            ("KIOSK-2", 1, Some(PLACE)),
            ("SHOP", 3, Some(PLACE)),
            ("SHOP", 2, Some(TWICE)),
            ("SOP-1", 1, None),
        ] {
            assert_eq!(why(&mut fitting, voucher(code, None), devices), expected, "{code}");
        }
    }

    #[test]
    fn of_a_used_one_the_rest_has_to_be_known_and_to_make_sense() {
        let mut fitting = fitting(&[]);
        let used = |at, left_s| Some(ForeignUse { first_used_at: Some(Micros(at)), left_s });
        for (code, used, expected) in [
            ("A", used(1, Some(60)), None),
            ("B", used(1, None), Some(NO_REST)),
            ("C", used(1, Some(0)), Some(OVER)),
            ("D", used(1, Some(3_601)), Some(LEFT_MORE)),
            ("E", used(10_000_001, Some(60)), Some(LATER)),
        ] {
            assert_eq!(why(&mut fitting, voucher(code, used), 1), expected, "{code}");
        }
        assert_eq!((fitting.report.new, fitting.report.in_use), (1, 1));
    }
}
