//! What one side writes, the other reads.

use proptest::prelude::*;
use routeros_proto::{
    Command, Decoder, Limits, Reply, ReplyKind, ReplyWriter, Request, SentenceWriter, Tag, Trap, value,
};

use crate::transcript::{bytes, decoded, each_reply};

fn name() -> impl Strategy<Value = String> {
    "[a-z.][a-z-]{0,12}"
}

fn pairs() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    proptest::collection::vec((name(), proptest::collection::vec(any::<u8>(), 0..200)), 0..8)
}

/// The bytes of a reply with the tag first, last or absent.
fn reply(kind: ReplyKind, tag: Option<&[u8]>, tag_first: bool, pairs: &[(String, Vec<u8>)]) -> Vec<u8> {
    let mut out = Vec::new();
    let early = tag.filter(|_| tag_first);
    let mut writer = match kind {
        ReplyKind::Row => ReplyWriter::row(&mut out, early),
        ReplyKind::Done => ReplyWriter::done(&mut out, early),
        _ => ReplyWriter::empty(&mut out, early),
    };
    for (name, value) in pairs {
        writer.attribute(name.as_bytes(), value);
    }
    writer.tag(tag.filter(|_| !tag_first));
    writer.finish();
    out
}

proptest! {
    #[test]
    fn an_attribute_written_in_place_is_the_same(pairs in pairs(), long in 0_usize..40_000) {
        let (mut whole, mut in_place) = (Vec::new(), Vec::new());
        let mut writer = ReplyWriter::row(&mut whole, None);
        let mut placer = ReplyWriter::row(&mut in_place, None);
        let long = (String::from("long"), vec![7; long]);
        for (name, value) in pairs.iter().chain([&long]) {
            writer.attribute(name.as_bytes(), value);
            let lacking = placer.attribute_with(name.as_bytes(), |out| {
                out.extend_from_slice(value);
                false
            });
            let put = placer.attribute_with(name.as_bytes(), |out| {
                out.extend_from_slice(value);
                true
            });
            prop_assert_eq!((lacking, put), (false, true));
        }
        writer.finish();
        placer.finish();
        prop_assert_eq!(whole, in_place);
    }

    #[test]
    fn item_ids(id in any::<u64>(), shift in 0_u32..64) {
        let id = id >> shift;
        let mut written = Vec::new();
        value::write_item_id(id, &mut written);
        prop_assert_eq!(written, format!("*{id:X}").into_bytes());
    }

    #[test]
    fn replies(
        kind in prop_oneof![Just(ReplyKind::Row), Just(ReplyKind::Done), Just(ReplyKind::Empty)],
        tag in proptest::option::of(proptest::collection::vec(any::<u8>(), 0..20)),
        tag_first in any::<bool>(),
        pairs in pairs(),
    ) {
        let bytes = reply(kind, tag.as_deref(), tag_first, &pairs);
        let mut seen = 0;
        each_reply(&bytes, |reply| {
            seen += 1;
            assert_eq!(reply.kind(), kind);
            assert_eq!(reply.tag(), tag.as_deref());
            assert_eq!(reply.bare(), None);
            let expected = pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_slice()));
            assert!(reply.attributes().eq(expected));
            for (name, _) in &pairs {
                let last = pairs.iter().rev().find(|(other, _)| other == name).map(|(_, value)| value.as_slice());
                assert_eq!(reply.get(name.as_bytes()), last);
            }
        });
        prop_assert_eq!(seen, 1);
    }

    #[test]
    fn traps(
        tag in proptest::option::of("[0-9]{1,5}"),
        category in proptest::option::of(0_u8..8),
        message in "\\PC{1,60}",
    ) {
        let mut out = Vec::new();
        ReplyWriter::trap(&mut out, tag.as_deref().map(str::as_bytes), category, &message).finish();
        each_reply(&out, |reply| {
            assert_eq!(reply.kind(), ReplyKind::Trap);
            assert_eq!(Trap::from_reply(&reply), Trap { category, message: message.clone() });
        });
    }

    #[test]
    fn commands(pairs in pairs(), tag in proptest::option::of(any::<u32>()), queries in proptest::collection::vec("[?]\\PC{1,20}", 0..4)) {
        let mut command = Command::new("/interface/print");
        for (name, value) in &pairs {
            command = command.attr(name, value);
        }
        for query in &queries {
            command = command.query(query);
        }
        if let Some(tag) = tag {
            command = command.tag(Tag(tag));
        }
        let mut out = b"\x05/quit\x00".to_vec();
        command.encode(&mut out);
        let mut decoder = Decoder::new(Limits::default());
        decoder.feed(&out);
        let first = decoder.next().expect("well-formed").and_then(Request::parse).map(|request| request.path().to_vec());
        prop_assert_eq!(first, Some(b"/quit".to_vec()), "encoding appends");
        let sentence = decoder.next().expect("well-formed").expect("whole");
        let request = Request::parse(sentence).expect("a command");
        prop_assert_eq!(request.path(), b"/interface/print");
        prop_assert_eq!(request.tag().map(<[u8]>::to_vec), tag.map(|tag| tag.to_string().into_bytes()));
        prop_assert!(request.attributes().eq(pairs.iter().map(|(name, value)| (name.as_bytes(), value.as_slice()))));
        prop_assert!(request.queries().eq(queries.iter().map(String::as_bytes)));
    }

    #[test]
    fn durations(micros in any::<u64>()) {
        let words = value::write_duration_words(micros);
        prop_assert_eq!(value::duration_micros(words.as_bytes()), Some(micros), "{}", words);
        let colon = value::write_duration_colon(micros);
        let whole_seconds = micros / 1_000_000 * 1_000_000;
        prop_assert_eq!(value::duration_micros(colon.as_bytes()), Some(whole_seconds), "{}", colon);
    }

    #[test]
    fn ids_and_numbers(number in any::<u64>()) {
        let mut id = Vec::new();
        value::write_item_id(number, &mut id);
        prop_assert_eq!(value::item_id(&id), Some(number));
        prop_assert_eq!(value::session_id(format!("0x{number:x}").as_bytes()), Some(number));
        prop_assert_eq!(value::unsigned(number.to_string().as_bytes()), Some(number));
        prop_assert_eq!(value::octets_pair(format!("{number}/{number}").as_bytes()), Some((number, number)));
    }
}

