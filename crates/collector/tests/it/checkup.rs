//! Testing a router: each item as it is, one login, and nothing told that was not seen.

use accounting::time::Micros;
use collector::checkup::check_up;
use collector::link::security::Pin;
use collector::link::{Link, Security, Target};
use operations::{Check, CheckItem, CheckState};
use routeros_proto::Command;
use routeros_sim::faults::Fault;
use routeros_sim::server::{ApiSsl, Certificate, KeyKind, SimRouter};
use routeros_sim::world::{Device, Personality, Policies, Policy, Service, User, World};

use crate::link::greeter;
use crate::sim::{MAC, link, start, target, target_at, tell, world};
use crate::tls::{HOST, fingerprint};

/// The calendar of a fresh simulated router.
pub(crate) const NOW: Micros = Micros(1_763_700_000_000_000);

fn states(checks: &[Check]) -> Vec<(CheckItem, CheckState)> {
    checks.iter().map(|check| (check.item, check.state)).collect()
}

fn told(checks: &[Check], item: CheckItem) -> (CheckState, &str) {
    let check = checks.iter().find(|check| check.item == item).unwrap();
    (check.state, &check.told)
}

async fn add(link: &mut Link, menu: &str, settings: &[(&str, &str)]) {
    let command =
        settings.iter().fold(Command::new(menu), |command, (name, value)| command.attr(name, value));
    link.print(&command, |_| ()).await.unwrap();
}

async fn busy() -> SimRouter {
    let mut world = world();
    world.connect("ana", Service::Pppoe, MAC, 0, 0);
    world.add_hotspot("hs1");
    let router = start(world).await;
    let mut link = link(&router).await;
    for disabled in ["no", "yes"] {
        let rule = [("chain", "forward"), ("action", "fasttrack-connection"), ("disabled", disabled)];
        add(&mut link, "/ip/firewall/filter/add", &rule).await;
    }
    add(&mut link, "/ip/firewall/filter/add", &[("chain", "forward")]).await;
    router
}

#[tokio::test]
async fn a_router_that_works_is_described_with_one_login() {
    use {CheckItem as I, CheckState as S};
    let router = busy().await;
    let before = router.stats();
    let checks = check_up(&target(&router), NOW).await;
    let expected = [
        (I::Reachable, S::Ok),
        (I::Port, S::Ok),
        (I::Login, S::Ok),
        (I::Rights, S::Ok),
        (I::Device, S::Ok),
        (I::Version, S::Ok),
        (I::Hotspot, S::Ok),
        (I::Ppp, S::Ok),
        (I::FastTrack, S::Attention),
        (I::Clock, S::Ok),
    ];
    assert_eq!(states(&checks), expected, "{checks:#?}");
    assert_eq!(told(&checks, I::Version).1, "RouterOS 7.20.4 (stable).");
    assert_eq!(told(&checks, I::Hotspot).1, "1 hotspot server.");
    let rights = told(&checks, I::Rights).1;
    assert!(rights.contains("Whether it may also write cannot be known"), "{rights}");
    let fasttrack = told(&checks, I::FastTrack).1;
    assert!(
        fasttrack.contains("FastTracked (1 rule)")
            && fasttrack.contains("[find action=fasttrack-connection]"),
        "{fasttrack}"
    );
    let after = router.stats();
    assert_eq!((after.logins - before.logins, after.connections - before.connections), (1, 1));
}

#[tokio::test]
async fn an_empty_router_lacks_what_is_no_mistake_and_its_clock_is_judged() {
    for personality in Personality::ALL {
        let mut device = Device::new("r", personality, 1);
        device.calendar_at_start = 12;
        let router = start(World::new(device)).await;
        let checks = check_up(&target(&router), NOW).await;
        for item in [CheckItem::Hotspot, CheckItem::Ppp] {
            assert_eq!(told(&checks, item).0, CheckState::Absent);
        }
        assert_eq!(told(&checks, CheckItem::FastTrack).0, CheckState::Ok);
        let (state, clock) = told(&checks, CheckItem::Clock);
        assert!(
            state == CheckState::Attention && clock.contains("/system ntp client"),
            "{personality:?}: {clock}"
        );
    }
}

