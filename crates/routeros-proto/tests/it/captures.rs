//! Every capture of `routeros.md` §7 that was taken from the binary protocol, and the values of the others.
//!
//! The REST captures show the same names and values (§6), so their hard ones are read here too.

use routeros_proto::{Event, Ignored, ReplyKind, Tag, Tagged, Untagged, Version, value};

use crate::transcript::{Owned, bytes, each_reply, replies};

/// The events of an untagged command, as text.
fn events(transcript: &str) -> Vec<String> {
    let mut machine = Untagged::new();
    machine.sent();
    let mut seen = Vec::new();
    each_reply(&bytes(transcript), |reply| seen.push(shown(&machine.accept(reply))));
    assert!(!machine.in_flight());
    seen
}

fn shown(event: &Event<'_>) -> String {
    match event {
        Event::Row(row) => format!("row of {}", row.attributes().count()),
        Event::Done(finished) => {
            let ret = finished.ret.as_deref().map(|ret| String::from_utf8_lossy(ret).into_owned());
            format!("done {} {}", ret.unwrap_or_default(), if finished.was_empty { "empty" } else { "" })
        }
        Event::Trapped(trap) => format!("trap {:?} {}", trap.category, trap.message),
        Event::Cancelled => "cancelled".to_owned(),
        Event::Fatal(text) => format!("fatal {text}"),
        Event::Ignored(why) => format!("ignored {why:?}"),
    }
}

fn value_of<'a>(reply: &'a Owned, name: &str) -> &'a str {
    let found = reply.attributes.iter().find(|(known, _)| known == name);
    &found.unwrap_or_else(|| panic!("{name} is missing")).1
}

#[test]
fn capture_2_oids_and_colon_uptime() {
    let all = replies(
        "!re | =uptime=01:22:53 | =cpu-load=0 | =uptime.oid=.1.3.6.1.2.1.1.3.0 | =cpu-load.oid=.1.3.6.1.2.1.25.3.3.1.2.1
         !done",
    );
    assert_eq!(all.len(), 2);
    assert_eq!(all[0].kind, ReplyKind::Row);
    assert_eq!(all[0].attributes.len(), 4);
    assert_eq!(value_of(&all[0], "uptime.oid"), ".1.3.6.1.2.1.1.3.0");
    assert_eq!(value::duration_micros(value_of(&all[0], "uptime").as_bytes()), Some(4_973_000_000));
    assert_eq!(all[1].kind, ReplyKind::Done);
}

#[test]
fn capture_4_and_5_failed_logins() {
    assert_eq!(
        events("!trap | =message=cannot log in\n!done"),
        ["ignored TrapNoted", "trap None cannot log in"]
    );
    assert_eq!(
        events("!trap | =message=invalid user name or password (6)\n!done"),
        ["ignored TrapNoted", "trap None invalid user name or password (6)"]
    );
}

#[test]
fn capture_6_quit_answers_with_a_bare_word() {
    assert_eq!(events("!fatal | session terminated on request"), ["fatal session terminated on request"]);
    assert_eq!(
        events("!fatal | =message=session terminated on request"),
        ["fatal session terminated on request"],
        "the other form, which one client's tests use"
    );
    assert_eq!(events("!fatal"), ["fatal "]);
}

#[test]
fn capture_7_rows_without_any_attribute_are_rows() {
    let seen = events("!re\n!re\n!re\n!re\n!re\n!re\n!re\n!done");
    assert_eq!(seen.iter().filter(|event| *event == "row of 0").count(), 7);
    assert_eq!(seen.last().map(String::as_str), Some("done  "));
}

#[test]
fn capture_8_add_returns_the_new_id() {
    assert_eq!(events("!done | =ret=*3"), ["done *3 "]);
}

#[test]
fn capture_9_listen_removal_and_cancel() {
    let mut machine = Tagged::new();
    while machine.open() != Tag(9) {}
    let listen = machine.open();
    assert_eq!(listen, Tag(10));
    while machine.open() != Tag(19) {}
    let (cancel, command) = machine.cancel(listen);
    assert_eq!(cancel, Tag(20));
    let mut sent = Vec::new();
    command.encode(&mut sent);
    assert_eq!(sent, bytes("/cancel | =tag=10 | .tag=20"));

    let mut seen = Vec::new();
    let transcript = "!re | .tag=10 | =.id=*A | =.dead=true
         !trap | .tag=10 | =category=2 | =message=interrupted
         !done | .tag=20
         !done | .tag=10";
    each_reply(&bytes(transcript), |reply| {
        let (tag, event) = machine.accept(reply);
        seen.push((tag.map(|tag| tag.0), shown(&event)));
    });
    let expected = [(10, "ignored LateTag"), (10, "ignored TrapNoted"), (20, "done  "), (10, "cancelled")];
    assert_eq!(seen, expected.map(|(tag, event)| (Some(tag), event.to_owned())));
}

#[test]
fn capture_9_rows_before_the_cancel() {
    let all = replies(
        "!re | .tag=10 | =.id=*A | =address=1.1.1.1/32 | =network=1.1.1.1 | =interface=br-lan | =actual-interface=br-lan | =invalid=false | =dynamic=false | =disabled=false
         !re | .tag=10 | =.id=*A | =.dead=true",
    );
    assert_eq!(all[0].tag.as_deref(), Some("10"));
    assert_eq!(all[0].attributes.len(), 8, "the tag is no attribute");
    assert_eq!(value::item_id(value_of(&all[0], ".id").as_bytes()), Some(10));
    assert_eq!(value::boolean(value_of(&all[1], ".dead").as_bytes()), Some(true));
    assert_eq!(all[1].attributes.len(), 2, "a removed item has its id and nothing else");
}

