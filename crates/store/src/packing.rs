//! Fixed byte layouts for values that are only ever read back whole, so that every database stores the same bytes.

use accounting::changes::{CoverageStart, CoverageStarts, Glimpse, OpenCoverage, SessionSeries};
use accounting::snapshot::{OwnerSession, Service};
use accounting::table::Table;
use accounting::time::{HostInstant, Micros, RoundTimes, StartInterval, UptimeSpan};

use crate::error::StoreError;

/// Bytes of packed [`RoundTimes`]: two uptimes, the epoch, two host readings, our clock, the version of the bindings; each
/// big-endian.
pub(crate) const ROUND_TIMES_LEN: usize = 64;
/// Without the version of the bindings, as they were packed at first.
const CLOCKS_LEN: usize = 56;
/// Bytes of one packed [`SessionSeries`].
const SERIES_LEN: usize = 16;
/// Bytes of one packed [`CoverageStart`]: table, boot, uptime; each big-endian.
const COVERAGE_START_LEN: usize = 13;
/// Bytes of one open coverage row: table, number; each big-endian.
const OPEN_COVERAGE_LEN: usize = 9;
/// Fields of one packed [`Glimpse`].
const GLIMPSE_FIELDS: usize = 8;

/// A round's clocks as bytes.
pub(crate) fn pack_round_times(times: &RoundTimes) -> [u8; ROUND_TIMES_LEN] {
    let mut packed = [0; ROUND_TIMES_LEN];
    packed[..8].copy_from_slice(&times.uptime.before.to_be_bytes());
    packed[8..16].copy_from_slice(&times.uptime.after.to_be_bytes());
    packed[16..32].copy_from_slice(&times.host.epoch.to_be_bytes());
    packed[32..40].copy_from_slice(&times.host.micros.to_be_bytes());
    packed[40..48].copy_from_slice(&times.host_after.micros.to_be_bytes());
    packed[48..56].copy_from_slice(&times.at.0.to_be_bytes());
    packed[56..].copy_from_slice(&times.bindings.to_be_bytes());
    packed
}

