//! What simple queues let pass: by which queue, how much, and that every counter and the truth go with it.

use std::time::Duration;

use routeros_proto::Command;
use routeros_sim::server::{Options, SimRouter};
use routeros_sim::world::{Device, FixedKind, Octets, Personality, Roaming, Service, SessionKey, World};

use crate::client::{Answer, Client};

/// A router where ana, who would move 8 and 40 Mbit/s, is the first to dial in, and so has 100.64.0.1.
pub(crate) struct Street {
    pub(crate) router: SimRouter,
    pub(crate) client: Client,
    pub(crate) ana: SessionKey,
}

const ANA: &str = "100.64.0.1";

impl Street {
    pub(crate) async fn new() -> Self {
        Self::on(Device::new("r", Personality::V7_20, 1)).await
    }

    pub(crate) async fn on(device: Device) -> Self {
        let mut world = World::new(device);
        world.add_fixed_interface("vlan101", FixedKind::Vlan, 8_000_000, 40_000_000);
        let ana = world.connect("ana", Service::Pppoe, "D4:CA:6D:00:00:01", 8_000_000, 40_000_000);
        let router = SimRouter::start(world, Options::default()).await.expect("a free port");
        let client = Client::login(&router).await;
        Self { router, client, ana }
    }

    pub(crate) async fn call(&mut self, path: &str, settings: &[(&str, &str)]) -> Answer {
        let command =
            settings.iter().fold(Command::new(path), |command, (name, value)| command.attr(name, value));
        self.client.call(command).await
    }

    /// The same, and it is done.
    pub(crate) async fn tell(&mut self, path: &str, settings: &[(&str, &str)]) {
        self.call(path, settings).await.ok();
    }

    async fn add(&mut self, name: &str, target: &str, max_limit: &str) {
        let settings = [("name", name), ("target", target), ("max-limit", max_limit)];
        self.tell("/queue/simple/add", &settings).await;
    }

    async fn set(&mut self, name: &str, setting: (&str, &str)) {
        self.tell("/queue/simple/set", &[("numbers", name), setting]).await;
    }

    /// One property of all rows of a menu.
    pub(crate) async fn column(&mut self, menu: &str, property: &str) -> Vec<String> {
        let print = Command::new(&format!("{menu}/print")).proplist(&[property]);
        self.client.call(print).await.ok().into_iter().map(|row| row.text(property)).collect()
    }

    pub(crate) async fn queues(&mut self, property: &str) -> Vec<String> {
        self.column("/queue/simple", property).await
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.router.with_world(|world| world.advance(time));
    }

    /// What passed of a session since it began: by its counter, which is what there was in truth.
    fn passed(&self, key: SessionKey) -> Octets {
        self.router.with_world(|world| {
            let passed = world.counter_of(key);
            assert_eq!(world.truth().session(key).expect("it was there").octets, passed);
            passed
        })
    }

    /// What passes of a session in a second.
    pub(crate) fn in_a_second(&self, key: SessionKey) -> Octets {
        let before = self.passed(key);
        self.pass(Duration::from_secs(1));
        self.passed(key).since(before)
    }

    /// The same in kilobits: upload, download.
    pub(crate) fn kilobits(&self, key: SessionKey) -> (u64, u64) {
        let Octets { input, output } = self.in_a_second(key);
        (input * 8 / 1000, output * 8 / 1000)
    }

    pub(crate) fn ana_kilobits(&self) -> (u64, u64) {
        self.kilobits(self.ana)
    }
}

const FREE: (u64, u64) = (8_000, 40_000);

#[tokio::test]
async fn a_queue_aimed_at_an_address_lets_pass_its_limit_and_counts_what_passes() {
    let mut street = Street::new().await;
    assert_eq!(street.ana_kilobits(), FREE);
    street.add("ana", ANA, "1M/5M").await;
    assert_eq!(street.queues("rate").await, ["1000000/5000000"], "before any time passes");
    assert_eq!(street.ana_kilobits(), (1_000, 5_000));
    assert_eq!(street.queues("bytes").await, ["125000/625000"]);
    let seen = (street.column("/interface", "rx-byte").await, street.column("/interface", "tx-byte").await);
    assert_eq!((&*seen.0[1], &*seen.1[1]), ("1125000", "5625000"), "a second without and one with the limit");
    street.set("ana", ("max-limit", "0/5M")).await;
    assert_eq!(street.ana_kilobits(), (8_000, 5_000), "0 is no limit");
    street.set("ana", ("max-limit", "100M/100M")).await;
    assert_eq!(street.ana_kilobits(), FREE, "a limit does not make anybody faster");
    street.tell("/queue/simple/remove", &[("numbers", "ana")]).await;
    assert_eq!(street.ana_kilobits(), FREE);
}

