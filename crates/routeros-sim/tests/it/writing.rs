//! `add`, `set` and `remove` on configurable tables: what is read back, refused, listened to and kept.

use routeros_proto::{Command, Tag};
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, Octets, Personality, Policies, SecretRename, Service, User, World};

use crate::client::{Answer, Client, End, words};

async fn router() -> (SimRouter, Client) {
    let mut device = Device::new("r", Personality::V7_20, 1);
    device.users.push(User::new("meter", "m", Policies::READ_ONLY));
    let mut world = World::new(device);
    world.add_usual_interfaces();
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let client = Client::login(&router).await;
    (router, client)
}

fn command(path: &str, settings: &[(&str, &str)]) -> Command {
    settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value))
}

async fn call(client: &mut Client, path: &str, settings: &[(&str, &str)]) -> Answer {
    client.call(command(path, settings)).await
}

/// Adds an item and gives its `.id`.
async fn add(client: &mut Client, path: &str, settings: &[(&str, &str)]) -> String {
    match call(client, path, settings).await.end {
        End::Done { ret: Some(id), .. } => String::from_utf8(id).expect("an id"),
        other => panic!("no id but {other:?}"),
    }
}

#[tokio::test]
async fn an_added_secret_is_read_back_with_what_nobody_set() {
    let (_router, mut client) = router().await;
    let id =
        add(&mut client, "/ppp/secret/add", &[("name", "ana"), ("password", "p=w"), ("service", "pppoe")]);
    assert_eq!(id.await, "*1");
    let row = call(&mut client, "/ppp/secret/print", &[]).await.ok().remove(0);
    let seen: Vec<(String, String)> = row
        .0
        .iter()
        .map(|(name, value)| {
            (String::from_utf8_lossy(name).into_owned(), String::from_utf8_lossy(value).into_owned())
        })
        .collect();
    let expected = [
        (".id", "*1"),
        ("name", "ana"),
        ("service", "pppoe"),
        ("caller-id", ""),
        ("password", "p=w"),
        ("profile", "default"),
        ("routes", ""),
        ("ipv6-routes", ""),
        ("limit-bytes-in", "0"),
        ("limit-bytes-out", "0"),
        ("disabled", "false"),
    ];
    assert_eq!(seen, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

/// What is established of none: whatever it is called, ids, age and counters go on, and the truth knows when it got the name.
#[tokio::test]
async fn a_renamed_secret_renames_its_live_session_as_the_switch_says() {
    for (switch, session, interface) in [
        (SecretRename::KeepsName, "ana", "<pppoe-ana>"),
        (SecretRename::TakesName, "eva", "<pppoe-ana>"),
        (SecretRename::RenamesInterface, "eva", "<pppoe-eva>"),
    ] {
        let (router, mut client) = router().await;
        let key = router.with_world(|world| {
            world.device_mut().switches.secret_rename = switch;
            world.connect("ana", Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0)
        });
        add(&mut client, "/ppp/secret/add", &[("name", "ana")]).await;
        let ids = async |client: &mut Client| {
            let mut ids = Vec::new();
            for (menu, name) in
                [("/ppp/active", "name"), ("/interface/pppoe-server", "user"), ("/interface", "name")]
            {
                let rows = client.print(&format!("{menu}/print"), &[".id", name]).await.ok();
                let row = rows.last().expect("a row");
                ids.push((row.text(".id"), row.text(name)));
            }
            ids
        };
        router.with_world(|world| world.transfer(key, 5, 6));
        let before = ids(&mut client).await;
        let set = [("numbers", "ana"), ("name", "eva")];
        call(&mut client, "/ppp/secret/set", &set).await.ok();
        router.with_world(|world| world.transfer(key, 70, 80));
        let after = ids(&mut client).await;
        for ((before, after), name) in before.iter().zip(&after).zip([session, session, interface]) {
            assert_eq!((&after.0, &*after.1), (&before.0, name), "{switch:?}");
        }
        let truth = router.with_world(|world| world.truth());
        assert_eq!(truth.total(), Octets::new(75, 86));
        let renamed = switch != SecretRename::KeepsName;
        assert_eq!(
            truth.login("eva").total(),
            if renamed { Octets::new(70, 80) } else { Octets::default() },
            "{switch:?}"
        );
        assert_eq!(router.with_world(|world| world.counter_of(key)), Octets::new(75, 86));
    }
}

#[tokio::test]
async fn set_changes_what_it_names_and_an_empty_comment_is_none() {
    let (_router, mut client) = router().await;
    for name in ["ana", "bob"] {
        add(&mut client, "/ppp/secret/add", &[("name", name), ("comment", "old")]).await;
    }
    let set = [(".id", "*1,bob"), ("disabled", "yes"), ("comment", "")];
    call(&mut client, "/ppp/secret/set", &set).await.ok();
    call(&mut client, "/ppp/secret/set", &[("numbers", "ana"), ("name", "eva")]).await.ok();
    let rows = call(&mut client, "/ppp/secret/print", &[]).await.ok();
    let names: Vec<String> = rows.iter().map(|row| row.text("name")).collect();
    assert_eq!(names, ["eva", "bob"]);
    assert!(rows.iter().all(|row| row.text("disabled") == "true" && row.get("comment").is_none()));
    call(&mut client, "/ppp/secret/set", &[(".id", "*2"), ("name", "bob")]).await.ok();
}

#[tokio::test]
async fn removal_is_for_all_named_items_or_none_and_ids_are_not_given_again() {
    let (_router, mut client) = router().await;
    for name in ["ana", "bob", "eva"] {
        add(&mut client, "/ppp/secret/add", &[("name", name)]).await;
    }
    let refused = call(&mut client, "/ppp/secret/remove", &[(".id", "*1,*9")]).await;
    assert_eq!(refused.trap(), "no such item (4)");
    assert_eq!(call(&mut client, "/ppp/secret/print", &[]).await.ok().len(), 3);
    call(&mut client, "/ppp/secret/remove", &[(".id", "*1,*3")]).await.ok();
    assert_eq!(call(&mut client, "/ppp/secret/print", &[]).await.ok()[0].text("name"), "bob");
    assert_eq!(call(&mut client, "/ppp/secret/remove", &[(".id", "*1")]).await.trap(), "no such item (4)");
    assert_eq!(add(&mut client, "/ppp/secret/add", &[("name", "ana")]).await, "*4");
}

#[tokio::test]
async fn what_is_refused_says_why_and_changes_nothing() {
    let (_router, mut client) = router().await;
    add(&mut client, "/ppp/secret/add", &[("name", "ana")]).await;
    add(&mut client, "/ppp/secret/add", &[("name", "bob")]).await;
    for (path, settings, told) in [
        ("/ppp/secret/add", vec![("name", "ana")], "already have such name"),
        ("/ppp/secret/set", vec![(".id", "*2"), ("name", "ana")], "already have such name"),
        ("/ppp/secret/set", vec![(".id", "*1,*2"), ("name", "eva")], "already have such name"),
        ("/ppp/secret/add", vec![("password", "x")], "missing =name="),
        ("/ppp/secret/add", vec![("name", "x"), ("nmae", "x")], "unknown parameter nmae"),
        (
            "/ppp/secret/add",
            vec![("name", "x"), ("service", "isdn")],
            "input does not match any value of service",
        ),
        ("/ppp/secret/add", vec![("name", "x"), ("disabled", "maybe")], "expected value of disabled"),
        (
            "/ppp/secret/add",
            vec![("name", "x"), ("limit-bytes-in", "1M")],
            "expected value of limit-bytes-in",
        ),
        ("/ppp/secret/set", vec![(".id", ""), ("name", "x")], "expected item id (line 1 column 1)"),
        ("/ppp/secret/remove", vec![], "expected item id (line 1 column 1)"),
        ("/ppp/secret/set", vec![(".id", "*F"), ("name", "x")], "no such item (4)"),
        ("/ppp/active/add", vec![("name", "x")], "no such command"),
    ] {
        let answer = call(&mut client, path, &settings).await;
        assert_eq!(answer.trap(), told, "{path} {settings:?}");
    }
    let rows = client.print("/ppp/secret/print", &["name", "disabled"]).await.ok();
    assert_eq!(rows.iter().map(|row| row.text("name")).collect::<Vec<_>>(), ["ana", "bob"]);
}

#[tokio::test]
async fn addresses_know_their_network_and_only_interfaces_that_are_there() {
    let (_router, mut client) = router().await;
    for (address, interface, kept, network) in [
        ("192.168.1.1/24", "ether1", "192.168.1.1/24", "192.168.1.0"),
        ("1.1.1.1", "ether1", "1.1.1.1/32", "1.1.1.1"),
        ("10.9.8.7/0", "ether2", "10.9.8.7/0", "0.0.0.0"),
    ] {
        let settings = [("address", address), ("interface", interface)];
        let id = add(&mut client, "/ip/address/add", &settings).await;
        let query = Command::new("/ip/address/print").query(format!("?.id={id}"));
        let row = client.call(query).await.ok().remove(0);
        assert_eq!((row.text("address"), row.text("network")), (kept.into(), network.into()));
        assert_eq!(row.text("actual-interface"), interface);
    }
    for (address, interface, told) in [
        ("1.1.1.1/32", "ether1", "already have such address"),
        ("1.1.1.2", "ether99", "input does not match any value of interface"),
        ("1.1.1.300", "ether1", "expected value of address"),
        ("1.1.1.2/33", "ether1", "expected value of address"),
    ] {
        let answer =
            call(&mut client, "/ip/address/add", &[("address", address), ("interface", interface)]).await;
        assert_eq!(answer.trap(), told);
    }
}

#[tokio::test]
async fn listeners_hear_of_every_write() {
    let (router, mut client) = router().await;
    client.send(&Command::new("/ppp/secret/listen").proplist(&[".id", "name"]).tag(Tag(1))).await;
    client.send(&Command::new("/system/identity/print").proplist(&["name"]).tag(Tag(2))).await;
    client.words().await;
    client.words().await;
    let mut writer = Client::login(&router).await;
    let id = add(&mut writer, "/ppp/secret/add", &[("name", "ana")]).await;
    assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*1", "=name=ana"]));
    call(&mut writer, "/ppp/secret/set", &[(".id", &id), ("name", "bob")]).await.ok();
    assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*1", "=name=bob"]));
    add(&mut writer, "/ip/address/add", &[("address", "1.1.1.1"), ("interface", "ether1")]).await;
    call(&mut writer, "/ppp/secret/remove", &[(".id", &id)]).await.ok();
    assert_eq!(client.words().await, words(&["!re", ".tag=1", "=.id=*1", "=.dead=true"]));
}

#[tokio::test]
async fn writing_needs_the_right_and_what_is_written_outlives_a_reboot() {
    let (router, mut client) = router().await;
    let mut meter = Client::connect(router.addr()).await;
    meter.log_in("meter", "m").await.expect("may log in");
    for (path, settings) in [
        ("/ppp/secret/add", vec![("name", "ana")]),
        ("/ppp/profile/set", vec![("numbers", "default"), ("rate-limit", "1M")]),
        ("/queue/simple/add", vec![("name", "ana"), ("target", "10.0.0.7")]),
        ("/queue/simple/set", vec![("numbers", "ana"), ("max-limit", "1M/1M")]),
        ("/queue/simple/remove", vec![("numbers", "ana")]),
        ("/ip/hotspot/user/add", vec![("name", "ana")]),
        ("/ip/hotspot/ip-binding/add", vec![("mac-address", "2C:54:91:00:00:01")]),
        ("/ip/hotspot/active/login", vec![("mac-address", "2C:54:91:00:00:01"), ("user", "ana")]),
    ] {
        let refused = call(&mut meter, path, &settings).await;
        assert_eq!(refused.trap(), "not enough permissions (9)", "{path}");
    }
    assert!(call(&mut meter, "/queue/simple/print", &[]).await.ok().is_empty(), "reading is allowed");
    add(&mut client, "/ppp/secret/add", &[("name", "ana")]).await;
    router.with_world(World::reboot);
    let mut client = Client::login(&router).await;
    assert_eq!(call(&mut client, "/ppp/secret/print", &[]).await.ok()[0].text("name"), "ana");
}
