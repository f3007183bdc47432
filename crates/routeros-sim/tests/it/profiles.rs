//! Queues that the router makes itself: whom a profile limits, where their queue stands, and who may touch it.

use std::time::Duration;

use routeros_sim::world::{
    Device, DynamicQueuePlace, Personality, Service, SessionKey, StaticBeforeDynamic, World,
};

use crate::limits::Street;

const QUEUE: &str = "<pppoe-eva>";

/// A street where profiles `slow` and `fast` are there, and eva's secret has `slow`.
async fn street(change: impl FnOnce(&mut Device)) -> Street {
    let mut device = Device::new("r", Personality::V7_20, 1);
    change(&mut device);
    let mut street = Street::on(device).await;
    for (name, limit) in [("slow", "1M/2M"), ("fast", "5M/10M 8M/16M")] {
        street.tell("/ppp/profile/add", &[("name", name), ("rate-limit", limit)]).await;
    }
    street.tell("/ppp/secret/add", &[("name", "eva"), ("profile", "slow"), ("service", "pppoe")]).await;
    street
}

fn dial(street: &Street) -> SessionKey {
    street
        .router
        .with_world(|world| world.connect("eva", Service::Pppoe, "D4:CA:6D:00:00:09", 80_000_000, 80_000_000))
}

#[tokio::test]
async fn a_secrets_profile_limits_its_sessions_by_a_queue_of_the_routers_own() {
    let mut street = street(|_| ()).await;
    let eva = dial(&street);
    for (property, value) in
        [("name", QUEUE), ("target", QUEUE), ("max-limit", "1000000/2000000"), ("dynamic", "true")]
    {
        assert_eq!(street.queues(property).await, [value]);
    }
    assert_eq!(street.kilobits(eva), (1_000, 2_000));
    assert_eq!(street.queues("bytes").await, ["125000/250000"]);
    assert_eq!(street.ana_kilobits(), (8_000, 40_000), "who has no secret has no profile");
    let l2tp = street
        .router
        .with_world(|world| world.connect("eva", Service::L2tp, "198.51.100.9", 8_000_000, 8_000_000));
    assert_eq!(street.kilobits(l2tp), (8_000, 8_000), "her secret serves PPPoE");
    street.router.with_world(|world| world.disconnect(eva));
    assert_eq!(street.queues("name").await, Vec::<String>::new());
}

/// Trap 15.
#[tokio::test]
async fn what_is_changed_reaches_a_session_when_it_dials_again() {
    let mut street = street(|_| ()).await;
    let eva = dial(&street);
    street.tell("/ppp/profile/set", &[("numbers", "slow"), ("rate-limit", "3M")]).await;
    assert_eq!(street.kilobits(eva), (1_000, 2_000));
    let eva = street.router.with_world(|world| world.reconnect(eva));
    assert_eq!(street.kilobits(eva), (3_000, 3_000));
    street.tell("/ppp/secret/set", &[("numbers", "eva"), ("profile", "fast")]).await;
    assert_eq!(street.kilobits(eva), (3_000, 3_000));
    let eva = street.router.with_world(|world| world.reconnect(eva));
    assert_eq!(street.kilobits(eva), (5_000, 10_000));
    street.tell("/ppp/profile/set", &[("numbers", "fast"), ("rate-limit", "")]).await;
    let eva = street.router.with_world(|world| world.reconnect(eva));
    assert_eq!(street.kilobits(eva), (80_000, 80_000));
    street.tell("/ppp/profile/set", &[("numbers", "slow"), ("rate-limit", "1M")]).await;
    street.tell("/ppp/secret/set", &[("numbers", "eva"), ("profile", "slow")]).await;
    street.router.with_world(|world| world.reconnect(eva));
    assert_eq!(street.queues("name").await, [QUEUE]);
    street.router.with_world(World::reboot);
    street.client = crate::client::Client::login(&street.router).await;
    assert_eq!(street.queues("name").await, Vec::<String>::new(), "a reboot ends it as well");
}

/// Trap 19: the cut that lasts.
#[tokio::test]
async fn who_is_kicked_with_a_disabled_secret_does_not_dial_again() {
    for (disabled, comes_back) in [("no", true), ("yes", false)] {
        let mut street =
            street(|device| device.switches.redial_after_kick = Some(Duration::from_secs(1))).await;
        let eva = dial(&street);
        street.tell("/ppp/secret/set", &[("numbers", "eva"), ("disabled", disabled)]).await;
        assert!(street.router.with_world(|world| world.is_live(eva)), "trap 15");
        let id = street.column("/ppp/active", ".id").await.remove(1);
        street.tell("/ppp/active/remove", &[(".id", &id)]).await;
        street.pass(Duration::from_secs(2));
        let names = street.column("/ppp/active", "name").await;
        assert_eq!(names.contains(&"eva".to_owned()), comes_back, "{names:?}");
    }
}

