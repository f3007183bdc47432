//! Our server, with subscribers who are watched on routers that are not there: what those say is put up on the board.

use std::net::SocketAddr;
use std::sync::Arc;

use accounting::snapshot::Service;
use accounting::time::Micros;
use operations::{
    Customer, LiveBoard, LiveTold, ManualClock, RateReading, SampleSource, Want, Wants, Watched,
};
use store::{NasId, Node, NodeRole, Sqlite, Store};
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use super::orders::Tells;
use super::side::{EACH, ROUTERS};
use crate::daemon::parts;
use crate::face::Face;
use crate::figure::Result;

/// When the routers speak, by the server's clock.
const NOW: Micros = Micros(1_800_000_000_000_000);

pub(super) struct Served {
    pub(super) addr: SocketAddr,
    board: LiveBoard,
}

impl Served {
    pub(super) async fn start() -> Result<Served> {
        let store: Arc<dyn Store> = Arc::new(Sqlite::open_in_memory()?);
        let (_, operations) = parts(&store, &ManualClock::new(NOW), &Node::new("live", NodeRole::All));
        let board = operations.monitors.board().clone();
        // As another process wants them: nobody has to be found on routers that are not there.
        let all = (0..ROUTERS).flat_map(|router| (0..EACH).map(move |no| want(router, no)));
        let wants = Wants { enabled: true, reads_all: false, customers: all.collect() };
        operations.hear_live("bench", LiveTold { wants, ..LiveTold::default() });
        let face = Face::open(operations, CancellationToken::new()).await?;
        Ok(Served { addr: face.addr(), board })
    }
}

impl Tells for Served {
    fn learn(&self, _: &str) {}

    fn say(&self, router: u32) {
        let reading = |no| RateReading {
            customer: id(router, no),
            interface: Arc::from(format!("<pppoe-{}>", username(router, no)).into_bytes()),
            input_bps: 1_234_567,
            output_bps: 23_456_789,
            source: SampleSource::Session,
        };
        self.board.read(nas(router), NOW, (0..EACH).map(reading).collect());
    }
}

fn nas(router: u32) -> NasId {
    NasId(i64::from(router) + 1)
}

fn id(router: u32, no: u32) -> Uuid {
    Uuid::from_u128(0x1000_0000 + u128::from(router * EACH + no))
}

fn username(router: u32, no: u32) -> String {
    format!("user{:03}", router * EACH + no)
}

fn want(router: u32, no: u32) -> Want {
    let watched = Watched::Ppp { login: username(router, no).into_bytes().into(), service: Service::Pppoe };
    let customer = Arc::new(customer(router, no));
    Want { customer, nas: nas(router), watched, started: true, readers: 0 }
}

fn customer(router: u32, no: u32) -> Customer {
    let username = username(router, no);
    Customer {
        id: id(router, no),
        name: Some(format!("The house of {username}")),
        username,
        service: "pppoe".to_owned(),
        plan: Some("Home 20M".to_owned()),
        router: format!("tower-{router}"),
    }
}
