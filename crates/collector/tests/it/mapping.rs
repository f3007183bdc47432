//! Rows as captured from real routers (routeros.md §7, by number) and what must come of them.

use accounting::Octets;
use accounting::snapshot::Service;
use accounting::table::Table;
use collector::routeros::servers::{SERVER_MENUS, ServerTable};
use collector::routeros::sessions::SessionTable;
use collector::routeros::{counters, device, hotspot, identity, queue, resource};

use crate::rows::row;

const CAPTURE_17: [&[u8]; 8] = [
    b"=.id=*F00000",
    b"=name=<pppoe-ord2307256401@lintegfibre>",
    b"=type=pppoe-in",
    b"=mtu=1480",
    b"=last-link-up-time=mar/02/2025 11:30:44",
    b"=link-downs=0",
    b"=rx-byte=1968989292",
    b"=tx-byte=15358415653",
];

#[test]
fn capture_17_what_the_router_received_is_input() {
    row(&CAPTURE_17, |reply| {
        let counter = counters::counter(reply).unwrap();
        assert_eq!(counter.handle, 0xF0_0000);
        assert_eq!(counter.name, b"<pppoe-ord2307256401@lintegfibre>");
        assert_eq!(counter.octets, Octets::new(1_968_989_292, 15_358_415_653));
    });
}

#[test]
fn capture_17_without_any_one_of_its_values_is_unknown_and_never_zero() {
    for needed in [&b"=.id="[..], b"=name=", b"=rx-byte=", b"=tx-byte="] {
        let words: Vec<&[u8]> = CAPTURE_17.into_iter().filter(|word| !word.starts_with(needed)).collect();
        row(&words, |reply| assert_eq!(counters::counter(reply), None, "{}", needed.escape_ascii()));
    }
    row(&[], |reply| assert_eq!(counters::counter(reply), None));
}

/// One absurd value must not stop its whole router: above what the database holds it is unknown.
#[test]
fn a_counter_above_what_can_be_written_is_unknown() {
    let with = |rx: &'static [u8]| [&b"=.id=*1"[..], b"=name=<pppoe-a>", rx, b"=tx-byte=1"];
    row(&with(b"=rx-byte=9223372036854775807"), |reply| {
        assert_eq!(counters::counter(reply).unwrap().octets, Octets::new(i64::MAX.unsigned_abs(), 1));
    });
    row(&with(b"=rx-byte=9223372036854775808"), |reply| assert_eq!(counters::counter(reply), None));
    row(&with(b"=rx-byte=18446744073709551615"), |reply| assert_eq!(counters::counter(reply), None));
}

#[test]
fn an_unreadable_counter_is_unknown() {
    let values: [&[u8]; 4] = [b"=rx-byte=", b"=rx-byte=-1", b"=rx-byte=205 149 015", b"=rx-byte=40.2MiB"];
    for value in values {
        let words: [&[u8]; 4] = [b"=.id=*1", b"=name=a", value, b"=tx-byte=1"];
        row(&words, |reply| assert_eq!(counters::counter(reply), None, "{}", value.escape_ascii()));
    }
}

#[test]
fn capture_18_the_session_has_no_octets_and_its_caps_are_not_read() {
    let mut sessions = SessionTable::default();
    let words: [&[u8]; 9] = [
        b"=.id=*8",
        b"=name=marksilas",
        b"=service=pppoe",
        b"=caller-id=D0:D0:4B:36:7C:C1",
        b"=address=192.168.89.254",
        b"=uptime=44m55s",
        b"=session-id=0x81100000",
        b"=limit-bytes-in=0",
        b"=limit-bytes-out=0",
    ];
    row(&words, |reply| sessions.push(reply));
    let session = sessions.row(0);
    assert_eq!(session.login, b"marksilas");
    assert_eq!(session.service, Some(Service::Pppoe));
    assert_eq!(session.caller_id, b"D0:D0:4B:36:7C:C1");
    assert_eq!(session.address, b"192.168.89.254");
    assert_eq!(session.uptime_s, Some(44 * 60 + 55));
    assert_eq!(session.session_id, Some(0x8110_0000));
}

/// Capture 18 has caps of 0, which nobody could tell from octets that were read: with others nothing must change.
#[test]
fn caps_of_a_session_are_not_read_whatever_they_are() {
    let with_caps = |upload: &[u8], download: &[u8]| {
        let caps = [[b"=limit-bytes-in=", upload].concat(), [b"=limit-bytes-out=", download].concat()];
        let mut words: Vec<&[u8]> = vec![
            b"=.id=*8",
            b"=name=marksilas",
            b"=service=pppoe",
            b"=uptime=44m55s",
            b"=session-id=0x81100000",
        ];
        words.extend(caps.iter().map(Vec::as_slice));
        let mut sessions = SessionTable::default();
        row(&words, |reply| {
            sessions.push(reply);
            assert_eq!(counters::counter(reply), None, "a session's row is no counter");
        });
        format!("{:?}", sessions.row(0))
    };
    assert_eq!(with_caps(b"0", b"0"), with_caps(b"5000000000", b"7000"));
}

