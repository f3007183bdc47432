//! A router with a control connection, and readers of what it says.

use std::sync::Arc;
use std::time::Duration;

use accounting::snapshot::Service;
use collector::control::{Door, Ear, Watching, listen};
use collector::link::Target;
use operations::{
    Customer, LiveBoard, LiveSample, Samples, Standing, StatusBoard, SystemClock, Watch, Watched,
};
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Switches, World};
use store::NasId;
use tokio::sync::broadcast;
use tokio::task::JoinHandle;
use tokio_util::sync::{CancellationToken, DropGuard};
use uuid::Uuid;

pub(super) const NAS: NasId = NasId(3);
/// Against a test that would never end.
const PATIENCE: Duration = Duration::from_secs(90);

pub(super) struct Scene {
    pub(super) sim: SimRouter,
    pub(super) live: LiveBoard,
    pub(super) status: StatusBoard,
    pub(super) ear: Arc<Ear>,
    samples: broadcast::Receiver<Samples>,
    wanted: Vec<Watch>,
    stop: Option<DropGuard>,
    listening: JoinHandle<()>,
    is_checked: bool,
}

pub(super) fn world(switches: Switches) -> World {
    let mut device = Device::new("tower", Personality::V7_20, 7);
    device.switches = switches;
    World::new(device)
}

pub(super) fn ppp(login: &str) -> Watched {
    Watched::Ppp { login: login.as_bytes().into(), service: Service::Pppoe }
}

impl Scene {
    pub(super) async fn new(world: World, time: TimeMode) -> Scene {
        let sim = SimRouter::start(world, Options { time }).await.unwrap();
        let target = crate::sim::target(&sim);
        Scene::of(sim, target)
    }

    /// Of a router that is there, reached like that.
    pub(super) fn of(sim: SimRouter, target: Target) -> Scene {
        let (live, status, ear) = (LiveBoard::default(), StatusBoard::new(), Arc::new(Ear::default()));
        let (clock, stop) = (Arc::new(SystemClock::new()), CancellationToken::new());
        status.update(NAS, operations::Clock::now(&*clock), |_| ());
        let watching = Watching::new(NAS, live.clone(), status.clone(), clock.clone());
        let listening = tokio::spawn(listen(
            target,
            ear.clone(),
            (watching, crate::sim::nobody_limited(), crate::sim::nobody_admitted()),
            clock,
            stop.clone(),
        ));
        ear.found(Door::Open);
        let samples = live.samples();
        let (wanted, stop) = (Vec::new(), Some(stop.drop_guard()));
        Scene { sim, live, status, ear, samples, wanted, stop, listening, is_checked: false }
    }

    /// Each test ends so: nobody is watched any more, and nothing that was asked for them stays, neither here nor on the router.
    /// Then it is polled no longer, and the task and the connection go, too.
    pub(super) async fn leaves_nothing(mut self) {
        self.wanted.clear();
        self.live.want(NAS, Vec::new());
        self.until("no command is open but the listen", |scene| {
            scene.ear.open_commands() <= usize::from(scene.ear.is_listening())
        })
        .await;
        self.until("nothing is measured", |scene| scene.sim.stats().running_monitors == 0).await;
        self.end();
        tokio::time::timeout(PATIENCE, &mut self.listening).await.expect("the task ends").unwrap();
        self.until("the connection is closed", |scene| scene.sim.stats().open_connections == 0).await;
        assert_eq!(self.ear.open_commands(), 0);
        self.is_checked = true;
    }

    /// One more is watched.
    pub(super) fn watch(&mut self, watched: Watched) -> Uuid {
        let id = Uuid::from_u128(self.wanted.len() as u128 + 1);
        let customer = Customer {
            id,
            username: format!("{watched:?}"),
            name: None,
            service: "pppoe".to_owned(),
            plan: None,
            router: "tower".to_owned(),
            also_on: Default::default(),
        };
        self.live.put_up(NAS, Arc::new(customer));
        self.wanted.push(Watch { customer: id, watched });
        self.live.want(NAS, self.wanted.clone());
        id
    }

    /// One is watched by something else from now on.
    pub(super) fn watch_by(&mut self, customer: Uuid, watched: Watched) {
        let watch = self.wanted.iter_mut().find(|watch| watch.customer == customer).unwrap();
        watch.watched = watched;
        self.live.want(NAS, self.wanted.clone());
    }

    /// The router is polled no longer.
    pub(super) fn end(&mut self) {
        self.stop.take();
    }

    /// One is watched no longer, but goes on to be shown what comes.
    pub(super) fn leave(&mut self, customer: Uuid) {
        self.wanted.retain(|watch| watch.customer != customer);
        self.live.want(NAS, self.wanted.clone());
    }

    /// What is told next at one moment.
    pub(super) async fn next(&mut self) -> Samples {
        let next = tokio::time::timeout(PATIENCE, self.samples.recv()).await;
        next.expect("samples come").expect("readers keep up")
    }

    /// The next sample of that one that is as wanted; all before it are passed over.
    pub(super) async fn next_of(
        &mut self,
        customer: Uuid,
        is_wanted: impl Fn(&LiveSample) -> bool,
    ) -> LiveSample {
        let waited = async {
            loop {
                let samples = self.next().await;
                let mut theirs = samples.iter().filter(|sample| sample.customer.id == customer);
                if let Some(wanted) = theirs.find(|sample| is_wanted(sample)) {
                    return wanted.clone();
                }
            }
        };
        tokio::time::timeout(PATIENCE, waited).await.expect("such a sample comes")
    }

    /// Whatever was told by now was told before.
    pub(super) fn forget_what_was_told(&mut self) {
        self.samples = self.live.samples();
    }

    /// The next sample of somebody; until then nothing may be told of another one.
    pub(super) async fn next_of_all_but(&mut self, nobody: Uuid, customer: Uuid) -> LiveSample {
        loop {
            let samples = self.next().await;
            let theirs = |id| samples.iter().find(|sample| sample.customer.id == id).cloned();
            assert_eq!(theirs(nobody), None);
            if let Some(sample) = theirs(customer) {
                return sample;
            }
        }
    }

    pub(super) async fn until(&self, what: &str, is_so: impl Fn(&Scene) -> bool) {
        let waited = async {
            while !is_so(self) {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(PATIENCE, waited).await.unwrap_or_else(|_| panic!("{what}"));
    }

    pub(super) async fn until_stands(&self, customer: Uuid, is_so: impl Fn(&Standing) -> bool) {
        self.until("that standing is reached", |scene| is_so(&scene.live.look(customer).0)).await;
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        assert!(self.is_checked || std::thread::panicking(), "the test does not end with `leaves_nothing`");
    }
}

/// Interface, upload and download of a sample.
pub(super) fn told(sample: &LiveSample) -> (String, u64, u64) {
    let interface = String::from_utf8(sample.reading.interface.to_vec()).unwrap();
    (interface, sample.reading.input_bps, sample.reading.output_bps)
}
