//! What is told, as JSON between processes of one version.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Service;
use accounting::time::Micros;
use operations::{
    Customer, LiveMoment, LiveTold, RateReading, SampleSource, Standing, Stop, Want, Wants, Watched,
};
use serde::{Deserialize, Serialize};
use store::NasId;
use uuid::Uuid;

#[derive(Serialize, Deserialize)]
struct Told {
    enabled: bool,
    reads_all: bool,
    customers: Vec<Wanted>,
    /// Their own names, and whose.
    stops: Vec<(Uuid, Uuid)>,
    stands: Vec<(i64, Uuid, Stands)>,
}

#[derive(Serialize, Deserialize)]
struct Wanted {
    id: Uuid,
    username: String,
    name: Option<String>,
    service: String,
    plan: Option<String>,
    router: String,
    also_on: BTreeSet<String>,
    nas: i64,
    by: By,
    started: bool,
    readers: usize,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum By {
    Ppp { login: Box<[u8]>, service: String },
    Hotspot(Box<[u8]>),
    Device(Box<[u8]>),
    Interface(Box<[u8]>),
    Queue(Box<[u8]>),
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Stands {
    Sought,
    Watched,
    NoSession,
    Trouble(String),
}

#[derive(Serialize, Deserialize)]
struct Moment {
    nas: i64,
    at_us: i64,
    readings: Vec<Reading>,
}

#[derive(Serialize, Deserialize)]
struct Reading {
    customer: Uuid,
    no: u64,
    interface: Vec<u8>,
    input_bps: u64,
    output_bps: u64,
    source: Source,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Source {
    Session,
    Facing,
    CountersOverMicros(u64),
}

pub(super) fn told(told: &LiveTold) -> String {
    let LiveTold { wants, stops, stands } = told;
    text(&Told {
        enabled: wants.enabled,
        reads_all: wants.reads_all,
        customers: wants.customers.iter().map(wanted).collect(),
        stops: stops.iter().map(|stop| (stop.id, stop.customer)).collect(),
        stands: stands.iter().map(|(nas, customer, standing)| (nas.0, *customer, stood(standing))).collect(),
    })
}

/// `None` for what makes no sense.
pub(super) fn read_told(told: &str) -> Option<LiveTold> {
    let Told { enabled, reads_all, customers, stops, stands } = serde_json::from_str(told).ok()?;
    let customers = customers.into_iter().map(read_wanted).collect();
    let stops = stops.into_iter().map(|(id, customer)| Stop { id, customer }).collect();
    let stands = stands.into_iter().map(|(nas, customer, stands)| (NasId(nas), customer, standing(stands)));
    Some(LiveTold { wants: Wants { enabled, reads_all, customers }, stops, stands: stands.collect() })
}

pub(super) fn moment(told: &LiveMoment) -> String {
    let readings = told.readings.iter().map(|(no, reading)| Reading {
        customer: reading.customer,
        no: *no,
        interface: reading.interface.to_vec(),
        input_bps: reading.input_bps,
        output_bps: reading.output_bps,
        source: match reading.source {
            SampleSource::Session => Source::Session,
            SampleSource::Facing => Source::Facing,
            SampleSource::Counters { over } => {
                Source::CountersOverMicros(u64::try_from(over.as_micros()).unwrap_or(u64::MAX))
            }
        },
    });
    text(&Moment { nas: told.nas.0, at_us: told.at.0, readings: readings.collect() })
}

/// `None` for what makes no sense.
pub(super) fn read_moment(told: &str) -> Option<LiveMoment> {
    let Moment { nas, at_us, readings } = serde_json::from_str(told).ok()?;
    let readings =
        readings.into_iter().map(|Reading { customer, no, interface, input_bps, output_bps, source }| {
            let source = match source {
                Source::Session => SampleSource::Session,
                Source::Facing => SampleSource::Facing,
                Source::CountersOverMicros(over) => {
                    SampleSource::Counters { over: Duration::from_micros(over) }
                }
            };
            (no, RateReading { customer, interface: interface.into(), input_bps, output_bps, source })
        });
    Some(LiveMoment { nas: NasId(nas), at: Micros(at_us), readings: readings.collect() })
}

fn wanted(want: &Want) -> Wanted {
    let Customer { id, username, name, service, plan, router, also_on } = (*want.customer).clone();
    let by = match want.watched.clone() {
        Watched::Ppp { login, service } => By::Ppp { login, service: service.as_str().to_owned() },
        Watched::Hotspot { user } => By::Hotspot(user),
        Watched::Device { mac } => By::Device(mac),
        Watched::Interface { name } => By::Interface(name),
        Watched::Queue { name } => By::Queue(name),
    };
    let (nas, started, readers) = (want.nas.0, want.started, want.readers);
    Wanted { id, username, name, service, plan, router, also_on, nas, by, started, readers }
}

fn read_wanted(wanted: Wanted) -> Want {
    let Wanted { id, username, name, service, plan, router, also_on, nas, by, started, readers } = wanted;
    let watched = match by {
        By::Ppp { login, service } => Watched::Ppp { login, service: Service::from_name(&service) },
        By::Hotspot(user) => Watched::Hotspot { user },
        By::Device(mac) => Watched::Device { mac },
        By::Interface(name) => Watched::Interface { name },
        By::Queue(name) => Watched::Queue { name },
    };
    let customer = Arc::new(Customer { id, username, name, service, plan, router, also_on });
    Want { customer, nas: NasId(nas), watched, started, readers }
}

fn stood(standing: &Standing) -> Stands {
    match standing {
        Standing::Sought => Stands::Sought,
        Standing::Watched => Stands::Watched,
        Standing::NoSession => Stands::NoSession,
        Standing::Trouble(why) => Stands::Trouble(why.clone()),
    }
}

fn standing(stands: Stands) -> Standing {
    match stands {
        Stands::Sought => Standing::Sought,
        Stands::Watched => Standing::Watched,
        Stands::NoSession => Standing::NoSession,
        Stands::Trouble(why) => Standing::Trouble(why),
    }
}

fn text(told: &impl Serialize) -> String {
    serde_json::to_string(told).expect("plain names and numbers are always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_read() {
        let ways = [
            Watched::Ppp { login: b"ana\xff".to_vec().into(), service: Service::L2tp },
            Watched::Hotspot { user: (*b"eve").into() },
            Watched::Device { mac: (*b"AA:BB:CC:00:11:22").into() },
            Watched::Interface { name: (*b"vlan1").into() },
            Watched::Queue { name: (*b"queue, 1").into() },
        ];
        let want = |(readers, watched): (usize, Watched)| Want {
            customer: Arc::new(Customer {
                id: Uuid::from_u128(readers as u128),
                username: "ana".to_owned(),
                name: (readers == 0).then(|| "Ana".to_owned()),
                service: "pppoe".to_owned(),
                plan: (readers == 1).then(|| "gold".to_owned()),
                router: "tower".to_owned(),
                also_on: (0..readers).map(|number| format!("r{number}")).collect(),
            }),
            nas: NasId(7),
            watched,
            started: readers == 2,
            readers,
        };
        let standings = [
            Standing::Sought,
            Standing::Watched,
            Standing::NoSession,
            Standing::Trouble("no route".to_owned()),
        ];
        let all = LiveTold {
            wants: Wants {
                enabled: true,
                reads_all: true,
                customers: ways.into_iter().enumerate().map(want).collect(),
            },
            stops: vec![Stop { id: Uuid::from_u128(9), customer: Uuid::from_u128(8) }],
            stands: standings.into_iter().map(|standing| (NasId(1), Uuid::nil(), standing)).collect(),
        };
        assert_eq!(read_told(&told(&all)), Some(all));
        let over = Duration::from_micros(1_500_000);
        let sources = [SampleSource::Session, SampleSource::Facing, SampleSource::Counters { over }];
        let reading = |source| RateReading {
            customer: Uuid::nil(),
            interface: Arc::from(&b"<pppoe-\xff>"[..]),
            input_bps: 1,
            output_bps: u64::MAX,
            source,
        };
        let readings = (1..).zip(sources.map(reading)).collect();
        let all = LiveMoment { nas: NasId(3), at: Micros(5), readings };
        assert_eq!(read_moment(&moment(&all)), Some(all));
    }

    #[test]
    fn what_makes_no_sense_is_nothing() {
        for text in ["", "{}", r#"{"enabled":1}"#] {
            assert_eq!((read_told(text), read_moment(text)), (None, None));
        }
    }
}
