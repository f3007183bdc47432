//! What a plan says in words of its own: its price and how long it lasts.

use crate::error::OperationError;

/// Digits of a price, before and after its point together.
const MOST_DIGITS: usize = 18;
/// Units of a validity, minutes in each.
const UNITS: [(&str, u64); 4] = [("m", 1), ("h", 60), ("d", 1_440), ("w", 10_080)];
/// Ten years, in minutes.
const LONGEST_MINUTES: u64 = 5_259_600;

/// A decimal number that is not negative, like `350` or `1.50`.
///
/// # Errors
/// [`OperationError::Invalid`] with a sentence that shows the form.
pub fn check_price(text: &str) -> Result<(), OperationError> {
    let (whole, cents) = text.split_once('.').unwrap_or((text, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if digits(whole) && digits(cents) && whole.len() + cents.len() <= MOST_DIGITS {
        return Ok(());
    }
    Err(invalid("price", text, "a decimal number like 350 or 1.50, with a point and without a currency"))
}

/// A length of time that is not zero, like `30m`, `12h`, `30d` or `4w`.
///
/// # Errors
/// [`OperationError::Invalid`] with a sentence that shows the form.
pub fn check_validity(text: &str) -> Result<(), OperationError> {
    validity_us(text).map(drop)
}

/// The same in microseconds.
pub(crate) fn validity_us(text: &str) -> Result<u64, OperationError> {
    let minutes = UNITS.iter().find_map(|(unit, minutes)| {
        let number = text.strip_suffix(unit)?;
        let number = number.bytes().all(|byte| byte.is_ascii_digit()).then(|| number.parse::<u64>().ok());
        number.flatten()?.checked_mul(*minutes)
    });
    match minutes {
        Some(minutes @ 1..=LONGEST_MINUTES) => Ok(minutes * 60_000_000),
        _ => Err(invalid("validity", text, "a length of time up to ten years like 30m, 12h, 30d or 4w")),
    }
}

fn invalid(what: &str, text: &str, form: &str) -> OperationError {
    OperationError::Invalid(format!(
        "\"{}\" is no {what}; write {form}. Nothing was changed",
        text.escape_debug()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prices_are_decimal_numbers_and_nothing_else() {
        for price in ["0", "350", "1.50", "999999999999999.99"] {
            check_price(price).unwrap();
        }
        for wrong in
            ["", "abc", "-5", "+5", "1e400", "1,5", "1.", ".5", "1.2.3", "9999999999999999999", "5 USD"]
        {
            let told = check_price(wrong).unwrap_err().to_string();
            assert!(told.contains("like 350 or 1.50"), "{wrong}: {told}");
        }
    }

    #[test]
    fn validities_are_lengths_of_time_above_zero() {
        for validity in ["30m", "1h", "2d", "30d", "4w", "520w"] {
            check_validity(validity).unwrap();
        }
        let lengths = ["30m", "1h", "2d", "4w"].map(|validity| validity_us(validity).unwrap() / 60_000_000);
        assert_eq!(lengths, [30, 60, 2_880, 40_320]);
        for wrong in
            ["", "0d", "d", "30", "30D", "-1d", "+1d", "1.5h", "1y", "99999w", "99999999999999999999w"]
        {
            let told = check_validity(wrong).unwrap_err().to_string();
            assert!(told.contains("like 30m, 12h, 30d or 4w"), "{wrong}: {told}");
        }
    }
}