#[tokio::test]
async fn the_first_queue_that_is_on_and_aimed_at_them_counts_and_limits_and_no_other() {
    let mut street = Street::new().await;
    street.add("elsewhere", "100.64.1.0/24", "1k/1k").await;
    street.add("first", "100.64.0.0/24", "2M/2M").await;
    street.add("second", "<pppoe-ana>", "1M/1M").await;
    assert_eq!(street.ana_kilobits(), (2_000, 2_000));
    assert_eq!(street.queues("bytes").await, ["0/0", "250000/250000", "0/0"]);
    street.set("first", ("disabled", "yes")).await;
    assert_eq!(street.ana_kilobits(), (1_000, 1_000), "the interface's name is a target too");
    street.set("first", ("disabled", "no")).await;
    street.set("first", ("target", "100.64.1.0/24,100.64.2.0/24")).await;
    assert_eq!(street.ana_kilobits(), (1_000, 1_000));
    street.set("first", ("target", "100.64.2.0/24,100.64.0.0/30")).await;
    assert_eq!(street.ana_kilobits(), (2_000, 2_000), "any target of a list");
    assert_eq!(street.queues("bytes").await, ["0/0", "500000/500000", "250000/250000"]);
    let narrow = [("name", "narrow"), ("target", ANA), ("max-limit", "3M/3M"), ("place-before", "first")];
    street.tell("/queue/simple/add", &narrow).await;
    assert_eq!(street.ana_kilobits(), (3_000, 3_000), "the one before, not the wider one");
}

#[tokio::test]
async fn an_interface_that_is_gone_makes_its_queue_invalid_until_one_of_that_name_comes() {
    let mut street = Street::new().await;
    street.add("ana", "<pppoe-ana>,100.64.0.0/24", "1M/1M").await;
    assert_eq!(street.ana_kilobits(), (1_000, 1_000));
    let bob = street.router.with_world(|world| {
        world.disconnect(street.ana);
        world.connect("bob", Service::Pppoe, "D4:CA:6D:00:00:02", 8_000_000, 40_000_000)
    });
    assert_eq!(street.queues("invalid").await, ["true"]);
    assert_eq!(street.kilobits(bob), FREE, "an invalid queue is none, whatever else it is aimed at");
    let again = street.router.with_world(|world| world.reconnect(street.ana));
    assert_eq!(street.queues("invalid").await, ["false"]);
    assert_eq!((street.kilobits(again), street.kilobits(bob)), ((500, 500), (500, 500)));
    assert_eq!(street.queues("bytes").await, ["375000/375000"]);
}

#[tokio::test]
async fn those_behind_one_queue_share_its_limit_evenly_and_leave_nothing_of_it() {
    let mut street = Street::new().await;
    street.add("house", "100.64.0.0/24", "6M/9M").await;
    let bob = street
        .router
        .with_world(|world| world.connect("bob", Service::Pppoe, "D4:CA:6D:00:00:02", 1_000_000, 90_000_000));
    assert_eq!((street.ana_kilobits(), street.passed(bob)), ((5_000, 4_500), Octets::new(125_000, 562_500)));
    assert_eq!(street.queues("rate").await, ["6000000/9000000"]);
    street.router.with_world(|world| world.set_rates(bob, 0, 1_000_000));
    assert_eq!(street.ana_kilobits(), (6_000, 8_000));
    street.router.with_world(|world| world.disconnect(bob));
    assert_eq!(street.ana_kilobits(), (6_000, 9_000));
    assert_eq!(street.queues("bytes").await, ["2250000/3375000"]);
}

