//! Telling "set it to null" from "leave it as it is" in a PATCH body: serde alone makes both of them `None`.

use serde::{Deserialize, Deserializer};

/// For `#[serde(default, deserialize_with = "double_option::given")]`: absent is `None`, null is `Some(None)`.
///
/// # Errors
/// When the value is neither null nor a `T`.
pub fn given<'de, T, D>(deserializer: D) -> Result<Option<Option<T>>, D::Error>
where
    T: Deserialize<'de>,
    D: Deserializer<'de>,
{
    Option::deserialize(deserializer).map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Deserialize)]
    struct Body {
        #[serde(default, deserialize_with = "given")]
        speed: Option<Option<u64>>,
    }

    #[test]
    fn absent_null_and_a_value_are_three_things() {
        let speed = |json: &str| serde_json::from_str::<Body>(json).unwrap().speed;
        assert_eq!(speed("{}"), None);
        assert_eq!(speed(r#"{"speed":null}"#), Some(None));
        assert_eq!(speed(r#"{"speed":5}"#), Some(Some(5)));
    }
}