#[tokio::test]
async fn a_closed_port_and_a_wrong_password_are_told_at_their_step() {
    let router = start(world()).await;
    let checks = check_up(&target_at(router.addr(), "wrong"), NOW).await;
    let (state, login) = told(&checks, CheckItem::Login);
    assert!(
        state == CheckState::Failed && login.contains("/user group set GROUP policy=api,read"),
        "{login}"
    );
    assert_eq!(told(&checks, CheckItem::Port).0, CheckState::Ok);
    for item in [CheckItem::Rights, CheckItem::Hotspot, CheckItem::Clock] {
        assert_eq!(told(&checks, item).0, CheckState::NotObserved);
    }
    assert_eq!(router.stats().refused_logins, 1, "one login");

    router.set_listening(false).await;
    let checks = check_up(&target(&router), NOW).await;
    assert_eq!(told(&checks, CheckItem::Reachable).0, CheckState::Ok, "it refused, so it is there");
    let (state, port) = told(&checks, CheckItem::Port);
    assert!(state == CheckState::Failed && port.starts_with("API disabled or filtered"), "{port}");
    assert!(port.contains("/ip service enable api"), "{port}");
    assert_eq!(checks.len(), 10);
}

#[tokio::test]
async fn another_protocol_on_the_port_is_not_called_a_filter() {
    let checks = check_up(&target_at(greeter(b"SSH-2.0-ROSSSH\r\n").await, "any"), NOW).await;
    let (state, port) = told(&checks, CheckItem::Port);
    assert!(state == CheckState::Failed && port.starts_with("What the router sent is not"), "{port}");
}

#[tokio::test]
async fn missing_rights_menus_and_connections_are_not_taken_for_absence() {
    let mut device = Device::new("r", Personality::V7_20, 1);
    let policies = Policies::READ_ONLY.without(Policy::Read);
    device.users = vec![User::new(Device::DEFAULT_USER, Device::DEFAULT_PASSWORD, policies)];
    let router = start(World::new(device)).await;
    let checks = check_up(&target(&router), NOW).await;
    let (state, rights) = told(&checks, CheckItem::Rights);
    assert!(state == CheckState::Failed && rights.contains("policy=api,read"), "{rights}");
    assert_eq!(told(&checks, CheckItem::Hotspot).0, CheckState::Failed);
    assert_eq!(told(&checks, CheckItem::Version).0, CheckState::NotObserved);

    let router = start(world()).await;
    router.faults().always_on("/ip/hotspot", Fault::MissingMenu);
    let checks = check_up(&target(&router), NOW).await;
    let (state, hotspot) = told(&checks, CheckItem::Hotspot);
    assert!(state == CheckState::NotObserved && hotspot.contains("/system package print"), "{hotspot}");
    assert_eq!(told(&checks, CheckItem::Ppp).0, CheckState::Absent, "the rest is looked at");
}

/// A router shows what its user may do, where somebody made one on it.
#[tokio::test]
async fn a_user_that_may_too_little_or_too_much_is_told_so_with_the_command_that_mends_it() {
    let router = start(world()).await;
    let group = |policy| [("name", "meters"), ("policy", policy)];
    tell(&router, "/user/group/add", &group("api,read")).await;
    let user = [("name", "meter"), ("group", "meters"), ("password", "m")];
    let address = router.addr();
    let target = Target::new(address.ip().to_string(), address.port(), "meter", "m".to_owned().into());
    tell(&router, "/user/add", &user).await;
    for (policy, state, says) in [
        ("api,read", CheckState::Ok, "/user group set GROUP policy=api,read,write"),
        ("api,read,write", CheckState::Ok, "may read and write"),
        ("api,read,write,reboot,policy", CheckState::Attention, "(reboot, policy)"),
    ] {
        let changed = [("numbers", "meters"), ("policy", policy)];
        tell(&router, "/user/group/set", &changed).await;
        let checks = check_up(&target, NOW).await;
        let (judged, rights) = told(&checks, CheckItem::Rights);
        assert!(judged == state && rights.contains(says), "{policy}: {rights}");
    }
    router.faults().always_on("/user/print", Fault::NoRights);
    let checks = check_up(&target, NOW).await;
    let (state, rights) = told(&checks, CheckItem::Rights);
    assert!(state == CheckState::Ok && rights.contains("cannot be known"), "{rights}");
}

