//! Names as routers give them, raw bytes, towards clients.

use operations::{name_from_text, name_to_text};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use utoipa::ToSchema;

/// Raw bytes as text: UTF-8 as it is, everything else (and a name that itself begins with `hex:`) as `hex:` and
/// lower-case hexadecimal digits, so that no two names share a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, ToSchema)]
#[schema(value_type = String, examples("ana", "hex:6a6f73e9"))]
pub struct Name(pub Box<[u8]>);

impl Name {
    /// The bytes that `text` stands for.
    ///
    /// # Errors
    /// A sentence when `hex:` is followed by something other than pairs of hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, String> {
        name_from_text(text).map(|bytes| Name(bytes.into())).map_err(|error| error.to_string())
    }
}

impl From<&[u8]> for Name {
    fn from(bytes: &[u8]) -> Self {
        Name(bytes.into())
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(&name_to_text(&self.0))
    }
}

impl Serialize for Name {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Name {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Name::parse(&text).map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_survives_the_way_out_and_back() {
        let names: [&[u8]; 7] =
            [b"ana", b"Ana", b"", b"jos\xe9", b"hex:6162", b"a b,c=d>\x1b[2J", "añb".as_bytes()];
        for bytes in names {
            let name = Name(bytes.into());
            assert_eq!(Name::parse(&name.to_string()), Ok(name));
        }
    }

    #[test]
    fn bytes_that_are_not_text_become_digits() {
        assert_eq!(Name(b"jos\xe9"[..].into()).to_string(), "hex:6a6f73e9");
        assert_eq!(Name(b"hex:6162"[..].into()).to_string(), "hex:6865783a36313632");
    }

    #[test]
    fn broken_digits_are_refused() {
        assert!(Name::parse("hex:6").is_err());
        assert!(Name::parse("hex:zz").is_err());
    }
}
