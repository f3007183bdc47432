//! When somebody's time runs out, as people write it: an instant, or a date for the end of that day.

use operations::Expiry;
use serde::{Deserialize, Deserializer, de};

/// An instant (RFC 3339) or a bare date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExpiryText(pub Expiry);

impl ExpiryText {
    fn parse(text: &str) -> Result<Self, String> {
        Expiry::parse(text).map(ExpiryText).map_err(|error| error.to_string())
    }
}

impl<'de> Deserialize<'de> for ExpiryText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        ExpiryText::parse(&text).map_err(de::Error::custom)
    }
}
