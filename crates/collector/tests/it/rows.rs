//! Replies made from words, through the real codec.

use routeros_proto::{Decoder, Limits, Reply, SentenceWriter};

/// Hands `take` the row `!re` with these attribute words (`=name=value`).
pub(crate) fn row<T>(words: &[&[u8]], take: impl FnOnce(&Reply<'_>) -> T) -> T {
    let mut wire = Vec::new();
    let mut writer = SentenceWriter::new(&mut wire);
    writer.word(b"!re");
    for word in words {
        writer.word(word);
    }
    writer.finish();
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&wire);
    let sentence = decoder.next().unwrap().unwrap();
    take(&Reply::parse(sentence))
}
