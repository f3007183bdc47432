//! `rate-limit` of a profile (routeros.md §2.7): `rx[/tx]`, from the router's view, and then bursts that are not simulated.

use routeros_proto::value;

use super::stream::Pace;

/// Rates, bursts, their thresholds, their times, a priority, least rates.
const MOST_PARTS: usize = 6;

/// Upload and download, which are the same where one is given.
pub(crate) fn rate_limit(text: &[u8]) -> Option<Pace> {
    let mut parts = text.split(|&byte| byte == b' ');
    let rates = parts.next()?;
    let (up, down) = value::pair(rates).unwrap_or((rates, rates));
    let is_short = parts.count() < MOST_PARTS;
    Some(Pace::new(value::rate_bps(up)?, value::rate_bps(down)?)).filter(|_| is_short)
}

#[cfg(test)]
mod tests {
    use super::{Pace, rate_limit};

    #[test]
    fn the_first_rate_is_the_clients_upload_and_bursts_are_passed_over() {
        for (text, rates) in [
            ("512k/1M", Some((512_000, 1_000_000))),
            ("10M", Some((10_000_000, 10_000_000))),
            ("1M/2M 2M/4M 1M/1M 8/8 8 512k/512k", Some((1_000_000, 2_000_000))),
            ("1M/2M 2M/4M 1M/1M 8/8 8 512k/512k more", None),
            ("", None),
            ("fast", None),
            ("1M/2M/3M", None),
        ] {
            let rates = rates.map(|(up_bps, down_bps)| Pace::new(up_bps, down_bps));
            assert_eq!(rate_limit(text.as_bytes()), rates, "{text}");
        }
    }
}
