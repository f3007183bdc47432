//! What devices reach without a login.

use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, Personality, World};

use crate::client::{Client, End};

const PHONE: &str = "AA:BB:CC:00:00:01";

async fn hotspot() -> (SimRouter, Client) {
    let mut world = World::new(Device::new("tower", Personality::V7_20, 7));
    world.add_hotspot("hotspot1");
    world.transfer_unauthorized(PHONE, 1, 1);
    let router = SimRouter::start(world, Options::default()).await.expect("a free port");
    let client = Client::login(&router).await;
    (router, client)
}

async fn add(client: &mut Client, list: &str, words: &[(&str, &str)]) -> End {
    let add = Command::new(&format!("{list}/add"));
    let add = words.iter().fold(add, |add, (name, value)| add.attr(name, value));
    client.call(add).await.end
}

fn reaches(router: &SimRouter, to: &str) -> bool {
    router.with_world(|world| world.is_in_walled_garden(PHONE, to.parse().expect("an address")))
}

#[tokio::test]
async fn the_first_rule_that_matches_says_what_is_reached() {
    let (router, mut client) = hotspot().await;
    let packets = "/ip/hotspot/walled-garden/ip";
    let portal = "192.0.2.2:8080";
    assert!(!reaches(&router, portal), "nothing is, without a rule");
    let rule = [
        ("action", "accept"),
        ("protocol", "tcp"),
        ("dst-address", "192.0.2.2"),
        ("dst-port", "80,8000-8080"),
    ];
    assert!(matches!(add(&mut client, packets, &rule).await, End::Done { .. }));
    assert!(reaches(&router, portal));
    for other in ["192.0.2.3:8080", "192.0.2.2:8081", "192.0.2.2:443"] {
        assert!(!reaches(&router, other), "{other}");
    }
    let rows = client.call(Command::new(&format!("{packets}/print"))).await.ok();
    let shown = |name: &str| rows[0].text(name);
    assert_eq!(
        (shown("action"), shown("dst-port"), shown("invalid")),
        ("accept".into(), "80,8000-8080".into(), "false".into())
    );
    assert_eq!(rows[0].get("dst-host"), None);
    let id = shown(".id");
    let reject = [("action", "reject"), ("src-address", "!203.0.113.9"), ("place-before", &id)];
    assert!(matches!(add(&mut client, packets, &reject).await, End::Done { .. }));
    assert!(!reaches(&router, portal), "one before it takes it");
    let ids = client.print(&format!("{packets}/print"), &[".id"]).await.ok();
    let off = Command::new(&format!("{packets}/set")).attr(".id", ids[0].text(".id")).attr("disabled", "yes");
    client.call(off).await.ok();
    assert!(reaches(&router, portal));
}

#[tokio::test]
async fn a_rule_that_is_not_understood_reaches_nothing_and_a_wrong_action_is_refused() {
    let (router, mut client) = hotspot().await;
    let packets = "/ip/hotspot/walled-garden/ip";
    for rule in
        [[("action", "accept"), ("dst-host", "example.org")], [("action", "accept"), ("dst-port", "many")]]
    {
        assert!(matches!(add(&mut client, packets, &rule).await, End::Done { .. }));
    }
    assert!(!reaches(&router, "192.0.2.2:80"));
    assert!(matches!(add(&mut client, packets, &[("action", "allow")]).await, End::Trap(..)));
    let requests = "/ip/hotspot/walled-garden";
    assert!(matches!(
        add(&mut client, requests, &[("action", "allow"), ("dst-host", "*.example.org")]).await,
        End::Done { .. }
    ));
    assert!(matches!(add(&mut client, requests, &[("action", "accept")]).await, End::Trap(..)));
    let rows = client.call(Command::new(&format!("{requests}/print"))).await.ok();
    assert_eq!(
        (rows[0].text("dst-host"), rows[0].text("hits"), rows.len()),
        ("*.example.org".into(), "0".into(), 1)
    );
}