#[test]
fn capture_19_and_20_names_are_taken_as_they_are() {
    let suffixed: [&[u8]; 4] =
        [b"=.id=*80020DCC", b"=name=<pppoe-amado.lorena-1>", b"=rx-byte=1", b"=tx-byte=2"];
    row(&suffixed, |reply| {
        let counter = counters::counter(reply).unwrap();
        assert_eq!((counter.handle, counter.name), (0x8002_0DCC, &b"<pppoe-amado.lorena-1>"[..]));
    });
    let ovpn: [&[u8]; 4] = [b"=.id=*A", b"=name=<ovpn-user-two>", b"=rx-byte=69988", b"=tx-byte=192455"];
    row(&ovpn, |reply| assert_eq!(counters::counter(reply).unwrap().octets, Octets::new(69_988, 192_455)));
}

#[test]
fn capture_36_an_idle_binding_is_neither_dynamic_nor_running() {
    let mut servers = ServerTable::default();
    let words: [&[u8]; 7] = [
        b"=.id=*AD",
        b"=comment=comment",
        b"=disabled=false",
        b"=name=pppoe-in1",
        b"=running=false",
        b"=service=",
        b"=user=",
    ];
    row(&words, |reply| servers.push(SERVER_MENUS[0], reply));
    let binding = servers.row(0);
    assert_eq!((binding.name, binding.user), (&b"pppoe-in1"[..], &b""[..]));
    assert!(!binding.dynamic && !binding.running);
}

#[test]
fn a_session_row_without_a_login_is_counted_and_left_out() {
    let mut sessions = SessionTable::default();
    row(&[b"=service=pppoe"], |reply| sessions.push(reply));
    assert_eq!((sessions.len(), sessions.unreadable()), (0, 1));
    let mut servers = ServerTable::default();
    row(&[b"=name=<pppoe-bob>", b"=dynamic=true"], |reply| servers.push(SERVER_MENUS[0], reply));
    assert_eq!((servers.len(), servers.unreadable()), (0, 1));
}

#[test]
fn bytes_of_a_legacy_code_page_stay_as_they_are() {
    let mut sessions = SessionTable::default();
    row(&[b"=name=jos\xE9"], |reply| sessions.push(reply));
    row(&[b"=name=jos\xE8"], |reply| sessions.push(reply));
    assert_eq!(sessions.row(0).login, b"jos\xE9");
    assert_eq!(sessions.row(1).login, b"jos\xE8");
}

#[test]
fn a_name_may_contain_equals_signs() {
    row(&[b"=.id=*1", b"=name=<pppoe-a=b=c>", b"=rx-byte=1", b"=tx-byte=2"], |reply| {
        assert_eq!(counters::counter(reply).unwrap().name, b"<pppoe-a=b=c>");
    });
}

#[test]
fn captures_1_2_and_32_every_style_of_uptime_is_read() {
    let uptimes: [(&[u8], u64); 4] = [
        (b"=uptime=2d20h12m20s", 2 * 86_400 + 20 * 3600 + 12 * 60 + 20),
        (b"=uptime=01:22:53", 3600 + 22 * 60 + 53),
        (b"=uptime=6w5d11h55m45s", 6 * 604_800 + 5 * 86_400 + 11 * 3600 + 55 * 60 + 45),
        (b"=uptime=1m58s660ms", 118),
    ];
    for (word, seconds) in uptimes {
        row(&[word], |reply| assert_eq!(resource::resource(reply).uptime_s, Some(seconds)));
    }
    row(&[b"=cpu-load=0"], |reply| assert_eq!(resource::resource(reply).uptime_s, None));
    row(&[b"=uptime=never"], |reply| assert_eq!(resource::resource(reply).uptime_s, None));
}

#[test]
fn the_device_is_known_by_serial_or_licence() {
    row(&[b"=serial-number=HF1234"], |reply| {
        assert_eq!(device::routerboard_key(reply).as_deref(), Some("serial:HF1234"));
    });
    row(&[b"=routerboard=false"], |reply| assert_eq!(device::routerboard_key(reply), None));
    row(&[b"=serial-number="], |reply| assert_eq!(device::routerboard_key(reply), None));
    row(&[b"=system-id=AbC+/x"], |reply| {
        assert_eq!(device::license_key(reply).as_deref(), Some("system-id:AbC+/x"));
    });
    row(&[b"=software-id=ABCD-EFGH"], |reply| {
        assert_eq!(device::license_key(reply).as_deref(), Some("software-id:ABCD-EFGH"));
    });
}

