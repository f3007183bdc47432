//! Adding, changing and removing routers.

use operations::{NewRouter, OperationError, Phase, RouterCommandError, RouterPatch};
use secrecy::ExposeSecret;
use store::{AuditQuery, Fingerprint, TlsMode};

use crate::bench::{Bench, NOW, router};

fn patch(change: impl FnOnce(&mut RouterPatch)) -> RouterPatch {
    let mut patch = RouterPatch::default();
    change(&mut patch);
    patch
}

async fn password(bench: &Bench, name: &str) -> Option<String> {
    let nas = bench.operations.router(name).await.unwrap().nas;
    bench.operations.vault.password_of(&nas).ok().map(|password| password.expose_secret().to_owned())
}

#[tokio::test]
async fn an_added_router_is_polled_and_its_password_is_sealed() {
    let bench = Bench::new();
    let added = bench.operations.add_router("eva", router("tower")).await.unwrap();
    assert_eq!((added.nas.config.name.as_str(), added.status), ("tower", None));
    assert!(!added.nas.config.password.0.windows(4).any(|bytes| bytes == b"pa55"));
    assert_eq!(password(&bench, "tower").await.as_deref(), Some("pa55"));
    assert_eq!(bench.commands.reloads(), 1);
    assert_eq!(bench.journal().await, ["eva router.add"]);
    let act = &bench
        .operations
        .audit(AuditQuery { limit: 1, reach: store::Reach::Everywhere, ..AuditQuery::default() })
        .await
        .unwrap()[0]
        .act;
    assert!(act.detail.contains("192.168.88.1") && !act.detail.contains("pa55"), "{}", act.detail);
}

#[tokio::test]
async fn routers_that_cannot_be_polled_are_refused() {
    let bench = Bench::new();
    let wrong: [NewRouter; 8] = [
        NewRouter { name: String::new(), ..router("x") },
        NewRouter { name: "a/b".to_owned(), ..router("x") },
        NewRouter { host: "http://x".to_owned(), ..router("x") },
        NewRouter { port: 0, ..router("x") },
        NewRouter { username: "\n".to_owned(), ..router("x") },
        NewRouter { interval_ms: Some(10), ..router("x") },
        NewRouter { link_speed_bps: Some(0), ..router("x") },
        NewRouter { fingerprint: Some(Fingerprint([1; 32])), ..router("x") },
    ];
    for new in wrong {
        let refused = bench.operations.add_router("eva", new.clone()).await;
        assert!(matches!(refused, Err(OperationError::Invalid(_))), "{new:?}");
    }
    assert_eq!((bench.commands.reloads(), bench.journal().await.len()), (0, 0));
    bench.operations.add_router("eva", router("x")).await.unwrap();
    let taken = bench.operations.add_router("eva", router("x")).await.unwrap_err();
    assert!(matches!(&taken, OperationError::Conflict(text) if text.contains('x')), "{taken}");
}

#[tokio::test]
async fn another_address_or_user_asks_for_the_password_again() {
    let bench = Bench::new();
    bench.operations.add_router("eva", router("tower")).await.unwrap();
    let edit = async |patch| bench.operations.edit_router("eva", "tower", patch).await;
    for moved in [
        patch(|patch| patch.host = Some("10.0.0.1".to_owned())),
        patch(|patch| patch.port = Some(8729)),
        patch(|patch| patch.username = Some("other".to_owned())),
    ] {
        let refused = edit(moved).await.unwrap_err();
        assert!(matches!(&refused, OperationError::Invalid(text) if text.contains("password")), "{refused}");
    }
    assert_eq!(password(&bench, "tower").await.as_deref(), Some("pa55"), "nothing was changed");
    edit(patch(|patch| patch.port = Some(8728))).await.unwrap();
    edit(patch(|patch| patch.name = Some("hill".to_owned()))).await.unwrap();
    assert_eq!(password(&bench, "hill").await.as_deref(), Some("pa55"), "a new name is not a new address");
    let moved = patch(|patch| {
        patch.host = Some("10.0.0.1".to_owned());
        patch.password = Some("other".into());
    });
    bench.operations.edit_router("eva", "hill", moved).await.unwrap();
    assert_eq!(password(&bench, "hill").await.as_deref(), Some("other"));
}

#[tokio::test]
async fn another_tls_mode_asks_for_the_password_and_brings_its_usual_port() {
    let bench = Bench::new();
    bench.operations.add_router("eva", router("tower")).await.unwrap();
    let edit = async |patch| bench.operations.edit_router("eva", "tower", patch).await;
    let refused = edit(patch(|patch| patch.tls = Some(TlsMode::Pinned))).await.unwrap_err();
    assert!(matches!(&refused, OperationError::Invalid(text) if text.contains("password")), "{refused}");
    let with = |tls, port| {
        patch(|patch| {
            (patch.tls, patch.port, patch.password) = (Some(tls), port, Some("pa55".into()));
        })
    };
    let port = async |asked| edit(asked).await.unwrap().router.nas.config.port;
    assert_eq!(port(with(TlsMode::Pinned, None)).await, 8729);
    assert_eq!(port(with(TlsMode::Verified, None)).await, 8729);
    assert_eq!(port(with(TlsMode::Off, None)).await, 8728);
    assert_eq!(port(with(TlsMode::Verified, Some(9_000))).await, 9_000);
    assert_eq!(port(with(TlsMode::Off, None)).await, 9_000, "one of their own choice stays");
}

