//! Sentences written down as text, in the notation of `routeros.md` §7, and what comes out at the other end.

use routeros_proto::{Decoder, Limits, Reply, ReplyKind, SentenceWriter};

/// One reply, owned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) kind: ReplyKind,
    pub(crate) tag: Option<String>,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) bare: Option<String>,
}

/// Bytes of a sentence with these words.
pub(crate) fn sentence(words: &[&[u8]]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut writer = SentenceWriter::new(&mut out);
    for word in words {
        writer.word(word);
    }
    writer.finish();
    out
}

/// Bytes of a transcript: a sentence a line, words separated by ` | `.
pub(crate) fn bytes(transcript: &str) -> Vec<u8> {
    let lines = transcript.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.flat_map(|line| sentence(&line.split(" | ").map(str::as_bytes).collect::<Vec<_>>())).collect()
}

/// All sentences in `bytes`, as owned words; the decoder must accept them.
pub(crate) fn decoded(bytes: &[u8]) -> Vec<Vec<Vec<u8>>> {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(bytes);
    let mut all = Vec::new();
    while let Some(sentence) = decoder.next().expect("the bytes are well-formed") {
        all.push(sentence.words().map(<[u8]>::to_vec).collect());
    }
    assert_eq!(decoder.buffered(), 0, "nothing may be left over");
    all
}

/// Calls `visit` with each reply in `bytes`.
pub(crate) fn each_reply(bytes: &[u8], mut visit: impl FnMut(Reply<'_>)) {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(bytes);
    while let Some(sentence) = decoder.next().expect("the bytes are well-formed") {
        visit(Reply::parse(sentence));
    }
}

/// The replies of a transcript.
pub(crate) fn replies(transcript: &str) -> Vec<Owned> {
    let mut all = Vec::new();
    each_reply(&bytes(transcript), |reply| all.push(owned(&reply)));
    all
}

fn owned(reply: &Reply<'_>) -> Owned {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("transcripts are UTF-8");
    Owned {
        kind: reply.kind(),
        tag: reply.tag().map(text),
        attributes: reply.attributes().map(|(name, value)| (text(name), text(value))).collect(),
        bare: reply.bare().map(text),
    }
}