#[tokio::test]
async fn fasttracked_traffic_is_neither_limited_nor_counted() {
    let mut street = Street::new().await;
    street.add("ana", ANA, "1M/5M").await;
    street.tell("/ip/firewall/filter/add", &[("chain", "forward"), ("action", "fasttrack-connection")]).await;
    assert_eq!(street.ana_kilobits(), FREE);
    assert_eq!(street.queues("bytes").await, ["0/0"]);
    street.tell("/ip/firewall/filter/set", &[(".id", "*1"), ("disabled", "yes")]).await;
    assert_eq!(street.ana_kilobits(), (1_000, 5_000));
}

/// Limits that are no whole octets a second, changed at odd moments: no octet is lost or made.
#[tokio::test]
async fn across_any_changes_the_queues_count_exactly_what_passed() {
    let mut street = Street::new().await;
    street.add("one", ANA, "1234567/7654321").await;
    street.add("two", "100.64.0.0/16", "0/0").await;
    for step in 1..60_u64 {
        let limit = format!("{}/{}", step * 99_991, step * 777_767);
        street.set("one", ("max-limit", &limit)).await;
        street.set("one", ("disabled", if step % 3 == 0 { "yes" } else { "no" })).await;
        street.pass(Duration::from_micros(step * 12_347));
    }
    let counted = street.queues("bytes").await;
    let counted = counted.iter().map(|pair| routeros_proto::value::octets_pair(pair.as_bytes()).expect(pair));
    let counted: Octets = counted.map(|(up, down)| Octets::new(up, down)).sum();
    assert_eq!(counted, street.passed(street.ana));
    assert!(counted.input > 1_000_000);
}

#[tokio::test]
async fn a_hotspot_login_is_limited_by_its_address_and_goes_free_when_it_roams() {
    let mut device = Device::new("r", Personality::V7_20, 1);
    device.switches.roaming = Roaming::KeepsRow;
    let mut street = Street::on(device).await;
    let eva = street.router.with_world(|world| {
        world.add_hotspot("bridge1");
        world.log_in("eva", "2C:54:91:00:00:01", 8_000_000, 40_000_000)
    });
    let address = street.column("/ip/hotspot/active", "address").await.remove(0);
    street.add("eva", &address, "1M/5M").await;
    assert_eq!(street.kilobits(eva), (1_000, 5_000));
    for table in ["active", "host", "user"] {
        let menu = format!("/ip/hotspot/{table}");
        assert_eq!(street.column(&menu, "bytes-in").await, ["125000"], "{table}");
        assert_eq!(street.column(&menu, "bytes-out").await, ["625000"], "{table}");
    }
    street.router.with_world(|world| {
        world.bypass("2C:54:91:00:00:02");
        world.appear("2C:54:91:00:00:02", 1_000_000, 1_000_000);
        world.roam(eva, None);
        world.transfer(eva, 7, 9);
    });
    assert_eq!(street.kilobits(eva), FREE);
    assert_eq!(street.queues("bytes").await, ["125000/625000"], "nor is it counted from that instant on");
}

#[tokio::test]
async fn an_interface_that_faces_somebody_and_scripted_traffic_meet_the_queues_too() {
    let mut street = Street::new().await;
    street.add("on vlan", "vlan101", "1M/5M").await;
    street.add("bob", "10.0.0.7", "2M/6M").await;
    street.router.with_world(|world| assert!(world.set_rates_through("bob", 8_000_000, 40_000_000)));
    street.pass(Duration::from_secs(1));
    assert_eq!(street.queues("bytes").await, ["125000/625000", "250000/750000"]);
    let of_bob = |street: &Street| street.router.with_world(|world| world.traffic_of_queue("bob"));
    let on_vlan = |street: &Street| street.router.with_world(|world| world.passed_on("vlan101"));
    assert_eq!(
        (on_vlan(&street), of_bob(&street)),
        (Octets::new(125_000, 625_000), Octets::new(250_000, 750_000))
    );
    let before_bob =
        [("name", "limit"), ("target", "10.0.0.0/24"), ("max-limit", "1M/1M"), ("place-before", "bob")];
    street.tell("/queue/simple/add", &before_bob).await;
    street.pass(Duration::from_secs(1));
    assert_eq!(street.queues("bytes").await[1..], ["125000/125000", "250000/750000"]);
    assert_eq!(of_bob(&street), Octets::new(375_000, 875_000), "it is his, whichever queue it passes");
    street.router.with_world(|world| world.transfer_on("vlan101", 7, 9));
    assert_eq!(street.queues("bytes").await[0], "250007/1250009");
    street.router.with_world(|world| {
        world.rename_interface("vlan101", "vlan102");
        world.transfer_on("vlan102", 7, 9);
    });
    assert_eq!(street.queues("bytes").await[0], "250007/1250009", "it is not aimed there any more");
}