#[tokio::test]
async fn a_certificate_is_named_or_forgotten_in_pinned_mode_only_and_in_the_journal() {
    let bench = Bench::new();
    let pinned = NewRouter { tls: TlsMode::Pinned, port: 8729, ..router("tower") };
    bench.operations.add_router("eva", pinned.clone()).await.unwrap();
    let certificate = |fingerprint| patch(|patch| patch.fingerprint = Some(fingerprint));
    let edit = async |patch| bench.operations.edit_router("eva", "tower", patch).await;
    let named = edit(certificate(Some(Fingerprint([7; 32])))).await.unwrap();
    assert_eq!(named.router.nas.config.fingerprint, Some(Fingerprint([7; 32])));
    let act = &bench
        .operations
        .audit(AuditQuery { limit: 1, reach: store::Reach::Everywhere, ..AuditQuery::default() })
        .await
        .unwrap()[0]
        .act;
    assert!(act.detail.contains(&"07".repeat(32)), "{}", act.detail);
    assert_eq!(edit(certificate(None)).await.unwrap().router.nas.config.fingerprint, None);

    bench.operations.add_router("eva", router("plain")).await.unwrap();
    let refused = bench.operations.edit_router("eva", "plain", certificate(None)).await;
    assert!(matches!(refused, Err(OperationError::Invalid(_))), "{refused:?}");

    let listed = NewRouter { name: "listed".to_owned(), ..pinned };
    bench.operations.sync_file_routers(vec![listed], true).await.unwrap();
    bench.operations.edit_router("eva", "listed", certificate(Some(Fingerprint([8; 32])))).await.unwrap();
    let more = patch(|patch| (patch.fingerprint, patch.enabled) = (Some(None), Some(false)));
    let refused = bench.operations.edit_router("eva", "listed", more).await;
    assert!(matches!(refused, Err(OperationError::Conflict(_))), "the rest is in the file: {refused:?}");
}

#[tokio::test]
async fn switching_on_ends_a_pause() {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    let pause = async || {
        let pause = store::NasPatch { paused_reason: Some(Some("a twin".to_owned())), ..Default::default() };
        let act = store::NewAudit::by_system(NOW, "router.pause", "tower");
        bench.operations.store.update_nas(nas, pause, act).await.unwrap();
    };
    pause().await;
    let off = bench
        .operations
        .edit_router("eva", "tower", patch(|patch| patch.enabled = Some(false)))
        .await
        .unwrap();
    assert_eq!((off.router.nas.config.enabled, off.router.nas.paused_reason.is_some()), (false, true));
    let on = async || {
        let on = patch(|patch| patch.enabled = Some(true));
        bench.operations.edit_router("eva", "tower", on).await.unwrap().router.nas
    };
    let switched = on().await;
    assert_eq!((switched.config.enabled, switched.paused_reason), (true, None));
    pause().await;
    assert_eq!(on().await.paused_reason, None, "it was on all the time");
}

#[tokio::test]
async fn a_removed_router_is_gone_from_lists_and_board() {
    let bench = Bench::new();
    let nas = bench.operations.add_router("eva", router("tower")).await.unwrap().nas.id;
    bench.operations.board.update(nas, NOW, |status| status.enter(Phase::Unreachable, None, NOW));
    let overview = bench.operations.overview().await.unwrap();
    assert_eq!((overview.routers, overview.routers_online, overview.routers_in_trouble), (1, 0, 1));
    bench.operations.remove_router("eva", "tower").await.unwrap();
    assert_eq!(bench.operations.list_routers().await.unwrap().len(), 0);
    assert_eq!(bench.operations.board.get(nas), None);
    let gone = bench.operations.remove_router("eva", "tower").await.unwrap_err();
    assert!(matches!(gone, OperationError::NotFound(_)));
    assert_eq!(bench.commands.reloads(), 2);
}

#[tokio::test]
async fn a_reading_on_demand_answers_or_says_why_not() {
    let bench = Bench::new();
    bench.operations.add_router("eva", router("tower")).await.unwrap();
    bench.operations.add_router("eva", router("hill")).await.unwrap();
    assert_eq!(bench.operations.read_now("tower").await.unwrap().poll_seq, 7);
    let late = bench.operations.read_now("hill").await.unwrap_err();
    assert_eq!(late, OperationError::Router(RouterCommandError::TimedOut));
    assert!(matches!(bench.operations.read_now("sea").await, Err(OperationError::NotFound(_))));
}

#[tokio::test]
async fn a_change_to_what_is_stored_disturbs_no_poller_and_is_no_act() {
    let bench = Bench::new();
    bench.operations.add_router("eva", router("tower")).await.unwrap();
    let edit = async |patch| bench.operations.edit_router("eva", "tower", patch).await;
    edit(RouterPatch::default()).await.unwrap();
    edit(patch(|patch| patch.enabled = Some(true))).await.unwrap();
    assert_eq!((bench.commands.reloads(), bench.journal().await), (1, vec!["eva router.add".to_owned()]));
    edit(patch(|patch| patch.enabled = Some(false))).await.unwrap();
    assert_eq!((bench.commands.reloads(), bench.journal().await.len()), (2, 2));

    let listed = NewRouter { name: "listed".to_owned(), ..router("listed") };
    bench.operations.sync_file_routers(vec![listed], true).await.unwrap();
    let same = patch(|patch| patch.interval_ms = Some(None));
    bench.operations.edit_router("eva", "listed", same).await.expect("what the file says stays as it is");
    let other = patch(|patch| patch.interval_ms = Some(Some(5_000)));
    let refused = bench.operations.edit_router("eva", "listed", other).await;
    assert!(matches!(refused, Err(OperationError::Conflict(_))), "{refused:?}");
}
