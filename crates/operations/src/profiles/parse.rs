//! What stands in a file of profiles: a JSON array of objects, as the piso-net tool wrote it (compat.md 001).

use std::collections::HashSet;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, SeqAccess, Visitor};
use store::Profile;

use crate::checks::check_path_name;
use crate::error::OperationError;
use crate::limits::speed;
use crate::plan_values::{check_price, check_validity};

/// Profiles in one file; more are a mistake.
const MOST: usize = 10_000;

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProfileFault {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong there, as one sentence.
    pub said: String,
}

/// The profiles of a file, in its order. Speeds are `512K`, `1M` (K = 1000, in either case), or none; `users` is a text or a number, one
/// where there is none.
///
/// # Errors
/// The first thing that is wrong, so that nothing of a broken file is taken.
pub fn parse_profiles(file: &[u8]) -> Result<Vec<Profile>, ProfileFault> {
    // Some editors begin a file with a mark of its encoding.
    let text = file.strip_prefix(b"\xef\xbb\xbf").unwrap_or(file);
    let whole: Whole = serde_json::from_slice(text).map_err(|wrong| fault(&wrong))?;
    Ok(whole.0)
}

fn fault(wrong: &serde_json::Error) -> ProfileFault {
    let said = wrong.to_string();
    // The line is told beside it.
    let said = said.rsplit_once(" at line ").map_or(said.as_str(), |(said, _)| said).to_owned();
    ProfileFault { line: wrong.line().max(1), said }
}

struct Whole(Vec<Profile>);

impl<'de> Deserialize<'de> for Whole {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Profiles)
    }
}

struct Profiles;

impl<'de> Visitor<'de> for Profiles {
    type Value = Whole;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a list of profiles in square brackets")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut lines: A) -> Result<Whole, A::Error> {
        let (mut profiles, mut names) = (Vec::new(), HashSet::new());
        while let Some(Line(profile)) = lines.next_element()? {
            if !names.insert(profile.name.clone()) {
                return Err(A::Error::custom(format!("there are two profiles called {}", profile.name)));
            }
            if profiles.len() == MOST {
                return Err(A::Error::custom(format!("there are more than {MOST} profiles")));
            }
            profiles.push(profile);
        }
        Ok(Whole(profiles))
    }
}

struct Line(Profile);

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Keys {
    name: Name,
    price: Option<Price>,
    validity: Option<Validity>,
    users: Option<Users>,
    rate_up: Option<Speed>,
    rate_down: Option<Speed>,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let keys = Keys::deserialize(deserializer)?;
        Ok(Line(Profile {
            name: keys.name.0,
            price: keys.price.map(|price| price.0),
            validity: keys.validity.map(|validity| validity.0),
            devices: keys.users.map_or(1, |users| users.0),
            rate_up_bps: keys.rate_up.map(|speed| speed.0),
            rate_down_bps: keys.rate_down.map(|speed| speed.0),
        }))
    }
}

/// Makes types of words that are judged where they stand, so that what is wrong with one is told with its line.
macro_rules! judged {
    ($($name:ident($kind:ty) by $judge:expr;)*) => {
        $(struct $name($kind);

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let judge: fn(String) -> Result<$kind, OperationError> = $judge;
                deserializer.deserialize_any(Word(judge)).map($name)
            }
        })*
    };
}
judged! {
    Name(String) by |word| check_path_name("profile's name", &word).map(|()| word);
    Price(String) by |word| check_price(&word).map(|()| word);
    Validity(String) by |word| check_validity(&word).map(|()| word);
    Users(u32) by users;
    Speed(u64) by above_zero;
}

fn users(word: String) -> Result<u32, OperationError> {
    let number = word.parse().ok().filter(|users| *users > 0);
    number.ok_or_else(|| {
        OperationError::Invalid(format!(
            "\"{}\" is no number of users; write 1 or more. Nothing was changed",
            word.escape_debug()
        ))
    })
}

/// 0 would be no limit to a router, and is none that somebody means.
fn above_zero(word: String) -> Result<u64, OperationError> {
    match speed(&word)? {
        0 => Err(OperationError::Invalid(
            "0 is no speed; leave the key out where there is no limit. Nothing was changed".to_owned(),
        )),
        bps => Ok(bps),
    }
}

