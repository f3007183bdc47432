//! Any chunking gives the same sentences, and no bytes at all make the decoder panic.

use proptest::prelude::*;
use routeros_proto::{DecodeError, Decoder, Limits, Query, Reply, Request, Tagged, Trap, Untagged, value};

use crate::transcript::{each_reply, sentence};

type Words = Vec<Vec<u8>>;

const LIMITS: Limits = Limits { max_word: 70_000, max_words: 40, max_sentence: 200_000 };

/// Takes everything there is; the error, if any, comes last.
fn drain(decoder: &mut Decoder, into: &mut Vec<Words>) -> Option<DecodeError> {
    loop {
        match decoder.next() {
            Ok(Some(sentence)) => into.push(sentence.words().map(<[u8]>::to_vec).collect()),
            Ok(None) => return None,
            Err(error) => return Some(error),
        }
    }
}

fn at_once(bytes: &[u8]) -> (Vec<Words>, Option<DecodeError>) {
    let mut decoder = Decoder::new(LIMITS);
    let mut all = Vec::new();
    decoder.feed(bytes);
    let error = drain(&mut decoder, &mut all);
    (all, error)
}

/// In pieces of the given sizes, over and over; some through `feed`, some through `space`.
fn in_pieces(bytes: &[u8], sizes: &[usize]) -> (Vec<Words>, Option<DecodeError>) {
    let mut decoder = Decoder::new(LIMITS);
    let mut all = Vec::new();
    let mut rest = bytes;
    for (turn, size) in sizes.iter().cycle().enumerate() {
        if rest.is_empty() {
            break;
        }
        let (piece, tail) = rest.split_at((*size).clamp(1, rest.len()));
        rest = tail;
        if turn % 2 == 0 {
            decoder.feed(piece);
        } else {
            decoder.space(piece.len() + turn % 5)[..piece.len()].copy_from_slice(piece);
            decoder.advance(piece.len());
        }
        // Not asking after every piece must make no difference either. An error comes again at the end.
        if turn % 3 != 0 {
            drain(&mut decoder, &mut all);
        }
    }
    let error = drain(&mut decoder, &mut all);
    (all, error)
}

#[test]
fn the_first_byte_of_a_sentence_shows_as_soon_as_it_is_there_and_no_longer() {
    let long = vec![b'!'; 300];
    let bytes = [b"\0".to_vec(), sentence(&[&long, b"=a=b"]), sentence(&[b"!done"])].concat();
    let mut decoder = Decoder::new(LIMITS);
    // An empty sentence, a prefix of two bytes, the word, and what follows it; then the same of "!done".
    let (first, second) = (3, 3 + 300 + 5 + 1 + 1);
    for (at, byte) in bytes.iter().enumerate() {
        decoder.feed(&[*byte]);
        while let Ok(Some(_)) = decoder.next() {}
        let whole = at == second - 2 || at == bytes.len() - 1;
        let shown = at >= first && at < second - 2 || at >= second;
        assert_eq!(decoder.begins_with(), (shown && !whole).then_some(b'!'), "{at}");
    }
    assert_eq!(decoder.begun(), b"");
}

fn word() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        8 => proptest::collection::vec(any::<u8>(), 1..40),
        2 => proptest::collection::vec(any::<u8>(), 120..300),
        1 => (16_300..16_500_usize, any::<u8>()).prop_map(|(length, byte)| vec![byte; length]),
    ]
}

fn sentences() -> impl Strategy<Value = Vec<Words>> {
    proptest::collection::vec(proptest::collection::vec(word(), 1..8), 0..8)
}

