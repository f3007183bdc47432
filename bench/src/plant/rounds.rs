//! Rounds over the plant, as accounting is given them.

use std::ops::Range;

use accounting::snapshot::{CounterRow, CounterRows, Identified, Owner, OwnerSession, Service, Snapshot};
use accounting::time::{HostInstant, Micros, RoundTimes, UptimeSpan};

use super::numbers;

/// The router's own key.
const DEVICE: &str = "serial:BENCH1";

/// Our clock at round 0: the begin of a bucket.
const BEGIN: Micros = Micros(1_800_000_000_000_000);

/// Between two rounds: short, so that all rounds of a measurement extend one ledger entry per counter.
const SECONDS_APART: u64 = 5;

/// The first round: all counters and who owns them.
pub(crate) fn first(sessions: u32) -> Snapshot {
    first_of(0..sessions)
}

fn first_of(subscribers: Range<u32>) -> Snapshot {
    let rows = rows_of(subscribers.clone(), 0);
    let identified = Identified {
        owners: subscribers.map(owner).collect(),
        complete: true,
        counters_after: rows.clone(),
        half_seen: Vec::new(),
        counters_after_complete: true,
    };
    Snapshot { after_gap: true, identified: Some(identified), ..later(rows, 0) }
}

/// A round of one of many routers that have so many subscribers each.
pub(crate) fn of_router(number: u32, each: u32, round: u32) -> Snapshot {
    let subscribers = number * each..(number + 1) * each;
    let snapshot = if round == 0 { first_of(subscribers) } else { later(rows_of(subscribers, round), round) };
    Snapshot { device: format!("serial:BENCH-{number}").into(), ..snapshot }
}

/// A later round that only read the counters.
pub(crate) fn later(counters: CounterRows, round: u32) -> Snapshot {
    Snapshot {
        device: DEVICE.into(),
        times: times(round),
        after_gap: false,
        counters,
        identified: None,
        logins: None,
        hosts: None,
        idle: Vec::new(),
        sums: None,
        heard: Vec::new(),
        standing: Vec::new(),
        lost_sight_of: Vec::new(),
    }
}

/// What a print of round `round` shows.
pub(crate) fn rows(sessions: u32, round: u32) -> CounterRows {
    rows_of(0..sessions, round)
}

fn rows_of(subscribers: Range<u32>, round: u32) -> CounterRows {
    let mut rows = CounterRows::with_capacity(subscribers.len());
    for i in subscribers {
        let name = numbers::interface(i);
        rows.push(CounterRow {
            handle: numbers::handle(i),
            name: name.as_bytes(),
            octets: numbers::octets(i, round),
        });
    }
    rows
}

/// The clocks of a round.
pub(crate) fn times(round: u32) -> RoundTimes {
    times_apart(round, SECONDS_APART)
}

/// The clocks of a round where rounds are so many seconds apart.
pub(crate) fn times_apart(round: u32, seconds_apart: u64) -> RoundTimes {
    let seconds = u64::from(round) * seconds_apart;
    let micros = seconds * 1_000_000;
    RoundTimes {
        uptime: UptimeSpan { before: 1_000_000 + seconds, after: 1_000_001 + seconds },
        host: HostInstant { epoch: 1, micros },
        host_after: HostInstant { epoch: 1, micros: micros + 1_000_000 },
        at: Micros(BEGIN.0.saturating_add_unsigned(micros)),
        bindings: u64::MAX,
    }
}

fn owner(i: u32) -> Owner {
    let [_, a, b, c] = i.to_be_bytes();
    Owner {
        counter_name: numbers::interface(i).into_bytes().into(),
        permanent: false,
        session: Some(OwnerSession {
            login: numbers::login(i).into_bytes().into(),
            service: Service::Pppoe,
            acct_session_id: Some(0x8110_0000 + u64::from(i)),
            session_time_s: Some(3_600 + u64::from(i)),
            calling_station_id: format!("02:00:00:{a:02X}:{b:02X}:{c:02X}").into_bytes().into(),
            framed_address: format!("100.{}.{b}.{c}", 64 + a).into_bytes().into(),
        }),
    }
}