#[tokio::test]
async fn after_a_reboot_the_queues_count_from_0_and_limit_as_before() {
    let mut street = Street::new().await;
    street.add("all", "100.64.0.0/10,vlan101", "4M/4M").await;
    street.pass(Duration::from_secs(1));
    street.router.with_world(|world| world.reconnect(street.ana));
    street.pass(Duration::from_secs(1));
    assert_eq!(street.queues("bytes").await, ["1000000/1000000"]);
    street.router.with_world(|world| world.reboot_and_redial(Duration::from_secs(1), Duration::ZERO));
    street.client = Client::login(&street.router).await;
    assert_eq!(street.queues("bytes").await, ["0/0"]);
    street.pass(Duration::from_secs(2));
    assert_eq!(street.queues("bytes").await, ["1000000/1000000"]);
    assert_eq!(street.queues("rate").await, ["4000000/4000000"]);
    let again = street.router.with_world(|world| world.live_sessions().next().expect("ana dialled"));
    assert_eq!(street.passed(again), Octets::new(250_000, 250_000));
}

#[tokio::test]
async fn queues_stand_in_the_order_in_which_they_were_put() {
    let mut street = Street::new().await;
    for name in ["one", "two"] {
        street.add(name, ANA, "0/0").await;
    }
    for (name, before) in [("by name", "two"), ("by id", "*1"), ("between", "by name")] {
        let settings = [("name", name), ("target", ANA), ("place-before", before)];
        street.tell("/queue/simple/add", &settings).await;
    }
    assert_eq!(street.queues("name").await, ["by id", "one", "between", "by name", "two"]);
    street.tell("/queue/simple/remove", &[("numbers", "by name")]).await;
    assert_eq!(street.queues("name").await, ["by id", "one", "between", "two"]);
    for nowhere in ["by name", "*4D2", "one,two"] {
        let settings = [("name", "x"), ("target", ANA), ("place-before", nowhere)];
        assert_eq!(street.call("/queue/simple/add", &settings).await.trap(), "no such item (4)", "{nowhere}");
    }
    let moved = street.call("/queue/simple/set", &[("numbers", "one"), ("place-before", "two")]).await;
    assert_eq!(moved.trap(), "unknown parameter place-before");
    for (path, settings) in [
        ("/queue/simple/add", vec![("name", "one"), ("target", ANA)]),
        ("/queue/simple/set", vec![("numbers", "two"), ("name", "one")]),
    ] {
        assert_eq!(street.call(path, &settings).await.trap(), "failure: already have such name");
    }
    assert_eq!(street.queues("name").await, ["by id", "one", "between", "two"]);
}

#[tokio::test]
async fn a_limit_is_read_back_in_digits() {
    let mut street = Street::new().await;
    street.add("ana", ANA, "512k/1M").await;
    for (set, read) in
        [("", "512000/1000000"), ("1G/10m", "1000000000/10000000"), ("64K/007", "64000/7"), ("0/0", "0/0")]
    {
        if !set.is_empty() {
            street.set("ana", ("max-limit", set)).await;
        }
        assert_eq!(street.queues("max-limit").await, [read]);
    }
    for wrong in ["1M", "1M/", "1,5M/2M", "1M/2M/3M", "1T/1T", "-1/1", "fast/slow"] {
        let refused = street.call("/queue/simple/set", &[("numbers", "ana"), ("max-limit", wrong)]).await;
        assert_eq!(refused.trap(), "expected value of max-limit", "{wrong}");
    }
    assert_eq!(street.queues("max-limit").await, ["0/0"]);
}