/// Bytes that look like the protocol for a while, which random bytes alone never do.
fn nearly_protocol() -> impl Strategy<Value = Vec<u8>> {
    let reply_like = prop_oneof![
        Just(b"!re".to_vec()),
        Just(b"!done".to_vec()),
        Just(b"!trap".to_vec()),
        Just(b"!fatal".to_vec()),
        Just(b"!empty".to_vec()),
        Just(b".tag=1".to_vec()),
        Just(b"=ret=5".to_vec()),
        Just(b"/login".to_vec()),
        Just(b"?#|".to_vec()),
        Just(b"?name=x".to_vec()),
        Just(Vec::new()),
        proptest::collection::vec(any::<u8>(), 0..12),
    ];
    let piece = prop_oneof![
        6 => reply_like.prop_map(|word| {
            let mut out = Vec::new();
            routeros_proto::length::encode(word.len(), &mut out);
            out.extend(word);
            out
        }),
        1 => proptest::collection::vec(any::<u8>(), 0..6),
    ];
    proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_chunking_gives_the_same_sentences(
        sentences in sentences(),
        sizes in proptest::collection::vec(1_usize..600, 1..12),
    ) {
        let bytes: Vec<u8> = sentences
            .iter()
            .flat_map(|words| sentence(&words.iter().map(Vec::as_slice).collect::<Vec<_>>()))
            .collect();
        prop_assert_eq!(&at_once(&bytes), &(sentences.clone(), None));
        prop_assert_eq!(in_pieces(&bytes, &sizes), (sentences, None));
    }

    #[test]
    fn any_chunking_of_any_bytes_gives_the_same_end(
        bytes in prop_oneof![proptest::collection::vec(any::<u8>(), 0..400), nearly_protocol()],
        sizes in proptest::collection::vec(1_usize..50, 1..12),
    ) {
        prop_assert_eq!(in_pieces(&bytes, &sizes), at_once(&bytes));
    }

    #[test]
    fn nothing_above_the_decoder_panics(bytes in nearly_protocol(), cancel in any::<bool>()) {
        let (all, _) = at_once(&bytes);
        let mut untagged = Untagged::new();
        untagged.sent();
        let mut tagged = Tagged::new();
        let tag = tagged.open();
        if cancel {
            tagged.cancel(tag);
        }
        for words in &all {
            let bytes = sentence(&words.iter().map(Vec::as_slice).collect::<Vec<_>>());
            each_reply(&bytes, |reply| visit(reply, &mut untagged, &mut tagged));
            visit_request(&bytes);
        }
    }

    #[test]
    fn no_value_panics(bytes in prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..30),
        proptest::collection::vec(prop_oneof![Just(b'0'), Just(b'9'), Just(b'w'), Just(b'd'), Just(b'h'), Just(b'm'),
            Just(b's'), Just(b'u'), Just(b':'), Just(b'*'), Just(b'x'), Just(b'/'), Just(b'.'), Just(b'k')], 0..30),
    ]) {
        let _ = (value::unsigned(&bytes), value::boolean(&bytes), value::duration(&bytes), value::pair(&bytes));
        let _ = (value::octets_pair(&bytes), value::rate_bps(&bytes), value::item_id(&bytes));
        let _ = (value::session_id(&bytes), value::version(&bytes));
        let _ = routeros_proto::challenge_response(&bytes, &bytes);
    }
}

fn visit(reply: Reply<'_>, untagged: &mut Untagged, tagged: &mut Tagged) {
    let trap = Trap::from_reply(&reply);
    assert!(trap.is(&trap.message), "a trap is what it says: {trap:?}");
    let last = reply.attributes().last();
    if let Some((name, value)) = last {
        assert_eq!(reply.get(name), Some(value), "the two ways to read attributes agree");
    }
    assert!(
        format!("{reply:?}").is_ascii() || format!("{reply:?}").contains('…'),
        "nothing raw reaches a log"
    );
    untagged.accept(reply);
    tagged.accept(reply);
}

fn visit_request(bytes: &[u8]) {
    let mut decoder = Decoder::new(LIMITS);
    decoder.feed(bytes);
    if let Ok(Some(sentence)) = decoder.next()
        && let Some(request) = Request::parse(sentence)
    {
        assert!(request.path().starts_with(b"/"));
        let listed = request.proplist().map_or(0, Iterator::count);
        assert!(listed <= bytes.len());
        if let Ok(query) = Query::compile(request.queries()) {
            assert!(!query.is_empty() || query.matches(|_| None), "no query passes everything");
        }
    }
}
