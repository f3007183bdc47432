//! Which command a reply belongs to, and how commands end.

use routeros_proto::{Event, Ignored, ReplyKind, Tag, Tagged, Trap, Untagged};

use crate::transcript::{bytes, each_reply, replies};

/// Feeds a transcript and keeps a short name of each event.
fn run(machine: &mut Tagged, transcript: &str) -> Vec<(Option<u32>, &'static str)> {
    let mut seen = Vec::new();
    each_reply(&bytes(transcript), |reply| {
        let (tag, event) = machine.accept(reply);
        seen.push((tag.map(|tag| tag.0), name(&event)));
    });
    seen
}

fn name(event: &Event<'_>) -> &'static str {
    match event {
        Event::Row(_) => "row",
        Event::Done(_) => "done",
        Event::Trapped(_) => "trapped",
        Event::Cancelled => "cancelled",
        Event::Fatal(_) => "fatal",
        Event::Ignored(Ignored::LateTag) => "late",
        Event::Ignored(Ignored::UnknownWord) => "unknown",
        Event::Ignored(Ignored::Empty) => "empty",
        Event::Ignored(Ignored::TrapNoted) => "noted",
        Event::Ignored(Ignored::Untagged) => "untagged",
    }
}

#[test]
fn a_trap_after_rows_ends_the_command_once() {
    let mut machine = Untagged::new();
    machine.sent();
    let mut seen = Vec::new();
    let mut trapped = None;
    let transcript = "!re | =.id=*1\n!re | =.id=*2\n!trap | =message=no such item (4)\n!done";
    each_reply(&bytes(transcript), |reply| {
        let event = machine.accept(reply);
        seen.push(name(&event));
        if let Event::Trapped(trap) = event {
            trapped = Some(trap);
        }
    });
    assert_eq!(seen, ["row", "row", "noted", "trapped"]);
    let trap = trapped.expect("the command trapped");
    assert!(trap.is("NO SUCH ITEM"));
    assert!(!machine.in_flight());
}

#[test]
fn the_first_of_several_traps_is_the_cause() {
    let mut machine = Tagged::new();
    machine.open();
    let mut traps = Vec::new();
    let transcript = "!trap | .tag=1 | =category=0 | =message=no such item
         !trap | .tag=1 | =category=2 | =message=interrupted
         !done | .tag=1";
    each_reply(&bytes(transcript), |reply| {
        if let (_, Event::Trapped(trap)) = machine.accept(reply) {
            traps.push(trap);
        }
    });
    assert_eq!(traps, [Trap { category: Some(0), message: "no such item".to_owned() }]);
}

#[test]
fn commands_are_told_apart_and_their_states_do_not_mix() {
    let mut machine = Tagged::new();
    let (first, second) = (machine.open(), machine.open());
    assert_eq!((first, second), (Tag(1), Tag(2)));
    let seen = run(
        &mut machine,
        "!re | .tag=2 | =a=1
         !trap | .tag=1 | =message=no such command
         !empty | .tag=2
         !done | .tag=2
         !done | .tag=1",
    );
    let expected = [(2, "row"), (1, "noted"), (2, "empty"), (2, "done"), (1, "trapped")];
    assert_eq!(seen, expected.map(|(tag, event)| (Some(tag), event)));
    assert_eq!(machine.open_count(), 0);
}

#[test]
fn late_words_of_finished_tags_are_dropped() {
    let mut machine = Tagged::new();
    machine.open();
    let seen = run(
        &mut machine,
        "!done | .tag=1\n!re | .tag=1 | =a=1\n!trap | .tag=1\n!done | .tag=1\n!re | .tag=77\n!done | .tag=abc\n!re",
    );
    let expected = [
        (Some(1), "done"),
        (Some(1), "late"),
        (Some(1), "late"),
        (Some(1), "late"),
        (Some(77), "late"),
        (None, "late"),
        (None, "untagged"),
    ];
    assert_eq!(seen, expected);
    assert_ne!(machine.open(), Tag(1), "a tag is not reused while late words may still come");
}

#[test]
fn the_two_ends_of_a_cancel_come_in_either_order() {
    for ends in ["!done | .tag=2\n!done | .tag=1", "!done | .tag=1\n!done | .tag=2"] {
        let mut machine = Tagged::new();
        let listen = machine.open();
        let (own, _) = machine.cancel(listen);
        assert_eq!((listen, own), (Tag(1), Tag(2)));
        let trap = "!re | .tag=1 | =a=1\n!trap | .tag=1 | =category=2 | =message=interrupted\n";
        let mut seen = run(&mut machine, &format!("{trap}{ends}"));
        seen.sort();
        assert_eq!(seen, [(Some(1), "cancelled"), (Some(1), "late"), (Some(1), "noted"), (Some(2), "done")]);
        assert_eq!(machine.open_count(), 0);
    }
}

#[test]
fn a_command_that_ended_before_its_cancel_arrived() {
    let mut machine = Tagged::new();
    let print = machine.open();
    machine.cancel(print);
    let seen = run(&mut machine, "!done | .tag=1\n!trap | .tag=2 | =message=no such item\n!done | .tag=2");
    assert_eq!(seen, [(Some(1), "cancelled"), (Some(2), "noted"), (Some(2), "trapped")]);
}

#[test]
fn a_failure_of_its_own_is_told_although_a_cancel_was_sent() {
    let mut machine = Tagged::new();
    let print = machine.open();
    machine.cancel(print);
    let seen = run(&mut machine, "!trap | .tag=1 | =message=not enough permissions (9)\n!done | .tag=1");
    assert_eq!(seen, [(Some(1), "noted"), (Some(1), "trapped")]);
}

#[test]
fn cancelling_what_is_not_open_opens_only_the_cancel() {
    let mut machine = Tagged::new();
    let (own, _) = machine.cancel(Tag(99));
    assert_eq!(machine.open_count(), 1);
    assert_eq!(run(&mut machine, "!done | .tag=1"), [(Some(own.0), "done")]);
}

#[test]
fn a_fatal_ends_everything() {
    let mut machine = Tagged::new();
    machine.open();
    machine.open();
    assert_eq!(
        run(&mut machine, "!fatal | too many sessions\n!done | .tag=1"),
        [(None, "fatal"), (Some(1), "late")]
    );
    assert_eq!(machine.open_count(), 0);

    let mut machine = Untagged::new();
    each_reply(&bytes("!fatal | bye"), |reply| {
        let event = machine.accept(reply);
        assert!(
            matches!(&event, Event::Fatal(text) if text == "bye"),
            "also with nothing in flight: {event:?}"
        );
    });
}

#[test]
fn an_unknown_word_is_skipped_and_the_command_goes_on() {
    let mut machine = Tagged::new();
    machine.open();
    let seen = run(&mut machine, "!progress | .tag=1 | =percent=4\n!re | .tag=1\n!done | .tag=1");
    assert_eq!(seen, [(Some(1), "unknown"), (Some(1), "row"), (Some(1), "done")]);
}

#[test]
fn without_a_command_in_flight_replies_are_late() {
    let mut machine = Untagged::new();
    each_reply(&bytes("!re | =a=1\n!done\n!trap\n!empty"), |reply| {
        let event = machine.accept(reply);
        assert_eq!(name(&event), "late");
    });
    machine.sent();
    assert!(machine.in_flight());
    each_reply(&bytes("!done | =ret=5"), |reply| assert_eq!(name(&machine.accept(reply)), "done"));
    assert!(!machine.in_flight());
}

#[test]
fn an_empty_of_one_command_is_not_remembered_for_the_next() {
    let mut machine = Untagged::new();
    for (transcript, expected) in [("!empty\n!done", true), ("!done", false)] {
        machine.sent();
        each_reply(&bytes(transcript), |reply| {
            if let Event::Done(finished) = machine.accept(reply) {
                assert_eq!(finished.was_empty, expected);
            }
        });
        assert!(!machine.in_flight());
    }
}

#[test]
fn the_tag_may_stand_anywhere() {
    for line in [
        "!done | .tag=7 | =ret=*3 | =a=b",
        "!done | =ret=*3 | .tag=7 | =a=b",
        "!done | =ret=*3 | =a=b | .tag=7",
    ] {
        let reply = &replies(line)[0];
        assert_eq!(reply.kind, ReplyKind::Done);
        assert_eq!(reply.tag.as_deref(), Some("7"), "{line}");
        assert_eq!(reply.attributes.len(), 2, "{line}");
        assert_eq!(reply.bare, None, "{line}");
    }
}

#[test]
fn of_a_repeated_attribute_the_last_counts() {
    each_reply(&bytes("!re | =dynamic=false | =name=all | =dynamic=true"), |reply| {
        assert_eq!(reply.get(b"dynamic"), Some(&b"true"[..]));
        assert_eq!(reply.attributes().filter(|(name, _)| *name == b"dynamic").count(), 2);
    });
}

#[test]
fn values_keep_every_byte() {
    let nasty: [&[u8]; 6] =
        [b"a=b==c", b":log info\n:delay 1\r\n", b"", b"\xED\x00\xFF", b"<pppoe-a,b>", b"\x1b[2J"];
    for value in nasty {
        let word = [b"=on-up=", value].concat();
        each_reply(&crate::transcript::sentence(&[b"!re", &word]), |reply| {
            assert_eq!(reply.get(b"on-up"), Some(value));
            assert_eq!(reply.attributes().collect::<Vec<_>>(), [(&b"on-up"[..], value)]);
        });
    }
}

#[test]
fn debug_output_hides_secrets_and_control_bytes() {
    each_reply(&bytes("!re | =name=u\u{1b}1 | =password=hunter2"), |reply| {
        let shown = format!("{reply:?}");
        assert!(!shown.contains("hunter2") && !shown.contains('\u{1b}'), "{shown}");
        assert!(shown.contains("name"), "{shown}");
    });
}
