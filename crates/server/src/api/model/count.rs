//! Counts and rates that clients send: no larger than a database can hold, so that one is refused by its name
//! instead of somewhere further in.

use serde::{Deserialize, Deserializer, de};
use utoipa::ToSchema;

/// A number from 0 to 9,223,372,036,854,775,807.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ToSchema)]
#[schema(value_type = u64, maximum = 9_223_372_036_854_775_807_u64)]
pub struct Count(pub u64);

impl<'de> Deserialize<'de> for Count {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let count = u64::deserialize(deserializer)?;
        if i64::try_from(count).is_err() {
            return Err(de::Error::custom(format!("{count} is more than 9223372036854775807")));
        }
        Ok(Count(count))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_largest_a_database_holds_is_the_largest_taken() {
        let read = |text: &str| serde_json::from_str::<Count>(text);
        assert_eq!(read("9223372036854775807").unwrap(), Count(i64::MAX.unsigned_abs()));
        assert!(read("9223372036854775808").is_err());
        assert!(read("-1").is_err());
    }
}
