//! Releases nobody knows yet, and routers that keep their version to themselves: polled like any other.

use operations::Phase;
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

async fn shown_version(version: Option<&'static str>) -> Option<String> {
    let addr = scripted::router(device(version)).await;
    let unused = SimRouter::start(world(), Options::default()).await.unwrap();
    let mark = unused.with_world(|world| world.mark());
    let polled = Polled::at(unused, mark, target_at(addr, "any"), Setting::default()).await;
    polled.when(|status| status.rounds_total >= 2 && status.phase == Phase::Online).await.version
}

#[tokio::test]
async fn an_unknown_version_is_shown_as_it_is_and_polled() {
    for version in ["19.4rc2 (development)", "banana", ""] {
        assert_eq!(shown_version(Some(version)).await.as_deref().unwrap_or(""), version);
    }
    assert_eq!(shown_version(None).await, None);
}
