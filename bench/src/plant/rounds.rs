//! Rounds over the plant, as accounting is given them.

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
    let rows = rows(sessions, 0);
    let identified = Identified {
        owners: (0..sessions).map(owner).collect(),
        complete: true,
        counters_after: rows.clone(),
        half_seen: Vec::new(),
        counters_after_complete: true,
    };
    Snapshot { after_gap: true, identified: Some(identified), ..later(rows, 0) }
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
    let mut rows = CounterRows::with_capacity(sessions as usize);
    for i in 0..sessions {
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
    let seconds = u64::from(round) * SECONDS_APART;
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
