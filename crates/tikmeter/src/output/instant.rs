//! Instants for people, in UTC like every sentence of the server.

/// An instant of the API (RFC 3339), to the second; `-` for none.
pub(crate) fn instant(rfc3339: Option<&str>) -> String {
    let Some(text) = rfc3339 else { return "-".to_owned() };
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => instant.strftime("%Y-%m-%d %H:%M:%S UTC").to_string(),
        Err(_) => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn seconds_are_enough() {
        assert_eq!(instant(Some("2026-11-21T14:02:05.123456Z")), "2026-11-21 14:02:05 UTC");
        assert_eq!(instant(None), "-");
        assert_eq!(instant(Some("soon")), "soon");
    }
}
