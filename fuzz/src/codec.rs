//! The protocol: pieces make no difference, what is read is written again as it was, and replies and requests of any kind are taken.

use routeros_proto::{Query, Reply, Request, SentenceWriter, Tagged, Trap, Untagged};

use crate::wire::{each_sentence, led};

type Words = Vec<Vec<u8>>;

pub(crate) fn run(data: &[u8]) {
    let Some((piece, bytes)) = led(data) else { return };
    let (whole, in_pieces) = (sentences(bytes, bytes.len()), sentences(bytes, usize::from(piece)));
    assert_eq!(whole, in_pieces, "pieces make a difference");
    let written = written(&whole.0);
    assert_eq!(sentences(&written, written.len()), (whole.0, None), "what was read is not what was written");
    as_replies(bytes);
    as_requests(bytes);
}

fn sentences(bytes: &[u8], piece: usize) -> (Vec<Words>, Option<String>) {
    let mut all = Vec::new();
    let error = each_sentence(bytes, piece, |one| all.push(one.words().map(<[u8]>::to_vec).collect()));
    (all, error)
}

fn written(sentences: &[Words]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for words in sentences {
        let mut writer = SentenceWriter::new(&mut bytes);
        words.iter().for_each(|word| {
            writer.word(word);
        });
        writer.finish();
    }
    bytes
}

fn as_replies(bytes: &[u8]) {
    let (mut untagged, mut tagged) = (Untagged::new(), Tagged::new());
    untagged.sent();
    let opened = tagged.open();
    each_sentence(bytes, bytes.len(), |sentence| {
        let reply = Reply::parse(sentence);
        assert!(reply.attributes().all(|(name, _)| reply.get(name).is_some()), "what is there is found");
        let _trap = Trap::from_reply(&reply);
        untagged.accept(Reply::parse(sentence));
        tagged.accept(reply);
    });
    tagged.cancel(opened);
    assert!(tagged.open_count() <= 2, "no reply opens a command");
}

fn as_requests(bytes: &[u8]) {
    each_sentence(bytes, bytes.len(), |sentence| {
        let Some(request) = Request::parse(sentence) else { return };
        assert!(request.attributes().all(|(name, _)| request.get(name).is_some()), "what is there is found");
        if let Ok(query) = Query::compile(request.queries()) {
            query.matches(|name| request.get(name).map(Into::into));
        }
    });
}
