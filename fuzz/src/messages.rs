//! What is sent over a WebSocket: a reason to close fits into its frame (RFC 6455, section 5.5: 125 octets, 2 of them the code).

pub(crate) fn run(data: &[u8]) {
    let Ok(words) = std::str::from_utf8(data) else { return };
    if let Some(reason) = server::fuzzed::live_message(words) {
        assert!(!reason.is_empty() && reason.len() <= 123, "{reason}");
    }
}