#[tokio::test]
async fn a_router_without_the_ppp_package_is_told_from_one_whose_sessions_cannot_be_named() {
    let router = start(world()).await;
    router.faults().always_on("/ppp/active", Fault::MissingMenu);
    let checks = check_up(&target(&router), NOW).await;
    let (state, ppp) = told(&checks, CheckItem::Ppp);
    assert!(state == CheckState::Absent && ppp.contains("/system package print"), "{ppp}");
    router.faults().always_on("/interface/pppoe-server", Fault::MissingMenu);
    assert_eq!(told(&check_up(&target(&router), NOW).await, CheckItem::Ppp).0, CheckState::Absent);

    let mut world = world();
    world.connect("ana", Service::Pppoe, MAC, 0, 0);
    let router = start(world).await;
    router.faults().always_on("/ppp/active", Fault::MissingMenu);
    let checks = check_up(&target(&router), NOW).await;
    let (state, ppp) = told(&checks, CheckItem::Ppp);
    assert!(state == CheckState::Failed && ppp.contains("does not know /ppp/active/print"), "{ppp}");
}

#[tokio::test]
async fn what_would_not_be_counted_is_told_before() {
    let mut world = world();
    world.connect("ana", Service::Pppoe, MAC, 0, 0);
    let router = start(world).await;
    let servers = router.faults().always_on("/interface/pppoe-server", Fault::MissingMenu);
    let checks = check_up(&target(&router), NOW).await;
    let (state, ppp) = told(&checks, CheckItem::Ppp);
    assert!(state == CheckState::Failed && ppp.contains("does not know /interface/pppoe-server"), "{ppp}");
    assert!(ppp.contains("(1 pppoe)") && ppp.contains("/system package print"), "{ppp}");
    router.faults().disarm(servers);
    // What makes a round fail fails the test, although no session needs that menu.
    let rights = router.faults().always_on("/interface/l2tp-server", Fault::NoRights);
    let checks = check_up(&target(&router), NOW).await;
    let (state, ppp) = told(&checks, CheckItem::Ppp);
    assert!(state == CheckState::Failed && ppp.contains("policy=api,read"), "{ppp}");
    router.faults().disarm(rights);
    assert_eq!(told(&check_up(&target(&router), NOW).await, CheckItem::Ppp).0, CheckState::Ok);

    router.faults().always_on("/system/routerboard", Fault::MissingMenu);
    router.faults().always_on("/system/license", Fault::MissingMenu);
    let checks = check_up(&target(&router), NOW).await;
    let (state, device) = told(&checks, CheckItem::Device);
    assert!(state == CheckState::Failed && device.contains("/system license print"), "{device}");
    assert!(device.contains("does not count this router (protocol_error)"), "{device}");
    assert_eq!(told(&checks, CheckItem::Rights).0, CheckState::Ok, "it is no right");
}

#[tokio::test]
async fn tls_has_an_item_of_its_own() {
    let certificate = Certificate::self_signed(KeyKind::P256, HOST).unwrap();
    let router = start(world()).await;
    let addr = router.open_api_ssl(&ApiSsl::Certificate(certificate.clone())).unwrap();
    let pinned = |known| Target {
        security: Security::Pinned(Pin::strict(known)),
        ..target_at(addr, Device::DEFAULT_PASSWORD)
    };
    let checks = check_up(&pinned(Some(fingerprint(&certificate))), NOW).await;
    assert_eq!(told(&checks, CheckItem::Tls).0, CheckState::Ok);
    assert_eq!(checks.len(), 11);
    let checks = check_up(&pinned(None), NOW).await;
    assert_eq!(
        (told(&checks, CheckItem::Port).0, told(&checks, CheckItem::Tls).0),
        (CheckState::Ok, CheckState::Failed)
    );
    assert_eq!(told(&checks, CheckItem::Login).0, CheckState::NotObserved);
}