#[test]
fn capture_10_sections_of_a_long_command() {
    let all = replies(
        "!re | .tag=1 | =status=connecting | =.section=0
         !re | .tag=1 | =status=downloading | =downloaded=731 | =total=9765 | =duration=1s | =.section=1
         !re | .tag=1 | =status=finished | =downloaded=9765 | =total=9765 | =duration=13s | =.section=12
         !done | .tag=1",
    );
    let sections: Vec<&str> = all[..3].iter().map(|reply| value_of(reply, ".section")).collect();
    assert_eq!(sections, ["0", "1", "12"]);
    assert_eq!(all[3].tag.as_deref(), Some("1"));
}

#[test]
fn capture_11_a_trap_with_a_category() {
    assert_eq!(
        events("!trap | =category=1 | =message=input does not match any value of interface\n!done"),
        ["ignored TrapNoted", "trap Some(1) input does not match any value of interface"]
    );
}

#[test]
fn capture_12_empty_and_then_done() {
    assert_eq!(events("!empty\n!done"), ["ignored Empty", "done  empty"]);
    assert_eq!(events("!done"), ["done  "], "before 7.18");

    let mut machine = Tagged::new();
    while machine.open() != Tag(5) {}
    each_reply(&bytes("!empty | .tag=5"), |reply| {
        let (tag, event) = machine.accept(reply);
        assert_eq!(tag, Some(Tag(5)));
        assert!(matches!(event, Event::Ignored(Ignored::Empty)));
    });
    assert_eq!(machine.open_count(), 5, "the command goes on until its !done");
}

#[test]
fn capture_13_old_booleans_and_dates() {
    let all = replies(
        "!re | =.id=*68 | =radius=no | =when=2006-10-24 08:40:42 | =name=admin | =address=0.0.0.0 | =via=console
         !re | =.id=*68 | =.dead=yes",
    );
    assert_eq!(value::boolean(value_of(&all[0], "radius").as_bytes()), Some(false));
    assert_eq!(value_of(&all[0], "when"), "2006-10-24 08:40:42");
    assert_eq!(value::boolean(value_of(&all[1], ".dead").as_bytes()), Some(true));
}

#[test]
fn captures_14_and_16_to_20_interfaces_and_sessions() {
    let all = replies(
        "!re | =name=lan | =rx-bits-per-second=45096 | =tx-bits-per-second=239064 | =.section=0
         !re | =.id=*23 | =name=wg-oceans | =last-link-up-time=2024-11-24 06:17:57 | =rx-byte=47538416 | =tx-byte=1102379048 | =tx-error=12323
         !re | =.id=*F00000 | =name=<pppoe-ord2307256401@lintegfibre> | =type=pppoe-in | =mtu=1480 | =last-link-up-time=mar/02/2025 11:30:44 | =link-downs=0 | =rx-byte=1968989292 | =tx-byte=15358415653
         !re | =.id=*8 | =name=marksilas | =service=pppoe | =caller-id=D0:D0:4B:36:7C:C1 | =address=192.168.89.254 | =uptime=44m55s | =session-id=0x81100000 | =limit-bytes-in=0 | =limit-bytes-out=0
         !re | =session-id=0x81E0000B | =name=<ovpn-user-two> | =type=ovpn-in | =rx-byte=69988 | =tx-byte=192455
         !re | =.id=*80020DCC | =name=<pppoe-amado.lorena-1>",
    );
    let number = |row: usize, name: &str| value::unsigned(value_of(&all[row], name).as_bytes());
    assert_eq!(number(0, "tx-bits-per-second"), Some(239_064));
    assert_eq!(number(1, "tx-byte"), Some(1_102_379_048));
    assert_eq!(number(2, "rx-byte"), Some(1_968_989_292));
    assert_eq!(number(2, "tx-byte"), Some(15_358_415_653), "more than 32 bits");
    assert_eq!(value_of(&all[2], "name"), "<pppoe-ord2307256401@lintegfibre>");
    assert_eq!(value::item_id(value_of(&all[2], ".id").as_bytes()), Some(0xF0_0000));
    assert_eq!(value::session_id(value_of(&all[3], "session-id").as_bytes()), Some(0x8110_0000));
    assert_eq!(value::duration_micros(value_of(&all[3], "uptime").as_bytes()), Some(2_695_000_000));
    assert_eq!(value::session_id(value_of(&all[4], "session-id").as_bytes()), Some(0x81E0_000B));
    assert_eq!(value::item_id(value_of(&all[5], ".id").as_bytes()), Some(0x8002_0DCC));
}

#[test]
fn values_of_the_other_captures() {
    // (1), (32): versions and uptimes
    assert_eq!(value::version(b"7.12.2 (stable)"), Some(Version::new(7, 12, 2)));
    assert!(value::version(b"7.1beta4 (development)") < value::version(b"7.12.2 (stable)"));
    assert_eq!(value::duration_micros(b"2d20h12m20s"), Some(245_540_000_000));
    // (21), (22): queues
    assert_eq!(value::octets_pair(b"45666/172388"), Some((45_666, 172_388)));
    assert_eq!(value::pair(b"0s/0s"), Some((&b"0s"[..], &b"0s"[..])));
    // (25): hotspot
    assert_eq!(value::duration_micros(b"47m56s"), Some(2_876_000_000));
    // (27), (29): dangling references print as ids
    assert_eq!(value::item_id(b"*2"), Some(2));
}
