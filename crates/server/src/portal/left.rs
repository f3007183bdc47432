//! What is left of a voucher, as people and programs read it.

use operations::{AdmittedDevice, VoucherStanding, VoucherStop};

use super::language::Language;
use super::texts::Text;
use crate::text::volume;

/// Of its time and of its data; `None`: no limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Left {
    pub(super) seconds: Option<u64>,
    pub(super) octets: Option<u64>,
}

impl Left {
    /// Whether there is any.
    pub(super) fn is_something(self) -> bool {
        self.seconds != Some(0) && self.octets != Some(0)
    }

    /// `1:59:59`, with the days before it.
    pub(super) fn time(self, language: Language) -> String {
        let none = || Text::NoTimeLimit.within(language).to_owned();
        self.seconds.map_or_else(none, |seconds| clock(seconds, language))
    }

    pub(super) fn data(self, language: Language) -> String {
        self.octets.map_or_else(|| Text::NoDataLimit.within(language).to_owned(), volume)
    }
}

impl From<&VoucherStanding> for Left {
    fn from(standing: &VoucherStanding) -> Self {
        Left { seconds: standing.left_us.map(whole_seconds), octets: standing.left_octets }
    }
}

impl From<&AdmittedDevice> for Left {
    fn from(admitted: &AdmittedDevice) -> Self {
        Left { seconds: admitted.left_us.map(whole_seconds), octets: admitted.left_octets }
    }
}

/// Why a voucher lets nobody in, in words for its owner.
pub(super) fn stop_told(stop: VoucherStop, language: Language) -> String {
    let words = match stop {
        VoucherStop::Paused { left_us, left_octets } => {
            let left = Left { seconds: left_us.map(whole_seconds), octets: left_octets };
            let words = Text::Paused.within(language).replace("{time}", &left.time(language));
            return words.replace("{data}", &left.data(language));
        }
        VoucherStop::TimeOver => Text::TimeOver,
        VoucherStop::DataOver => Text::DataOver,
        VoucherStop::Revoked => Text::Revoked,
    };
    words.within(language).to_owned()
}

/// Rounded down: nobody is told more than there is.
fn whole_seconds(micros: u64) -> u64 {
    micros / 1_000_000
}

fn clock(seconds: u64, language: Language) -> String {
    let days = if seconds >= 86_400 {
        format!("{} {} ", seconds / 86_400, Text::Days.within(language))
    } else {
        String::new()
    };
    format!("{days}{}:{:02}:{:02}", seconds % 86_400 / 3_600, seconds % 3_600 / 60, seconds % 60)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn time_is_told_like_a_clock_and_never_too_long() {
        let time = |seconds| Left { seconds, octets: None }.time(Language::English);
        assert_eq!(time(Some(7_199)), "1:59:59");
        assert_eq!(time(Some(59)), "0:00:59");
        assert_eq!(time(Some(2 * 86_400 + 3_661)), "2 d 1:01:01");
        assert_eq!(time(None), "no time limit");
        assert_eq!(whole_seconds(1_999_999), 1);
    }

    /// The page's own script counts on, by the same rule.
    #[test]
    fn data_is_told_in_the_units_that_the_script_has() {
        let told = [999, 1_000, 1_500_000, 2_000_000_000, 3_000_000_000_000].map(|octets| {
            let left = Left { seconds: None, octets: Some(octets) }.data(Language::English);
            left.split_once(' ').unwrap().1.to_owned()
        });
        assert_eq!(told, ["B", "kB", "MB", "GB", "TB"]);
        let script = include_str!("../../portal/left.js");
        assert!(script.contains(&format!("const units = {told:?};")), "{script}");
    }

    #[test]
    fn what_is_used_up_is_nothing() {
        let left = |seconds, octets| Left { seconds, octets }.is_something();
        assert!(left(None, None) && left(Some(1), Some(1)));
        assert!(!left(Some(0), None) && !left(Some(9), Some(0)));
    }
}
