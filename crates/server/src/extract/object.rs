//! Objects of a JSON body, also those within it, that are taken only where their values have names.

use std::marker::PhantomData;

use serde::de::value::MapAccessDeserializer;
use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// A `T` that was written as an object. What serde derives would take a list as well, field by field: a body of unnamed
/// values must not change anything.
pub(super) struct Object<T>(pub(super) T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Object<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(Fields(PhantomData)).map(Object)
    }
}

struct Fields<T>(PhantomData<T>);

impl<'de, T: Deserialize<'de>> Visitor<'de> for Fields<T> {
    type Value = T;

    fn expecting(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<T, A::Error> {
        T::deserialize(MapAccessDeserializer::new(map))
    }
}

/// A list of objects, for a field: `deserialize_with`.
pub(crate) fn objects<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let objects = Vec::<Object<T>>::deserialize(deserializer)?;
    Ok(objects.into_iter().map(|Object(value)| value).collect())
}

/// An object or nothing, for a field: `deserialize_with`, beside `default`.
pub(crate) fn object<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let object = Option::<Object<T>>::deserialize(deserializer)?;
    Ok(object.map(|Object(value)| value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Purse {
        #[serde(deserialize_with = "objects")]
        coins: Vec<Coin>,
        #[serde(default, deserialize_with = "object")]
        lid: Option<Coin>,
    }

    #[derive(Debug, Deserialize)]
    struct Coin {
        worth: Option<u8>,
    }

    #[test]
    fn values_without_names_are_not_taken_within_a_body_either() {
        let read = |text: &str| serde_json::from_str::<Purse>(text);
        let whole = read(r#"{"coins":[{"worth":5},{}],"lid":{"worth":1}}"#).unwrap();
        assert_eq!((whole.coins[0].worth, whole.coins[1].worth), (Some(5), None));
        assert_eq!(whole.lid.unwrap().worth, Some(1));
        assert!(read(r#"{"coins":[]}"#).unwrap().lid.is_none());
        assert!(read(r#"{"coins":[],"lid":null}"#).unwrap().lid.is_none());
        for wrong in [r#"{"coins":[[5]]}"#, r#"{"coins":[],"lid":[1]}"#, r#"{"coins":[null]}"#] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}
