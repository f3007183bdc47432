//! Fixed byte layouts for values that are only ever read back whole, so that every database stores the same bytes.

use accounting::changes::SessionSeries;
use accounting::time::{HostInstant, Micros, RoundTimes, UptimeSpan};

use crate::error::StoreError;

/// Bytes of packed [`RoundTimes`]: two uptimes, the epoch, two host readings, our clock; each big-endian.
const ROUND_TIMES_LEN: usize = 56;
/// Bytes of one packed [`SessionSeries`].
const SERIES_LEN: usize = 16;

/// A round's clocks as bytes.
pub(crate) fn pack_round_times(times: &RoundTimes) -> [u8; ROUND_TIMES_LEN] {
    let mut packed = [0; ROUND_TIMES_LEN];
    packed[..8].copy_from_slice(&times.uptime.before.to_be_bytes());
    packed[8..16].copy_from_slice(&times.uptime.after.to_be_bytes());
    packed[16..32].copy_from_slice(&times.host.epoch.to_be_bytes());
    packed[32..40].copy_from_slice(&times.host.micros.to_be_bytes());
    packed[40..48].copy_from_slice(&times.host_after.micros.to_be_bytes());
    packed[48..].copy_from_slice(&times.at.0.to_be_bytes());
    packed
}

/// The clocks of [`pack_round_times`]; `Corrupt` for bytes of another length.
pub(crate) fn unpack_round_times(packed: &[u8]) -> Result<RoundTimes, StoreError> {
    if packed.len() != ROUND_TIMES_LEN {
        return Err(StoreError::Corrupt(format!("a round's clocks take {} bytes", packed.len())));
    }
    let epoch = u128::from_be_bytes(array(&packed[16..32])?);
    Ok(RoundTimes {
        uptime: UptimeSpan { before: number(&packed[..8])?, after: number(&packed[8..16])? },
        host: HostInstant { epoch, micros: number(&packed[32..40])? },
        host_after: HostInstant { epoch, micros: number(&packed[40..48])? },
        at: Micros(i64::from_be_bytes(array(&packed[48..])?)),
    })
}

/// Session series as bytes.
pub(crate) fn pack_series(series: &[SessionSeries]) -> Vec<u8> {
    series.iter().flat_map(|one| [one.prefix.to_be_bytes(), one.highest.to_be_bytes()]).flatten().collect()
}

/// The series of [`pack_series`]; `Corrupt` for bytes of an impossible length.
pub(crate) fn unpack_series(packed: &[u8]) -> Result<Vec<SessionSeries>, StoreError> {
    if !packed.len().is_multiple_of(SERIES_LEN) {
        return Err(StoreError::Corrupt(format!("session series take {} bytes", packed.len())));
    }
    packed
        .chunks_exact(SERIES_LEN)
        .map(|one| Ok(SessionSeries { prefix: number(&one[..8])?, highest: number(&one[8..])? }))
        .collect()
}

fn number(bytes: &[u8]) -> Result<u64, StoreError> {
    Ok(u64::from_be_bytes(array(bytes)?))
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Corrupt("a packed value has the wrong length".to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clocks_and_series_come_back_as_they_went_in() {
        let times = RoundTimes {
            uptime: UptimeSpan { before: 1, after: u64::MAX },
            host: HostInstant { epoch: u128::MAX - 7, micros: 3 },
            host_after: HostInstant { epoch: u128::MAX - 7, micros: 4 },
            at: Micros(-5),
        };
        assert_eq!(unpack_round_times(&pack_round_times(&times)), Ok(times));
        let series =
            vec![SessionSeries { prefix: 0x817, highest: 9 }, SessionSeries { prefix: 1, highest: 0 }];
        assert_eq!(unpack_series(&pack_series(&series)), Ok(series));
    }

    #[test]
    fn bytes_of_another_length_are_refused() {
        assert!(matches!(unpack_round_times(&[0; 55]), Err(StoreError::Corrupt(_))));
        assert!(matches!(unpack_series(&[0; 15]), Err(StoreError::Corrupt(_))));
    }
}