#[tokio::test]
async fn two_sessions_of_a_user_have_a_queue_each() {
    let mut street = street(|_| ()).await;
    let (one, two) = (dial(&street), dial(&street));
    assert_eq!(street.queues("name").await, ["<pppoe-eva-1>", QUEUE]);
    assert_eq!((street.kilobits(one), street.kilobits(two)), ((1_000, 2_000), (1_000, 2_000)));
}

#[tokio::test]
async fn its_place_is_the_profiles_or_the_routers() {
    for (place, switch, order) in [
        (None, DynamicQueuePlace::First, [QUEUE, "one", "two"]),
        (None, DynamicQueuePlace::Last, ["one", "two", QUEUE]),
        (Some("first"), DynamicQueuePlace::Last, [QUEUE, "one", "two"]),
        (Some("bottom"), DynamicQueuePlace::First, ["one", "two", QUEUE]),
        (Some("two"), DynamicQueuePlace::First, ["one", QUEUE, "two"]),
    ] {
        let mut street = street(|device| device.switches.dynamic_queue_place = switch).await;
        for name in ["one", "two"] {
            street.tell("/queue/simple/add", &[("name", name), ("target", "100.64.0.0/24")]).await;
        }
        if let Some(place) = place {
            street.tell("/ppp/profile/set", &[("numbers", "slow"), ("insert-queue-before", place)]).await;
        }
        let eva = dial(&street);
        assert_eq!(street.queues("name").await, order);
        let limited = order[0] == QUEUE;
        assert_eq!(street.kilobits(eva) == (1_000, 2_000), limited, "the first one takes it all: {order:?}");
    }
}

#[tokio::test]
async fn a_client_puts_a_queue_before_it_where_the_router_lets_it_and_never_changes_it() {
    for switch in [StaticBeforeDynamic::Allowed, StaticBeforeDynamic::Refused] {
        let mut street = street(|device| device.switches.static_before_dynamic = switch).await;
        let eva = dial(&street);
        let address = street.column("/ppp/active", "address").await.remove(1);
        let settings = [("name", "limit"), ("target", &address), ("max-limit", "7M/7M")];
        let before = [&settings[..], &[("place-before", QUEUE)]].concat();
        let answer = street.call("/queue/simple/add", &before).await;
        if switch == StaticBeforeDynamic::Allowed {
            answer.ok();
            assert_eq!(street.kilobits(eva), (7_000, 7_000));
            assert_eq!(street.queues("bytes").await, ["875000/875000", "0/0"], "it sees nothing");
        } else {
            assert_eq!(answer.trap(), "failure: can not place before dynamic");
            street.tell("/queue/simple/add", &settings).await;
            assert_eq!(street.kilobits(eva), (1_000, 2_000), "behind it the static one sees nothing");
        }
        for (command, more) in [("set", Some(("max-limit", "1G/1G"))), ("remove", None)] {
            let settings: Vec<_> = std::iter::once(("numbers", QUEUE)).chain(more).collect();
            let refused = street.call(&format!("/queue/simple/{command}"), &settings).await;
            assert_eq!(refused.trap(), "failure: can not change dynamic", "{command}");
        }
        let both = street.call("/queue/simple/remove", &[("numbers", &format!("limit,{QUEUE}"))]).await;
        assert_eq!(both.trap(), "failure: can not change dynamic");
        assert_eq!(street.queues("name").await.len(), 2, "all or none");
    }
}

#[tokio::test]
async fn a_profile_is_one_that_is_there_and_its_values_are_read() {
    let mut street = street(|_| ()).await;
    assert_eq!(street.column("/ppp/profile", "name").await, ["default", "slow", "fast"]);
    assert_eq!(street.column("/ppp/profile", "default").await, ["true", "false", "false"]);
    for (command, settings, said) in [
        (
            "secret/set",
            [("numbers", "eva"), ("profile", "none")],
            "input does not match any value of profile",
        ),
        ("profile/set", [("numbers", "slow"), ("rate-limit", "quick")], "expected value of rate-limit"),
        (
            "profile/set",
            [("numbers", "slow"), ("insert-queue-before", "nobody")],
            "input does not match any value of insert-queue-before",
        ),
        ("profile/set", [("numbers", "slow"), ("name", "fast")], "already have such name"),
    ] {
        assert_eq!(street.call(&format!("/ppp/{command}"), &settings).await.trap(), said);
    }
    street.tell("/ppp/profile/set", &[("numbers", "default"), ("rate-limit", "4M")]).await;
    street.tell("/ppp/secret/add", &[("name", "ana")]).await;
    let ana = street.router.with_world(|world| world.reconnect(street.ana));
    assert_eq!(street.kilobits(ana), (4_000, 4_000), "a secret has the default one if none is named");
}