/// A text, or a number as a text, and what judges it.
struct Word<T>(fn(String) -> Result<T, OperationError>);

impl<T> Word<T> {
    fn judge<E: Error>(&self, word: String) -> Result<T, E> {
        (self.0)(word).map_err(E::custom)
    }
}

impl<T> Visitor<'_> for Word<T> {
    type Value = T;

    fn expecting(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("a text or a number")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        self.judge(text.to_owned())
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<T, E> {
        self.judge(number.to_string())
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<T, E> {
        self.judge(number.to_string())
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<T, E> {
        self.judge(number.to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(file: &str) -> (usize, String) {
        let fault = parse_profiles(file.as_bytes()).unwrap_err();
        (fault.line, fault.said)
    }

    #[test]
    fn the_file_of_the_tool_before_is_read() {
        let file = r#"[
            {"name": "BASIC", "price": 5, "validity": "1h", "users": "1", "rate_up": "512K", "rate_down": "1M"},
            {"name": "PREMIUM", "price": 12.5, "validity": "30m", "users": 3, "rate_up": "5m", "rate_down": "10M"},
            {"name": "FREE", "price": null}
        ]"#;
        let profile =
            |name: &str, price: Option<&str>, validity: Option<&str>, devices, rates: (_, _)| Profile {
                name: name.to_owned(),
                price: price.map(str::to_owned),
                validity: validity.map(str::to_owned),
                devices,
                rate_up_bps: rates.0,
                rate_down_bps: rates.1,
            };
        let expected = vec![
            profile("BASIC", Some("5"), Some("1h"), 1, (Some(512_000), Some(1_000_000))),
            profile("PREMIUM", Some("12.5"), Some("30m"), 3, (Some(5_000_000), Some(10_000_000))),
            profile("FREE", None, None, 1, (None, None)),
        ];
        assert_eq!(parse_profiles(file.as_bytes()), Ok(expected.clone()));
        assert_eq!(parse_profiles(format!("\u{feff}{file}\r\n").as_bytes()), Ok(expected));
        assert_eq!(parse_profiles(b"[]"), Ok(vec![]));
    }

    #[test]
    fn what_is_wrong_is_told_with_its_line() {
        for (line, words, file) in [
            (1, "EOF", ""),
            (1, "in square brackets", r#"{"name": "A"}"#),
            (3, "is no validity", "[\n{\"name\": \"A\",\n\"validity\": \"1y\",\n\"price\": 1}]"),
            (2, "is no price", "[\n{\"name\": \"A\", \"price\": -5}\n]"),
            (2, "is no speed", "[\n{\"name\": \"A\", \"rate_up\": \"fast\"}\n]"),
            (2, "leave the key out", "[\n{\"name\": \"A\", \"rate_up\": \"0M\"}\n]"),
            (2, "number of users", "[\n{\"name\": \"A\", \"users\": \"0\"}\n]"),
            (2, "number of users", "[\n{\"name\": \"A\", \"users\": 1.5}\n]"),
            (2, "a text or a number", "[\n{\"name\": \"A\", \"users\": true}\n]"),
            (2, "unknown field `rate_dwn`", "[\n{\"name\": \"A\", \"rate_dwn\": \"1M\"}\n]"),
            (2, "missing field `name`", "[\n{\"price\": 5}]"),
            (3, "two profiles called A", "[\n{\"name\": \"A\"},\n{\"name\": \"A\"}]"),
            (3, "is no speed", "[{\"name\": \"A\",\n\n\"rate_up\": \"x\"\n}\n]"),
            (2, "must not contain a slash", "[\n{\"name\": \"A/B\"}]"),
            (2, "duplicate field", "[\n{\"name\": \"A\", \"name\": \"B\"}]"),
            (3, "trailing characters", "[]\n\nx"),
        ] {
            let told = said(file);
            assert!(told.0 == line && told.1.contains(words), "{file}: {told:?}");
            assert!(!told.1.contains(" at line "), "{told:?}");
        }
    }
}
