//! The subscribers by formula, and what they move: so much that a message tells which sample it is of.

use super::side::{EACH, ROUTERS};

/// What is moved in the first sample, bits a second. All rates have as many digits.
const FIRST: u32 = 1_000_000;

/// The login of one of a router's subscribers.
pub(crate) fn username(router: u32, no: u32) -> String {
    format!("user{:03}", router * EACH + no)
}

/// The interface of their session.
pub(crate) fn interface(router: u32, no: u32) -> String {
    format!("<pppoe-{}>", username(router, no))
}

/// Upload of each of a router's subscribers in a sample.
pub(crate) fn moved(router: u32, sample: u32) -> u32 {
    FIRST + sample * ROUTERS + router
}

/// Which sample of which router that was: 0 is the first one's first, 1 the second one's first...
pub(crate) fn moment_of(moved: u32) -> Option<usize> {
    moved.checked_sub(FIRST).map(|moment| moment as usize)
}

/// Where in a message stands what is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) begin: usize,
    pub(crate) end: usize,
}

impl Place {
    /// In a message of the server's; it is the same in all of them.
    pub(crate) fn of(message: &str) -> Option<Place> {
        let key = "\"rx_bits_per_second\":\"";
        let begin = message.find(key)? + key.len();
        Some(Place { begin, end: begin + message.get(begin..)?.find('"')? })
    }

    /// What is moved.
    pub(crate) fn read(self, message: &[u8]) -> Option<u32> {
        std::str::from_utf8(message.get(self.begin..self.end)?).ok()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_tells_which_sample_it_is_of() {
        let message = |moved: u32| format!("{{\"rx_bits_per_second\":\"{moved}\",\"x\":\"1\"}}");
        let place = Place::of(&message(moved(0, 0))).unwrap();
        let read = |router, sample| place.read(message(moved(router, sample)).as_bytes()).and_then(moment_of);
        assert_eq!(
            [read(0, 0), read(3, 0), read(0, 1), read(9, 70)],
            [Some(0), Some(3), Some(10), Some(709)]
        );
        assert_eq!((place.read(b"{}"), Place::of("{}")), (None, None));
    }
}
