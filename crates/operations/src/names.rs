//! Names of logins and interfaces are raw bytes; here they become text for people and machines, and back.

use std::borrow::Cow;

use crate::error::OperationError;

/// Leads the text of a name that is not UTF-8 (or that itself begins so).
const HEX: &str = "hex:";

/// A name as text that leads back to the same bytes: itself when it is UTF-8, else `hex:` and its bytes.
pub fn name_to_text(name: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(name) {
        Ok(text) if !text.starts_with(HEX) => text.into(),
        _ => format!("{HEX}{}", hex::encode(name)).into(),
    }
}

/// The bytes of a name's text.
pub fn name_from_text(text: &str) -> Result<Vec<u8>, OperationError> {
    match text.strip_prefix(HEX) {
        None => Ok(text.as_bytes().to_vec()),
        Some(digits) => hex::decode(digits).map_err(|_| {
            OperationError::Invalid(format!(
                "{HEX} must be followed by pairs of hexadecimal digits, not {digits:?}"
            ))
        }),
    }
}

/// A name for a sentence or a terminal: control characters are escaped, so that it cannot move the cursor.
pub fn name_for_people(name: &[u8]) -> String {
    name_to_text(name)
        .chars()
        .map(|c| if c.is_control() { c.escape_unicode().to_string() } else { c.to_string() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_leads_back_to_the_bytes() {
        for name in [&b"ana"[..], b"", b"hex:61", b"a b,c=d>", b"\xe1na", b"\x1b[31m", "ñ".as_bytes()] {
            assert_eq!(name_from_text(&name_to_text(name)).unwrap(), name);
        }
        assert_eq!(name_to_text(b"\xe1na"), "hex:e16e61");
        assert!(name_from_text("hex:0").is_err() && name_from_text("hex:zz").is_err());
    }

    #[test]
    fn people_never_get_control_characters() {
        assert_eq!(name_for_people(b"\x1b[31mred\n"), "\\u{1b}[31mred\\u{a}");
    }
}
