//! One request with one row on loopback: how long it takes, and that a sentence is one write without delay.

use std::net::SocketAddr;
use std::time::Duration;

use collector::link::Link;
use collector::routeros::resource;
use routeros_sim::world::Device;
use tokio::runtime::Runtime;

use crate::bound::hand_client::{HandClient, sentence};
use crate::figure::{Figure, Result, Section, Target};
use crate::plant::routers::Routers;
use crate::scale::Scale;
use crate::segments;
use crate::socket;
use crate::sums::exact;
use crate::timing::{Medians, ROUNDS, alternate, median, timed};

/// Requests of one round.
const REQUESTS: u32 = 200;

/// Requests between two looks at the kernel's counter, and how often that is tried.
const COUNTED: u32 = 20;
const TRIES: u32 = 40;

/// Measures it.
pub(crate) fn run(_: &Scale) -> Result<Section> {
    let routers = Routers::start(1, 1)?;
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let link = runtime.block_on(Link::open(&routers.target(0)?))?;
    let addr = routers.addr(0)?;
    let nodelay = socket::has_nodelay(addr)?;
    let mut ours = Ours { runtime, link };
    let mut bound = Bound::open(addr)?;
    let medians = alternate(|| typical(|| ours.request()), || typical(|| bound.request()))?;
    let segments = Segments {
        ours: fewest(|| ours.request())?,
        whole: fewest(|| bound.request())?,
        in_two: fewest(|| bound.request_in_two())?,
    };
    let figures = vec![latency(medians), one_write(&segments), no_delay(nodelay)];
    let note = format!(
        "one row: `/system/resource/print` of the uptime; {REQUESTS} requests a round, {ROUNDS} rounds. One write a \
         sentence: the kernel's count of data segments sent (TCPOrigDataSent of this network namespace, both \
         directions), the lowest of {TRIES} windows of {COUNTED} requests because others may send meanwhile; a \
         request and its answer are two, and a client by hand that cuts its sentence into two writes is seen as \
         {:.2}. TCP_NODELAY is read back from the polling connection's own socket.",
        segments.in_two
    );
    Ok(Section { figures, notes: vec![note] })
}

fn latency(medians: Medians) -> Figure {
    let micros = |took: Duration| format!("{:.0} us", took.as_secs_f64() * 1e6);
    Figure {
        what: "one-row request on loopback".to_owned(),
        ours: micros(medians.ours),
        bound: micros(medians.bound),
        value: medians.ours.as_secs_f64() * 1e3,
        unit: " ms",
        target: Some(Target::AtMost(1.0)),
    }
}

struct Segments {
    ours: f64,
    whole: f64,
    in_two: f64,
}

fn one_write(segments: &Segments) -> Figure {
    Figure {
        what: "segments of a request and its answer".to_owned(),
        ours: format!("{:.2}", segments.ours),
        bound: format!("{:.2}", segments.whole),
        value: segments.ours,
        unit: "",
        target: Some(Target::AtMost(2.0)),
    }
}

fn no_delay(nodelay: bool) -> Figure {
    Figure {
        what: "TCP_NODELAY on the polling connection".to_owned(),
        ours: if nodelay { "set" } else { "not set" }.to_owned(),
        bound: String::new(),
        value: f64::from(u8::from(nodelay)),
        unit: "",
        target: Some(Target::AtLeast(1.0)),
    }
}

/// The median of a round's requests.
fn typical(mut request: impl FnMut() -> Result<()>) -> Result<Duration> {
    let mut took = Vec::new();
    for _ in 0..REQUESTS {
        let (result, one) = timed(&mut request);
        result?;
        took.push(one);
    }
    Ok(median(took))
}

/// Segments sent per request, in the quietest window.
fn fewest(mut request: impl FnMut() -> Result<()>) -> Result<f64> {
    let mut fewest = u64::MAX;
    for _ in 0..TRIES {
        let before = segments::sent()?;
        for _ in 0..COUNTED {
            request()?;
        }
        fewest = fewest.min(segments::sent()? - before);
    }
    Ok(f64::from(u32::try_from(fewest)?) / f64::from(COUNTED))
}

struct Ours {
    runtime: Runtime,
    link: Link,
}

impl Ours {
    fn request(&mut self) -> Result<()> {
        let command = resource::print_uptime();
        let mut rows = 0;
        self.runtime.block_on(self.link.print(&command, |_| rows += 1))?;
        exact("one row", rows, 1)
    }
}

struct Bound {
    client: HandClient,
    command: Vec<u8>,
}

impl Bound {
    fn open(addr: SocketAddr) -> Result<Self> {
        let client = HandClient::open(addr, Device::DEFAULT_USER, Device::DEFAULT_PASSWORD)?;
        Ok(Bound { client, command: sentence(&["/system/resource/print", "=.proplist=uptime"]) })
    }

    fn request(&mut self) -> Result<()> {
        self.client.send(&self.command)?;
        self.answer()
    }

    fn request_in_two(&mut self) -> Result<()> {
        self.client.send_in_two(&self.command)?;
        self.answer()
    }

    fn answer(&mut self) -> Result<()> {
        let mut rows = 0;
        self.client.rows(|_| {
            rows += 1;
            Some(())
        })?;
        exact("one row, bound", rows, 1)
    }
}
