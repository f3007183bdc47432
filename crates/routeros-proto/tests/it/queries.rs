//! The stack of query words, `routeros.md` §1.6.

use std::borrow::Cow;

use proptest::prelude::*;
use routeros_proto::{Command, Decoder, Limits, Query, QueryError, Request};

/// A dynamic PPPoE interface with an empty comment and a user-made name that looks like a boolean.
const ITEM: [(&str, &str); 7] = [
    ("name", "<pppoe-ana>"),
    ("type", "pppoe-in"),
    ("dynamic", "true"),
    ("running", "no"),
    ("rx-byte", "1000"),
    ("comment", ""),
    (".id", "*39"),
];

fn lookup(name: &[u8]) -> Option<Cow<'static, [u8]>> {
    ITEM.iter().find(|(known, _)| known.as_bytes() == name).map(|(_, value)| Cow::Borrowed(value.as_bytes()))
}

fn compile(words: &[&str]) -> Result<Query, QueryError> {
    Query::compile(words.iter().map(|word| word.as_bytes()))
}

fn passes(words: &[&str]) -> bool {
    compile(words).unwrap_or_else(|error| panic!("{error}")).matches(lookup)
}

#[test]
fn single_words() {
    for (word, expected) in [
        ("?name", true),
        ("?missing", false),
        ("?-missing", true),
        ("?-name", false),
        ("?comment", true),
        ("?type=pppoe-in", true),
        ("?=type=pppoe-in", true),
        ("?type=pppoe", false),
        ("?missing=", false),
        ("?comment=", true),
        ("?>comment=", false),
        ("?>type=", true),
        ("?.id=*39", true),
        ("?rx-byte=1000", true),
        ("?<rx-byte=999", false),
        ("?<rx-byte=10000", true),
        ("?>rx-byte=999", true),
        ("?>rx-byte=1000", false),
        ("?>missing=0", false),
        ("?<missing=0", false),
        ("?dynamic=yes", true),
        ("?dynamic=true", true),
        ("?running=false", true),
        ("?running=yes", false),
        ("?name=<pppoe-ana>", true),
        ("?name=<pppoe-Ana>", false),
    ] {
        assert_eq!(passes(&[word]), expected, "{word}");
    }
}

#[test]
fn no_words_pass_everything_and_several_mean_and() {
    assert!(passes(&[]));
    assert!(compile(&[]).is_ok_and(|query| query.is_empty()));
    assert!(passes(&["?name", "?type=pppoe-in"]));
    assert!(!passes(&["?name", "?type=ether"]));
    assert!(!passes(&["?type=ether", "?name"]));
}

#[test]
fn operators_work_on_the_stack() {
    let (yes, no) = ("?name", "?missing");
    for (words, expected) in [
        // The manual's example: ether or vlan.
        (&["?type=ether", "?type=pppoe-in", "?#|"][..], true),
        (&["?type=ether", "?type=vlan", "?#|"], false),
        (&[yes, no, "?#&"], false),
        (&[no, "?#!"], true),
        (&[yes, "?#!"], false),
        // Below the bottom the stack is endlessly true.
        (&["?#!"], false),
        (&["?#!!"], true),
        (&["?#|"], true),
        (&["?#&"], true),
        (&[no, "?#|"], true),
        (&[no, "?#&"], false),
        // An index at the end of the word keeps only that value.
        (&[no, yes, "?#0"], true),
        (&[no, yes, "?#1"], false),
        (&[no, no, "?#2"], true),
        (&[no, "?#99999999999999999999999"], true),
        // An index before something else pushes a copy.
        (&[no, yes, "?#1!"], false),
        (&[no, "?#0!|"], true),
        (&[no, "?#0.!|"], true),
        (&[no, "?#0.!|", "?#0"], true),
        // A dot that follows no index copies the top.
        (&[no, "?#.!|"], true),
        (&[no, "?#!."], true),
        (&[no, "?#1.."], false),
        // Order matters.
        (&[no, "?#!", yes], true),
        (&[no, yes, "?#!"], false),
        (&[no, yes, "?#|!"], false),
        (&["?#"], true),
    ] {
        assert_eq!(passes(words), expected, "{words:?}");
    }
}

#[test]
fn what_is_no_query_is_named() {
    for word in ["name", "", "?", "?-", "?=x", "?<x", "?>", "?==x", "?#x", "?#| ", "?#-1"] {
        let error = compile(&["?name", word]).expect_err(word);
        assert_eq!(error.word, word);
        assert!(error.to_string().contains("is not a query word"), "{error}");
    }
    let error = Query::compile([&b"?#\xFF"[..]].into_iter()).expect_err("no operator");
    assert_eq!(error.word, "?#\\xff");
}

/// The words of a command, as the router side sees them.
fn query_of(command: &Command) -> Query {
    let mut bytes = Vec::new();
    command.encode(&mut bytes);
    let mut decoder = Decoder::new(Limits::default());
    decoder.feed(&bytes);
    let request = decoder.next().expect("well-formed").and_then(Request::parse).expect("a command");
    Query::compile(request.queries()).expect("our own queries compile")
}

#[test]
fn any_of_nothing_is_nothing() {
    let none: [&str; 0] = [];
    for name in ["name", "missing"] {
        assert!(!query_of(&Command::new("/x/print").query_any_of(name, &none)).matches(lookup), "{name}");
    }
}

proptest! {
    #[test]
    fn any_of_finds_exactly_its_values(values in proptest::collection::vec("[ab]{1,2}", 0..6), item in "[ab]{1,2}") {
        let query = query_of(&Command::new("/x/print").query("?-missing").query_any_of("name", &values));
        let found = query.matches(|name| (name == b"name").then(|| Cow::Owned(item.clone().into_bytes())));
        prop_assert_eq!(found, values.contains(&item));
    }

    #[test]
    fn no_operators_panic(words in proptest::collection::vec("[?]#[0-9.!&|]{0,12}", 0..6)) {
        let query = Query::compile(words.iter().map(String::as_bytes)).expect("all are operators");
        let all = query.matches(lookup);
        prop_assert_eq!(all, query.matches(|_| None), "operators alone do not look at the item");
    }
}
