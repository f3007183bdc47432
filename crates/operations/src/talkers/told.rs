//! What a reading said of rates as one process tells it to others, through the database: of each router those who move most.

use std::sync::Arc;
use std::time::Duration;

use accounting::Octets;
use accounting::growth::{Gains, Growth, Window};
use accounting::time::Micros;
use serde_json::{Value, json};

use super::latest::Latest;
use super::ranking::foremost;
use super::rates::RouterRates;

/// So many by upload, by download and together are told of each router: as many lines as a screen has, and more.
const FOREMOST: usize = 200;

/// As a text for [`read`].
pub(super) fn told(latest: &Latest) -> String {
    let RouterRates { window, interval, gains } = &latest.rates;
    let line =
        |one: &Growth| json!([one.session, one.octets.input, one.octets.output, u8::from(one.at_least)]);
    json!({
        "window": window.map(|window| json!([window.from.0, window.to.0, window.micros])),
        "interval_us": u64::try_from(interval.as_micros()).unwrap_or(u64::MAX),
        "age_us": latest.age_us,
        "moved": latest.moved,
        "unknown": gains.unknown,
        "sessions": foremost(&gains.sessions, FOREMOST).iter().map(line).collect::<Vec<_>>(),
    })
    .to_string()
}

/// What was told so long ago; `None` when it makes no sense, as of a program of another version.
pub(super) fn read(text: &str, ago_us: u64) -> Option<Latest> {
    let told: Value = serde_json::from_str(text).ok()?;
    let count = |name: &str| usize::try_from(told[name].as_u64()?).ok();
    let window = match &told["window"] {
        Value::Null => None,
        told => Some(window(told)?),
    };
    let sessions: Option<Vec<Growth>> = told["sessions"].as_array()?.iter().map(growth).collect();
    let gains = Gains { sessions: sessions?, unknown: count("unknown")? };
    let interval = Duration::from_micros(told["interval_us"].as_u64()?);
    Some(Latest {
        rates: RouterRates { window, interval, gains: Arc::new(gains) },
        age_us: told["age_us"].as_u64()?.saturating_add(ago_us),
        moved: count("moved")?,
    })
}

fn window(told: &Value) -> Option<Window> {
    let micros = told[2].as_u64().filter(|micros| *micros > 0)?;
    Some(Window { from: Micros(told[0].as_i64()?), to: Micros(told[1].as_i64()?), micros })
}

fn growth(told: &Value) -> Option<Growth> {
    Some(Growth {
        session: told[0].as_u64()?,
        octets: Octets::new(told[1].as_u64()?, told[2].as_u64()?),
        at_least: told[3].as_u64()? != 0,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn latest(window: Option<Window>, sessions: Vec<Growth>) -> Latest {
        let moved = sessions.len();
        let gains = Arc::new(Gains { sessions, unknown: 3 });
        let rates = RouterRates { window, interval: Duration::from_secs(60), gains };
        Latest { rates, age_us: 5, moved }
    }

    #[test]
    fn what_is_told_is_what_is_read_and_it_has_grown_older() {
        let window = Window { from: Micros(-1), to: Micros(7), micros: 8 };
        let one = Growth { session: 9, octets: Octets::new(u64::MAX, 4), at_least: true };
        for told_of in [latest(Some(window), vec![one]), latest(None, Vec::new())] {
            let read = read(&told(&told_of), 70).unwrap();
            assert_eq!(read, Latest { age_us: 75, ..told_of });
        }
        assert_eq!(super::read(r#"{"window":null}"#, 0), None);
        assert_eq!(super::read(r#"{"window":[0,1,0]}"#, 0), None);
    }

    #[test]
    fn of_many_the_foremost_are_told_and_how_many_there_were() {
        let of = |session| Growth { session, octets: Octets::new(session, 0), at_least: false };
        let many = latest(None, (1..=100_000).map(of).collect());
        let text = told(&many);
        let read = read(&text, 0).unwrap();
        assert_eq!((read.moved, read.rates.gains.sessions.len()), (100_000, 2 * FOREMOST));
        assert!(text.len() < 16_384, "{}", text.len());
    }
}