#[test]
fn an_identity_cannot_command_a_terminal() {
    row(&[b"=name=tower \x1b[31m\xE9"], |reply| {
        assert_eq!(identity::identity(reply).as_deref(), Some("tower \\u{1b}[31m\u{fffd}"));
    });
}

/// The names are those of routeros.md §2.8; the values of (25), a project's fixture.
const LOGIN: [&[u8]; 7] = [
    b"=.id=*A050002",
    b"=user=ABCD12",
    b"=address=10.5.0.2",
    b"=mac-address=2C:54:91:00:00:01",
    b"=uptime=12m4s",
    b"=bytes-in=1024",
    b"=bytes-out=4096",
];

#[test]
fn a_login_is_read_with_bytes_in_as_upload() {
    row(&LOGIN, |reply| {
        let login = hotspot::login(reply).unwrap();
        assert_eq!(login.counter.octets, Octets::new(1_024, 4_096));
        assert_eq!((login.login, login.counter.name), (&b"ABCD12"[..], &b"2C:54:91:00:00:01"[..]));
        assert_eq!((login.address, login.session_time_s), (&b"10.5.0.2"[..], 724));
        assert_eq!(Table::of(login.counter.handle), Table::HotspotActive);
        assert_eq!(Table::id(login.counter.handle), 0xA05_0002);
    });
}

#[test]
fn a_login_without_an_age_or_a_counter_is_unknown_and_never_zero() {
    for needed in [&b"=.id="[..], b"=user=", b"=uptime=", b"=bytes-in=", b"=bytes-out="] {
        let words: Vec<&[u8]> = LOGIN.into_iter().filter(|word| !word.starts_with(needed)).collect();
        row(&words, |reply| assert_eq!(hotspot::login(reply), None, "{}", needed.escape_ascii()));
    }
    for other in [&b"=address="[..], b"=mac-address="] {
        let words: Vec<&[u8]> = LOGIN.into_iter().filter(|word| !word.starts_with(other)).collect();
        row(&words, |reply| assert!(hotspot::login(reply).is_some()));
    }
}

#[test]
fn captures_21_and_22_the_first_of_a_queues_pair_is_upload_and_its_totals_are_not_read() {
    let words: [&[u8]; 6] = [
        b"=.id=*1",
        b"=name=queue1",
        b"=target=1.0.1.0/24",
        b"=bytes=45666/172388",
        b"=rate=17424/62464",
        b"=total-bytes=0",
    ];
    row(&words, |reply| {
        let queue = queue::queue(reply).unwrap();
        assert_eq!((Table::of(queue.handle), Table::id(queue.handle)), (Table::Queue, 1));
        assert_eq!((queue.name, queue.octets), (&b"queue1"[..], Octets::new(45_666, 172_388)));
    });
    for needed in [&b"=.id="[..], b"=name=", b"=bytes="] {
        let some: Vec<&[u8]> = words.into_iter().filter(|word| !word.starts_with(needed)).collect();
        row(&some, |reply| assert_eq!(queue::queue(reply), None, "{}", needed.escape_ascii()));
    }
}

/// What is removed is named by its id: a row without one, or of somebody else whom no query asked for, is none.
#[test]
fn a_row_without_an_id_or_of_another_is_none() {
    use accounting::login::LoginKind;
    use collector::routeros::presence::{Menu, cookie};

    let menu = Menu::of(LoginKind::Hotspot).unwrap();
    let present = |words: &[&[u8]]| row(words, |row| menu.present(b"ana", row).map(|present| present.id));
    assert_eq!(present(&[b"=.id=*A050002", b"=user=ana"]), Some(b"*A050002".to_vec()));
    for words in [&[b"=user=ana".as_slice()][..], &[b"=.id=", b"=user=ana"], &[b"=.id=*", b"=user=ana"]] {
        assert_eq!(present(words), None, "{words:?}");
    }
    assert_eq!(present(&[b"=.id=*1", b"=user=anabel"]), None);
    let cookie = |words: &[&[u8]]| row(words, |row| cookie(b"ana", row).map(|cookie| cookie.mac));
    assert_eq!(cookie(&[b"=.id=*5", b"=user=ana", b"=mac-address=AA"]), Some(b"AA".to_vec()));
    assert_eq!((cookie(&[b"=user=ana"]), cookie(&[b"=.id=*5", b"=user=bob"])), (None, None));
    assert!(Menu::of(LoginKind::StaticIp).is_none());
}
