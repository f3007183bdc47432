//! Peers that are no routers, or mean harm.

use std::time::Duration;

use routeros_proto::{DecodeError, Decoder, Limits};
use rustix::time::{ClockId, clock_gettime};

use crate::transcript::sentence;

const SMALL: Limits = Limits { max_word: 10, max_words: 3, max_sentence: 25 };

/// The error that `bytes` lead to, however they are cut; it must be the last word of the decoder.
fn error_of(limits: Limits, bytes: &[u8]) -> Option<DecodeError> {
    let mut decoder = Decoder::new(limits);
    for byte in bytes {
        decoder.feed(&[*byte]);
        while let Ok(Some(_)) = decoder.next() {}
    }
    let error = decoder.next().err();
    if error.is_some() {
        decoder.feed(&sentence(&[b"!done"]));
        assert_eq!(decoder.next().err(), error, "an error is for good");
    }
    let mut whole = Decoder::new(limits);
    whole.feed(bytes);
    while let Ok(Some(_)) = whole.next() {}
    assert_eq!(whole.next().err(), error, "chunking makes no difference");
    error
}

#[test]
fn reserved_and_undefined_first_bytes() {
    for byte in 0xF1..=0xF7 {
        assert_eq!(error_of(Limits::default(), &[byte]), Some(DecodeError::UndefinedLength(byte)));
    }
    for byte in 0xF8..=0xFF {
        assert_eq!(error_of(Limits::default(), &[byte]), Some(DecodeError::ControlByte(byte)));
    }
    let in_the_middle = [&sentence(&[b"!re"])[..], b"\x03!re\xF8"].concat();
    assert_eq!(error_of(Limits::default(), &in_the_middle), Some(DecodeError::ControlByte(0xF8)));
}

#[test]
fn other_protocols_are_refused_or_wait_but_never_loop() {
    // A TLS alert, an SSH banner and an HTTP answer, as a wrong port gives them.
    assert!(error_of(Limits::default(), b"\x15\x03\x01\x00\x02\x02\x46").is_none());
    error_of(Limits::default(), b"SSH-2.0-ROSSSH\r\n");
    error_of(Limits::default(), b"HTTP/1.1 400 Bad Request\r\n\r\n");
}

#[test]
fn a_huge_length_is_refused_before_any_of_its_bytes() {
    let limit = Limits::default().max_word;
    for (prefix, length) in [
        (&[0xF0, 0xFF, 0xFF, 0xFF, 0xFF][..], 0xFFFF_FFFF),
        (&[0xF0, 0x80, 0, 0, 0][..], 0x8000_0000),
        (&[0xEF, 0xFF, 0xFF, 0xFF][..], 0xFFF_FFFF),
        (&[0xD0, 0x00, 0x01][..], 0x10_0001),
    ] {
        let expected = DecodeError::WordTooLong { length, limit };
        assert_eq!(error_of(Limits::default(), prefix), Some(expected));
    }
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&[0xD0, 0x00, 0x00]);
    assert_eq!(decoder.next().map(|sentence| sentence.is_none()), Ok(true), "exactly the limit is allowed");
}

#[test]
fn every_limit_holds_at_its_edge() {
    assert_eq!(error_of(SMALL, &sentence(&[b"0123456789"])), None);
    let long = error_of(SMALL, &sentence(&[b"0123456789a"]));
    assert_eq!(long, Some(DecodeError::WordTooLong { length: 11, limit: 10 }));

    assert_eq!(error_of(SMALL, &sentence(&[b"a", b"b", b"c"])), None);
    let many = error_of(SMALL, &sentence(&[b"a", b"b", b"c", b"d"]));
    assert_eq!(many, Some(DecodeError::TooManyWords { limit: 3 }));

    let just = sentence(&[b"0123456789", b"0123456789", b"x"]);
    assert_eq!(just.len(), 25);
    assert_eq!(error_of(SMALL, &just), None);
    let over = error_of(SMALL, &sentence(&[b"0123456789", b"0123456789", b"xy"]));
    assert_eq!(over, Some(DecodeError::SentenceTooLong { limit: 25 }));
}

#[test]
fn an_endless_sentence_of_tiny_words_ends_in_an_error() {
    let endless = b"\x01a".repeat(5000);
    assert_eq!(error_of(Limits::default(), &endless), Some(DecodeError::TooManyWords { limit: 4096 }));
}

#[test]
fn limits_of_zero_and_of_everything_do_no_harm() {
    let none = Limits { max_word: 0, max_words: 0, max_sentence: 0 };
    assert_eq!(error_of(none, b"\0\0\0"), None);
    assert!(error_of(none, b"\x01a\0").is_some());
    let all = Limits { max_word: usize::MAX, max_words: usize::MAX, max_sentence: usize::MAX };
    assert_eq!(error_of(all, &sentence(&[b"a"])), None);
    let wide = error_of(all, &[0xF0, 0xFF, 0xFF, 0xFF, 0xFF]);
    assert_eq!(wide, Some(DecodeError::SentenceTooLong { limit: 0xFFFF_FFFF }));
}

#[test]
fn empty_sentences_are_skipped_without_piling_up() {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&vec![0; 100_000]);
    assert!(matches!(decoder.next(), Ok(None)));
    assert_eq!(decoder.buffered(), 0);
    decoder.feed(b"\0\0\x01a\0\0\0");
    assert_eq!(decoder.next().ok().flatten().and_then(|sentence| sentence.word(0)), Some(&b"a"[..]));
    assert!(matches!(decoder.next(), Ok(None)));
    assert_eq!(decoder.buffered(), 0);
}

#[test]
fn a_zero_length_in_a_wide_form_ends_a_sentence_too() {
    assert_eq!(
        crate::transcript::decoded(b"\x01a\x80\x00\x01b\xF0\0\0\0\0"),
        [[b"a".to_vec()], [b"b".to_vec()]]
    );
}

/// One byte at a time, asking after each. A decoder that looked again at what it has seen would take 256 times as long
/// for 16 times the bytes; the limit lies between that and 16 times.
#[test]
fn a_trickle_is_not_quadratic() {
    let many_words = |bytes: usize| (bytes / 4, [b"\x03abc".repeat(bytes / 4), vec![0]].concat());
    let one_word = |bytes: usize| (1, sentence(&[&vec![7; bytes]]));
    for make in [&many_words as &dyn Fn(usize) -> (usize, Vec<u8>), &one_word] {
        let quickest = |bytes: usize| {
            let (words, wire) = make(bytes);
            (0..5).map(|_| trickled(&wire, words)).min().expect("five times")
        };
        let (short, long) = (quickest(1 << 15), quickest(1 << 19));
        assert!(
            long < short * 64,
            "the decoder looks at the same bytes again and again: {short:?}, {long:?}"
        );
    }
}

/// What the decoder takes of the processor over one sentence of that many words: a busy machine does not lengthen it.
fn trickled(wire: &[u8], words: usize) -> Duration {
    let mut decoder = Decoder::new(Limits { max_word: 1 << 20, max_words: 1 << 20, max_sentence: 4 << 20 });
    let began = processor_time();
    let mut seen = None;
    for byte in wire {
        decoder.space(1)[0] = *byte;
        decoder.advance(1);
        if let Some(sentence) = decoder.next().expect("within the limits") {
            seen = Some(sentence.len());
        }
    }
    assert_eq!(seen, Some(words));
    processor_time() - began
}

fn processor_time() -> Duration {
    clock_gettime(ClockId::ThreadCPUTime).try_into().expect("it never runs backward")
}
