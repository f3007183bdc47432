//! Releases nobody knows yet, and routers that keep their version to themselves: polled like any other.

use collector::checkup::unknown_version;
use operations::{Phase, RouterStatus};
use routeros_sim::server::Options;
use routeros_sim::server::SimRouter;

use super::polled::{Polled, Setting};
use crate::scripted::{self, Rows};
use crate::sim::{target_at, world};

fn device(version: Option<&'static str>) -> impl Fn(&str, usize) -> Rows + Send + 'static {
    move |path, _| match path {
        "/system/resource/print" => {
            vec![[("uptime", "5m")].into_iter().chain(version.map(|version| ("version", version))).collect()]
        }
        "/system/routerboard/print" => vec![vec![("serial-number", "X1")]],
        "/system/identity/print" => vec![vec![("name", "tower")]],
        _ => Vec::new(),
    }
}

async fn shown_version(version: Option<&'static str>) -> RouterStatus {
    let addr = scripted::router(device(version)).await;
    let unused = SimRouter::start(world(), Options::default()).await.unwrap();
    let mark = unused.with_world(|world| world.mark());
    let polled = Polled::at(unused, mark, target_at(addr, "any"), Setting::default()).await;
    polled.when(|status| status.rounds_total >= 2 && status.phase == Phase::Online).await
}

#[tokio::test]
async fn an_unknown_version_is_shown_with_what_router_test_says_of_it_and_polled() {
    for version in ["19.4rc2 (development)", "banana"] {
        let status = shown_version(Some(version)).await;
        assert_eq!(status.version.as_deref(), Some(version));
        assert!(status.version_warning.is_some());
        assert_eq!(status.version_warning, unknown_version(version));
    }
    for version in [None, Some(""), Some("7.20.4 (stable)")] {
        let status = shown_version(version).await;
        assert_eq!(status.version.as_deref().unwrap_or(""), version.unwrap_or(""));
        assert_eq!(status.version_warning, None);
    }
}