#[test]
fn a_command_on_the_wire_byte_by_byte() {
    let mut out = Vec::new();
    Command::new("/a").attr("b", "c").proplist(&[".id", "name"]).query("?d").tag(Tag(7)).encode(&mut out);
    assert_eq!(out, b"\x02/a\x04=b=c\x13=.proplist=.id,name\x02?d\x06.tag=7\x00");
}

#[test]
fn any_of_asks_with_few_values_on_the_stack() {
    let mut out = Vec::new();
    Command::new("/interface/print")
        .query_any_of("type", &["pppoe-in", "l2tp-in", "sstp-in"])
        .encode(&mut out);
    let expected = "/interface/print | ?type=pppoe-in | ?type=l2tp-in | ?#| | ?type=sstp-in | ?#|";
    assert_eq!(out, bytes(expected));
}

#[test]
fn fatal_is_a_bare_word() {
    let mut out = Vec::new();
    ReplyWriter::fatal_bare(&mut out, "session terminated on request");
    assert_eq!(out, bytes("!fatal | session terminated on request"));
}

#[test]
fn words_of_every_length_form() {
    let mut out = Vec::new();
    let words: Vec<Vec<u8>> =
        [1, 0x7F, 0x80, 256, 0x3FFF, 0x4000, 0x10_0000].iter().map(|length| vec![b'x'; *length]).collect();
    let mut writer = SentenceWriter::new(&mut out);
    for word in &words {
        writer.word(word);
    }
    writer.finish();
    assert_eq!(decoded(&out), [words]);
}

#[test]
fn an_unfinished_sentence_leaves_nothing_behind() {
    let mut out = bytes("!done");
    let before = out.clone();
    {
        let mut half = ReplyWriter::row(&mut out, Some(b"1"));
        half.attribute(b"name", b"x");
    }
    assert_eq!(out, before);
    SentenceWriter::new(&mut out).finish();
    assert_eq!(out, before, "a sentence without words is no sentence");
    let mut writer = SentenceWriter::new(&mut out);
    writer.word(b"").word(b"!re").word(b"");
    writer.finish();
    assert_eq!(
        decoded(&out),
        [[b"!done".to_vec()], [b"!re".to_vec()]],
        "an empty word would end the sentence"
    );
}

#[test]
fn debug_of_a_command_hides_what_logs_in() {
    let command =
        Command::new("/login").attr("name", "admin").attr("password", "hunter2").attr("response", "00abc");
    let shown = format!("{command:?}");
    assert!(shown.contains("admin") && shown.contains("/login"), "{shown}");
    assert!(!shown.contains("hunter2") && !shown.contains("00abc"), "{shown}");
}

#[test]
fn reply_and_sentence_can_be_kept_while_the_decoder_rests() {
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&bytes("!re | =a=1 | =b=2"));
    let sentence = decoder.next().expect("well-formed").expect("whole");
    let reply = Reply::parse(sentence);
    assert_eq!((sentence.len(), sentence.is_empty(), sentence.word(3)), (3, false, None));
    assert_eq!(reply.get(b"b"), sentence.word(2).map(|word| &word[3..]));
}
