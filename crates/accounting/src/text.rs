//! Short strings of the router that come by the ten thousand and go together: those of one table share one allocation. Each
//! in a block of its own would leave the heap full of holes that no round can give back.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;
use std::sync::Arc;

/// Raw bytes, alone or as a part of a table's text. Whoever keeps one beyond its round takes [`Self::alone`]: a part keeps
/// the whole table's text.
#[derive(Clone, Default)]
pub struct Text {
    of: Option<Arc<Vec<u8>>>,
    start: u32,
    end: u32,
}

impl Text {
    /// The bytes from `start` up to `end` of a table's text.
    ///
    /// # Panics
    /// When the text ends before `end`, or `end` lies before `start`.
    pub fn part(of: &Arc<Vec<u8>>, start: u32, end: u32) -> Self {
        assert!(start <= end && end as usize <= of.len(), "a part lies within its text");
        Text { of: Some(Arc::clone(of)), start, end }
    }

    /// The same bytes in a block of their own.
    pub fn alone(&self) -> Self {
        Text::from(&**self)
    }
}

impl From<&[u8]> for Text {
    fn from(bytes: &[u8]) -> Self {
        bytes.to_vec().into()
    }
}

impl From<Vec<u8>> for Text {
    /// # Panics
    /// When the bytes exceed 4 GiB, which the protocol's own limits rule out.
    fn from(bytes: Vec<u8>) -> Self {
        let end = u32::try_from(bytes.len()).expect("a word stays far below 4 GiB");
        Text { of: (end > 0).then(|| Arc::new(bytes)), start: 0, end }
    }
}

impl Deref for Text {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        self.of.as_ref().map_or(&[], |text| &text[self.start as usize..self.end as usize])
    }
}

impl PartialEq for Text {
    fn eq(&self, other: &Self) -> bool {
        **self == **other
    }
}

impl Eq for Text {}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_says_what_it_would_say_alone_and_alone_it_keeps_no_table() {
        let table = Arc::new(b"anabob".to_vec());
        let bob = Text::part(&table, 3, 6);
        assert_eq!((&*bob, &bob), (&b"bob"[..], &Text::from(&b"bob"[..])));
        assert_eq!(Arc::strong_count(&table), 2);
        let alone = bob.alone();
        drop(bob);
        assert_eq!((Arc::strong_count(&table), &*alone), (1, &b"bob"[..]));
        assert_eq!((&*Text::default(), size_of::<Text>()), (&b""[..], 16));
    }
}
