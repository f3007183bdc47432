//! The bytes received and not yet consumed, in one reused block of memory.

/// A block kept after a long sentence is given back when it is bigger than this and nothing is buffered, so that one
/// script of a megabyte does not cost every connection a megabyte for ever.
const KEEP: usize = 256 * 1024;

/// Smallest growth, so that reading byte by byte does not allocate byte by byte.
const SMALLEST: usize = 4096;

/// Received bytes with free room behind them. `bytes[start..filled]` are the ones not yet consumed.
#[derive(Default)]
pub(super) struct ReadBuffer {
    bytes: Vec<u8>,
    start: usize,
    filled: usize,
}

impl ReadBuffer {
    /// The bytes not yet consumed.
    pub(super) fn unread(&self) -> &[u8] {
        self.bytes.get(self.start..self.filled).unwrap_or_default()
    }

    /// Number of bytes not yet consumed.
    pub(super) fn len(&self) -> usize {
        self.filled - self.start
    }

    /// Forgets the first `n` unread bytes.
    pub(super) fn consume(&mut self, n: usize) {
        self.start += n.min(self.len());
        if self.start == self.filled {
            self.start = 0;
            self.filled = 0;
        }
    }

    /// Room for at least `at_least` bytes behind the unread ones. Offsets into [`Self::unread`] stay valid.
    pub(super) fn space(&mut self, at_least: usize) -> &mut [u8] {
        self.give_back(at_least);
        if self.bytes.len() - self.filled < at_least {
            self.make_room(at_least);
        }
        self.bytes.get_mut(self.filled..).unwrap_or_default()
    }

    /// Says that `n` bytes of [`Self::space`] were filled.
    pub(super) fn advance(&mut self, n: usize) {
        self.filled = self.filled.saturating_add(n).min(self.bytes.len());
    }

    /// Gives back all memory beyond the unread bytes.
    pub(super) fn release(&mut self) {
        self.bytes.copy_within(self.start..self.filled, 0);
        self.filled -= self.start;
        self.start = 0;
        self.bytes.truncate(self.filled);
        self.bytes.shrink_to_fit();
    }

    /// Moving the unread bytes costs their number; it is done only when at least as many were consumed before, and
    /// growing doubles. So each byte received is moved a constant number of times, however it trickles in.
    fn make_room(&mut self, at_least: usize) {
        let live = self.len();
        if self.start > 0 && self.start >= live {
            self.bytes.copy_within(self.start..self.filled, 0);
            self.start = 0;
            self.filled = live;
        }
        let needed = self.filled.saturating_add(at_least);
        if self.bytes.len() < needed {
            let doubled = self.bytes.len().saturating_mul(2).max(SMALLEST);
            self.bytes.resize(needed.max(doubled), 0);
        }
    }

    fn give_back(&mut self, at_least: usize) {
        if self.filled == 0 && self.bytes.len() > KEEP && at_least <= KEEP {
            self.bytes.truncate(KEEP);
            self.bytes.shrink_to(KEEP);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(buffer: &mut ReadBuffer, bytes: &[u8]) {
        buffer.space(bytes.len())[..bytes.len()].copy_from_slice(bytes);
        buffer.advance(bytes.len());
    }

    #[test]
    fn unread_bytes_survive_moves_and_growth() {
        let mut buffer = ReadBuffer::default();
        let mut expected = std::collections::VecDeque::new();
        for round in 0..2000_usize {
            let piece: Vec<u8> = (0..round % 97).map(|i| ((i * 31 + round) % 251).to_le_bytes()[0]).collect();
            put(&mut buffer, &piece);
            expected.extend(piece.iter().copied());
            let take = (round * 7) % 60;
            buffer.consume(take);
            expected.drain(..take.min(expected.len()));
            assert!(buffer.unread().iter().eq(expected.iter()), "round {round}");
        }
    }

    #[test]
    fn memory_stays_near_what_is_unread() {
        let mut buffer = ReadBuffer::default();
        for _ in 0..10_000 {
            put(&mut buffer, &[7; 1000]);
            buffer.consume(999);
            if buffer.len() > 500 {
                buffer.consume(500);
            }
        }
        assert!(buffer.bytes.len() <= 16 * 1024, "{} bytes for at most 1500 unread", buffer.bytes.len());
    }

    #[test]
    fn many_bytes_are_not_moved_to_win_room_for_few() {
        let mut buffer = ReadBuffer::default();
        put(&mut buffer, &[7; SMALLEST]);
        buffer.consume(1);
        assert!(!buffer.space(1).is_empty());
        assert_eq!((buffer.start, buffer.len()), (1, SMALLEST - 1), "it grew instead");
        buffer.consume(SMALLEST / 2);
        buffer.space(SMALLEST + 1);
        assert_eq!((buffer.start, buffer.bytes.len()), (0, 2 * SMALLEST), "it moved instead");
    }

    #[test]
    fn a_huge_block_is_given_back_when_empty() {
        let mut buffer = ReadBuffer::default();
        put(&mut buffer, &vec![1; 4 << 20]);
        buffer.consume(4 << 20);
        buffer.space(1000);
        assert!(buffer.bytes.capacity() <= KEEP);
    }

    #[test]
    fn released_memory_holds_the_unread_bytes_only() {
        let mut buffer = ReadBuffer::default();
        put(&mut buffer, &[7; 30_000]);
        put(&mut buffer, &[8; 10]);
        buffer.consume(30_000);
        buffer.release();
        assert_eq!((buffer.unread(), buffer.bytes.capacity()), (&[8; 10][..], 10));
        put(&mut buffer, &[9; 5]);
        assert_eq!(buffer.unread(), [8, 8, 8, 8, 8, 8, 8, 8, 8, 8, 9, 9, 9, 9, 9]);
    }

    #[test]
    fn more_than_there_is_cannot_be_claimed() {
        let mut buffer = ReadBuffer::default();
        let room = buffer.space(10).len();
        buffer.advance(usize::MAX);
        assert_eq!(buffer.len(), room);
        buffer.consume(usize::MAX);
        assert_eq!(buffer.len(), 0);
    }
}