/// The clocks of [`pack_round_times`]; `Corrupt` for bytes of another length.
pub(crate) fn unpack_round_times(packed: &[u8]) -> Result<RoundTimes, StoreError> {
    let bindings = match packed.len() {
        ROUND_TIMES_LEN => number(&packed[CLOCKS_LEN..])?,
        CLOCKS_LEN => 0,
        other => return Err(StoreError::Corrupt(format!("a round's clocks take {other} bytes"))),
    };
    let epoch = u128::from_be_bytes(array(&packed[16..32])?);
    Ok(RoundTimes {
        uptime: UptimeSpan { before: number(&packed[..8])?, after: number(&packed[8..16])? },
        host: HostInstant { epoch, micros: number(&packed[32..40])? },
        host_after: HostInstant { epoch, micros: number(&packed[40..48])? },
        at: Micros(i64::from_be_bytes(array(&packed[48..56])?)),
        bindings,
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

/// When coverage of the tables began, as bytes; without that of the interfaces, which has columns of its own.
pub(crate) fn pack_coverage_starts(starts: &CoverageStarts) -> Vec<u8> {
    let others = (0u8..).zip(Table::ALL).filter(|(_, table)| *table != Table::Interface);
    let begun = others.filter_map(|(number, table)| Some((number, starts.of(table)?)));
    let mut packed = Vec::new();
    for (number, start) in begun {
        packed.push(number);
        packed.extend_from_slice(&start.boot.to_be_bytes());
        packed.extend_from_slice(&start.uptime_s.to_be_bytes());
    }
    packed
}

/// The instants of [`pack_coverage_starts`]; `Corrupt` for bytes that are none.
pub(crate) fn unpack_coverage_starts(packed: &[u8]) -> Result<CoverageStarts, StoreError> {
    let mut starts = CoverageStarts::default();
    let one = packed.chunks_exact(COVERAGE_START_LEN);
    if !one.remainder().is_empty() {
        return Err(StoreError::Corrupt(format!("the tables' coverage takes {} bytes", packed.len())));
    }
    for one in one {
        let table = table(one[0])?;
        let start =
            CoverageStart { boot: u32::from_be_bytes(array(&one[1..5])?), uptime_s: number(&one[5..])? };
        starts.begin(table, start);
    }
    Ok(starts)
}

/// Numbers of the coverage rows being extended, as bytes: table and number of each.
pub(crate) fn pack_open_coverage(open: &OpenCoverage) -> Vec<u8> {
    let mut packed = Vec::new();
    for (number, table) in (0u8..).zip(Table::ALL) {
        if let Some(no) = open.of(table) {
            packed.push(number);
            packed.extend_from_slice(&no.to_be_bytes());
        }
    }
    packed
}

/// The numbers of [`pack_open_coverage`]; `Corrupt` for bytes that are none.
pub(crate) fn unpack_open_coverage(packed: &[u8]) -> Result<OpenCoverage, StoreError> {
    let mut open = OpenCoverage::default();
    let one = packed.chunks_exact(OPEN_COVERAGE_LEN);
    if !one.remainder().is_empty() {
        return Err(StoreError::Corrupt(format!("the open coverage takes {} bytes", packed.len())));
    }
    for one in one {
        open.set(table(one[0])?, Some(number(&one[1..])?));
    }
    Ok(open)
}

fn table(number: u8) -> Result<Table, StoreError> {
    let table = Table::ALL.get(usize::from(number)).copied();
    table.ok_or_else(|| StoreError::Corrupt(format!("there is no table {number}")))
}

/// Glimpsed sessions as bytes: each a run of fields, every field behind its length.
pub(crate) fn pack_glimpses(glimpses: &[Glimpse]) -> Vec<u8> {
    let mut packed = Vec::new();
    for Glimpse { counter_name, session, start } in glimpses {
        let optional = |value: Option<u64>| value.map_or_else(Vec::new, |value| value.to_be_bytes().to_vec());
        let start = start.map_or_else(Vec::new, |start| {
            [start.earliest.to_be_bytes(), start.latest.to_be_bytes()].concat()
        });
        let fields: [&[u8]; GLIMPSE_FIELDS] = [
            counter_name,
            &session.login,
            session.service.as_str().as_bytes(),
            &optional(session.acct_session_id),
            &optional(session.session_time_s),
            &session.calling_station_id,
            &session.framed_address,
            &start,
        ];
        for field in fields {
            let length = u32::try_from(field.len()).expect("a word of the router's is far below 4 GiB");
            packed.extend_from_slice(&length.to_be_bytes());
            packed.extend_from_slice(field);
        }
    }
    packed
}

/// The sessions of [`pack_glimpses`]; `Corrupt` for bytes that are none.
pub(crate) fn unpack_glimpses(mut packed: &[u8]) -> Result<Vec<Glimpse>, StoreError> {
    let mut glimpses = Vec::new();
    while !packed.is_empty() {
        let mut fields = [packed; GLIMPSE_FIELDS];
        for field in &mut fields {
            *field = take_field(&mut packed)?;
        }
        glimpses.push(glimpse(fields)?);
    }
    Ok(glimpses)
}

fn take_field<'p>(packed: &mut &'p [u8]) -> Result<&'p [u8], StoreError> {
    let cut = || StoreError::Corrupt("a glimpsed session breaks off".to_owned());
    let (length, rest) = packed.split_at_checked(4).ok_or_else(cut)?;
    let length = usize::try_from(u32::from_be_bytes(array(length)?)).map_err(|_| cut())?;
    let (field, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
    *packed = rest;
    Ok(field)
}

fn glimpse(fields: [&[u8]; GLIMPSE_FIELDS]) -> Result<Glimpse, StoreError> {
    let [counter_name, login, service, session_id, session_time, caller, address, start] = fields;
    let optional = |field: &[u8]| if field.is_empty() { Ok(None) } else { number(field).map(Some) };
    let second = |field: &[u8]| array(field).map(i64::from_be_bytes);
    let start = match start.split_at_checked(8) {
        Some((earliest, latest)) => {
            Some(StartInterval { earliest: second(earliest)?, latest: second(latest)? })
        }
        None => None,
    };
    Ok(Glimpse {
        counter_name: counter_name.into(),
        session: OwnerSession {
            login: login.into(),
            service: Service::from_name(&String::from_utf8_lossy(service)),
            acct_session_id: optional(session_id)?,
            session_time_s: optional(session_time)?,
            calling_station_id: caller.into(),
            framed_address: address.into(),
        },
        start,
    })
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
            bindings: 9,
        };
        let packed = pack_round_times(&times);
        assert_eq!(unpack_round_times(&packed), Ok(times));
        assert_eq!(unpack_round_times(&packed[..56]), Ok(RoundTimes { bindings: 0, ..times }));
        let series =
            vec![SessionSeries { prefix: 0x817, highest: 9 }, SessionSeries { prefix: 1, highest: 0 }];
        assert_eq!(unpack_series(&pack_series(&series)), Ok(series));
    }

    #[test]
    fn coverage_of_tables_comes_back_as_it_went_in() {
        let mut starts = CoverageStarts::default();
        starts.begin(Table::HotspotActive, CoverageStart { boot: 3, uptime_s: 1_001 });
        let packed = pack_coverage_starts(&starts);
        assert_eq!(unpack_coverage_starts(&packed), Ok(starts));
        assert!(matches!(unpack_coverage_starts(&packed[1..]), Err(StoreError::Corrupt(_))));
        assert_eq!(unpack_coverage_starts(&[]), Ok(CoverageStarts::default()));
    }

    #[test]
    fn open_coverage_comes_back_as_it_went_in() {
        let mut open = OpenCoverage::default();
        open.set(Table::Interface, Some(7));
        open.set(Table::HotspotHost, Some(1 << 38));
        let packed = pack_open_coverage(&open);
        assert_eq!(unpack_open_coverage(&packed), Ok(open));
        assert!(matches!(unpack_open_coverage(&packed[1..]), Err(StoreError::Corrupt(_))));
        assert!(matches!(unpack_open_coverage(&[9; OPEN_COVERAGE_LEN]), Err(StoreError::Corrupt(_))));
        assert_eq!(unpack_open_coverage(&[]), Ok(OpenCoverage::default()));
    }

    #[test]
    fn glimpses_come_back_as_they_went_in() {
        let session = OwnerSession {
            login: b"mu\xF1oz".as_slice().into(),
            service: Service::L2tp,
            acct_session_id: Some(0x8110_0000),
            session_time_s: None,
            calling_station_id: b"10.0.0.9".as_slice().into(),
            framed_address: accounting::text::Text::default(),
        };
        let start = Some(StartInterval { earliest: -1, latest: 9 });
        let one = Glimpse { counter_name: b"<l2tp-x>".as_slice().into(), session, start };
        let two = Glimpse { start: None, ..one.clone() };
        let packed = pack_glimpses(&[one.clone(), two.clone()]);
        assert_eq!(unpack_glimpses(&packed), Ok(vec![one, two]));
        assert!(matches!(unpack_glimpses(&packed[..packed.len() - 1]), Err(StoreError::Corrupt(_))));
    }

    #[test]
    fn bytes_of_another_length_are_refused() {
        assert!(matches!(unpack_round_times(&[0; 55]), Err(StoreError::Corrupt(_))));
        assert!(matches!(unpack_series(&[0; 15]), Err(StoreError::Corrupt(_))));
    }
}
