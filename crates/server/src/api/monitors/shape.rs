//! Who is watched, and what they move, towards clients.

use operations::{Customer, LiveSample, Monitor as Watched, RateReading, SampleSource, Standing as Stands};

use crate::api::model::live::LiveStanding;
use crate::api::model::monitor::{LastSample, Monitor, Rates, Source, Standing};
use crate::api::model::name::Name;

pub(super) fn monitor(watched: Watched) -> Monitor {
    let Watched { customer, started, readers, standing, last } = watched;
    let (standing, standing_text) = told(&standing, &customer);
    Monitor {
        subscriber: customer.id,
        username: customer.username.clone(),
        name: customer.name.clone(),
        plan: customer.plan.clone(),
        service: customer.service.clone(),
        router: customer.router.clone(),
        also_on: customer.also_on.iter().cloned().collect(),
        started,
        readers,
        standing,
        standing_text,
        last: last.map(|sample| LastSample { as_of: sample.at.into(), rates: rates(&sample) }),
    }
}

/// How it stands, as those are told who look on.
pub(crate) fn standing(watched: &Watched) -> LiveStanding {
    let customer = &watched.customer;
    let (standing, standing_text) = told(&watched.standing, customer);
    LiveStanding {
        subscriber: customer.id,
        username: customer.username.clone(),
        router: customer.router.clone(),
        also_on: customer.also_on.iter().cloned().collect(),
        standing,
        standing_text,
    }
}

/// How it stands, by its name and in a sentence or two.
fn told(standing: &Stands, customer: &Customer) -> (Standing, String) {
    let (name, text) = match standing {
        Stands::Sought => (Standing::Sought, "The router was not asked yet, or has not answered."),
        Stands::Watched => (Standing::Watched, "Samples come."),
        Stands::NoSession => {
            (Standing::NoSession, "The router shows no session of theirs now; it is asked again.")
        }
        Stands::Trouble(why) => (Standing::Trouble, why.as_str()),
    };
    let more = match customer.also_on.is_empty() {
        true => String::new(),
        false => {
            let routers = customer.also_on.iter().map(String::as_str).collect::<Vec<_>>().join(", ");
            format!(" (More of theirs is on {routers}; what passes there is in no sample.)")
        }
    };
    (name, format!("{text}{more}"))
}

pub(crate) fn rates(sample: &LiveSample) -> Rates {
    let RateReading { interface, input_bps, output_bps, source, .. } = &sample.reading;
    let (source, over) = match source {
        SampleSource::Session => (Source::Session, None),
        SampleSource::Facing => (Source::Facing, None),
        SampleSource::Counters { over } => (Source::Counters, Some(*over)),
    };
    Rates {
        no: sample.no,
        upload_bps: *input_bps,
        download_bps: *output_bps,
        source,
        over_ms: over.map(|over| over.as_millis().try_into().unwrap_or(u64::MAX)),
        interface: Name::from(&**interface),
    }
}
