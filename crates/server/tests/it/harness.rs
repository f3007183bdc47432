//! A server on a database of its own, and a client that checks every answer against the OpenAPI document.

use std::collections::{HashMap, VecDeque};
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use accounting::table::Table;
use async_trait::async_trait;
use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, Request, StatusCode};
use futures_util::future::BoxFuture;
use operations::{
    Check, CheckItem, CheckState, CounterLook, Disconnected, LimitBoard, LimitChange, LimitsKept, LiveBoard,
    LocalToken, ManualClock, MonitorSettings, Monitors, Operations, Passwords, ReadNow, RouterCommandError,
    RouterCommands, RouterQueue, SessionTarget, StatusBoard, TalkerBoard, Vault,
};
use secrecy::ExposeSecret;
use serde_json::Value;
use server::{ServerState, router};
use store::{NasId, Node, NodeRole, Postgres, Role, Sqlite, Store};
use tempfile::TempDir;
use tokio::time::Instant;
use tower::ServiceExt;

use crate::document::{Operation, met, operations};
use crate::meter::{BEGIN, Meter};
use crate::postgres_server::Database;

/// Routers that nobody reads; what [`RouterCommands::read_now`] answers is set by the test.
pub(crate) struct NoRouters {
    pub(crate) answer: Mutex<Result<ReadNow, RouterCommandError>>,
    /// What the next readings bring, each once.
    pub(crate) brings: Mutex<VecDeque<BoxFuture<'static, ()>>>,
    /// They take the question and never answer.
    pub(crate) mute: AtomicBool,
    /// Those that were asked for a reading.
    pub(crate) asked: Mutex<Vec<NasId>>,
    /// How long those who asked mute routers waited, on tokio's clock.
    pub(crate) waited: Arc<Mutex<Vec<Duration>>>,
    /// What they say of counters by name; `None`: they do not answer.
    pub(crate) looks: Mutex<Option<HashMap<Vec<u8>, CounterLook>>>,
    /// How often the registry was said to have changed.
    pub(crate) reloads: AtomicU32,
    /// The looks they were asked for: the router, and at how many counters.
    pub(crate) looked_at: Mutex<Vec<(String, usize)>>,
    /// What becomes of a session that is ended.
    pub(crate) ended: Mutex<Result<Disconnected, RouterCommandError>>,
    /// The sessions that were to be ended, on which router, and whether that was to be done.
    pub(crate) ends: Mutex<Vec<(String, SessionTarget, bool)>>,
    /// Whether a session is open that somebody looks for.
    pub(crate) open: Mutex<Result<bool, RouterCommandError>>,
    /// How limits stand when they are kept.
    pub(crate) kept: Mutex<Result<LimitsKept, RouterCommandError>>,
    /// The routers whose limits were to be kept, with what was only thought of, and whether that was all.
    pub(crate) keeps: Mutex<Vec<(String, Option<LimitChange>, bool)>>,
    /// The queues they show.
    pub(crate) queues: Mutex<Result<Vec<RouterQueue>, RouterCommandError>>,
    /// What a doctor finds on them.
    pub(crate) findings: Mutex<Result<Vec<operations::Finding>, RouterCommandError>>,
    /// What users move, as the process that polls their router knows it.
    pub(crate) traffic: Mutex<Result<operations::TrafficLook, RouterCommandError>>,
    /// What a test of one tells besides.
    pub(crate) remark: Mutex<String>,
    /// What would be sent, after the change that is thought of.
    pub(crate) plans: Mutex<Result<Vec<String>, RouterCommandError>>,
}

/// Notes when the asker goes away.
struct Asker {
    since: Instant,
    waited: Arc<Mutex<Vec<Duration>>>,
}

impl Drop for Asker {
    fn drop(&mut self) {
        self.waited.lock().unwrap().push(self.since.elapsed());
    }
}

#[async_trait]
impl RouterCommands for NoRouters {
    async fn read_now(&self, nas: NasId) -> Result<ReadNow, RouterCommandError> {
        self.asked.lock().unwrap().push(nas);
        if self.mute.load(Ordering::Relaxed) {
            let _asker = Asker { since: Instant::now(), waited: Arc::clone(&self.waited) };
            std::future::pending::<()>().await;
        }
        let brings = self.brings.lock().unwrap().pop_front();
        if let Some(brings) = brings {
            brings.await;
        }
        self.answer.lock().unwrap().clone()
    }

    async fn check_up(&self, nas: store::Nas) -> Result<Vec<Check>, RouterCommandError> {
        let port = if nas.config.port == 8728 { CheckState::Ok } else { CheckState::Failed };
        let told = format!("Port {}.{}", nas.config.port, self.remark.lock().unwrap());
        Ok(vec![Check { item: CheckItem::Port, state: port, told, refused: None }])
    }

    /// Says what it was asked for, and shows a certificate of sevens.
    async fn check_address(&self, asked: operations::AddressTest) -> Result<Vec<Check>, RouterCommandError> {
        let login = asked.login.map(|login| (login.username, login.password.expose_secret().to_owned()));
        let told = format!("{}:{} {} {login:?}", asked.host, asked.port, asked.tls.as_str());
        let refused = asked.fingerprint.is_none().then_some(store::Fingerprint([0x77; 32]));
        Ok(vec![Check { item: CheckItem::Tls, state: CheckState::Failed, told, refused }])
    }

    async fn diagnose(
        &self,
        _: store::Nas,
        _: operations::Patient,
    ) -> Result<Vec<operations::Finding>, RouterCommandError> {
        self.findings.lock().unwrap().clone()
    }

    async fn look_at_counters(
        &self,
        nas: store::Nas,
        counters: Vec<(Table, Vec<u8>)>,
    ) -> Result<Vec<CounterLook>, RouterCommandError> {
        self.looked_at.lock().unwrap().push((nas.config.name, counters.len()));
        match &*self.looks.lock().unwrap() {
            Some(looks) => Ok(counters
                .into_iter()
                .map(|(_, name)| looks.get(&name).cloned().unwrap_or(CounterLook::NotThere))
                .collect()),
            None => Err(RouterCommandError::TimedOut),
        }
    }

    async fn disconnect(
        &self,
        nas: store::Nas,
        session: SessionTarget,
        dry_run: bool,
    ) -> Result<Disconnected, RouterCommandError> {
        self.ends.lock().unwrap().push((nas.config.name, session, dry_run));
        self.ended.lock().unwrap().clone()
    }

    async fn keep_limits(
        &self,
        nas: store::Nas,
        change: Option<LimitChange>,
        dry_run: bool,
    ) -> Result<LimitsKept, RouterCommandError> {
        self.keeps.lock().unwrap().push((nas.config.name, change, dry_run));
        self.kept.lock().unwrap().clone()
    }

    async fn admit_device(
        &self,
        _: store::Nas,
        _: operations::AdmitDevice,
    ) -> Result<operations::Admission, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn keep_vouchers(
        &self,
        _: store::Nas,
        _: bool,
    ) -> Result<operations::VouchersKept, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn look_at_voucher_users(
        &self,
        _: store::Nas,
        _: Vec<operations::VoucherUser>,
    ) -> Result<(), RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn plan_change(
        &self,
        nas: store::Nas,
        change: operations::PlannedChange,
    ) -> Result<Vec<String>, RouterCommandError> {
        let plans = self.plans.lock().unwrap().clone();
        plans.map(|commands| [vec![format!("{} {change:?}", nas.config.name)], commands].concat())
    }

    async fn look_at_traffic(&self, _: store::Nas) -> Result<operations::TrafficLook, RouterCommandError> {
        self.traffic.lock().unwrap().clone()
    }

    async fn hotspot_hosts(
        &self,
        _: store::Nas,
        _: operations::HostSought,
    ) -> Result<Vec<operations::HotspotHost>, RouterCommandError> {
        Err(RouterCommandError::TimedOut)
    }

    async fn list_queues(&self, _: store::Nas) -> Result<Vec<RouterQueue>, RouterCommandError> {
        self.queues.lock().unwrap().clone()
    }

    async fn is_session_open(&self, _: store::Nas, _: SessionTarget) -> Result<bool, RouterCommandError> {
        self.open.lock().unwrap().clone()
    }

    async fn reload(&self) {
        self.reloads.fetch_add(1, Ordering::SeqCst);
    }
}

/// An answer, read whole.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    /// A field of the JSON body as text.
    pub(crate) fn text(&self, field: &str) -> String {
        self.json()[field].as_str().unwrap_or_else(|| panic!("no {field} in {}", self.body)).to_owned()
    }

    /// The same answer, if it has that status.
    pub(crate) fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", self.body);
        self
    }
}

/// The server, its database, and a token of each role.
pub(crate) struct Desk {
    pub(crate) state: ServerState,
    pub(crate) operate: Arc<Operations>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) clock: ManualClock,
    pub(crate) board: StatusBoard,
    pub(crate) commands: Arc<NoRouters>,
    pub(crate) admin: String,
    pub(crate) viewer: String,
    operations: Vec<Operation>,
    _place: Box<dyn Send + Sync>,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        Desk::on_a_file(false).await
    }

    pub(crate) async fn simulated() -> Self {
        Desk::on_a_file(true).await
    }

    async fn on_a_file(simulated: bool) -> Self {
        let folder = TempDir::new().unwrap();
        let store = Sqlite::open(&folder.path().join("meter.db")).unwrap();
        Desk::with(simulated, Arc::new(store), Box::new(folder)).await
    }

    /// On a database that other processes could have as well.
    pub(crate) async fn shared(database: Database) -> Self {
        let store = Postgres::open(database.url()).unwrap();
        Desk::with(false, Arc::new(store), Box::new(database)).await
    }

    /// The place is where the store keeps it, and goes after it.
    async fn with(simulated: bool, store: Arc<dyn Store>, place: Box<dyn Send + Sync>) -> Self {
        let (clock, board) = (ManualClock::new(BEGIN), StatusBoard::new());
        let commands = Arc::new(NoRouters {
            answer: Mutex::new(Err(RouterCommandError::NotPolled)),
            brings: Mutex::default(),
            mute: AtomicBool::default(),
            asked: Mutex::default(),
            waited: Arc::default(),
            looks: Mutex::default(),
            reloads: AtomicU32::default(),
            looked_at: Mutex::default(),
            ended: Mutex::new(Err(RouterCommandError::NotPolled)),
            ends: Mutex::default(),
            open: Mutex::new(Err(RouterCommandError::NotPolled)),
            kept: Mutex::new(Err(RouterCommandError::NotPolled)),
            keeps: Mutex::default(),
            queues: Mutex::new(Err(RouterCommandError::NotPolled)),
            findings: Mutex::new(Ok(Vec::new())),
            traffic: Mutex::new(Err(RouterCommandError::NotPolled)),
            remark: Mutex::default(),
            plans: Mutex::new(Err(RouterCommandError::NotPolled)),
        });
        let operations = Operations {
            store: Arc::clone(&store),
            commands: Arc::clone(&commands) as Arc<dyn RouterCommands>,
            board: board.clone(),
            talkers: TalkerBoard::default(),
            limits: LimitBoard::default(),
            monitors: Monitors::default(),
            clock: Arc::new(clock.clone()),
            zone: jiff::tz::TimeZone::UTC,
            vault: Arc::new(Vault::ephemeral()),
            addresses: operations::RouterAddresses::default(),
            passwords: Passwords::default(),
            process_token: None,
            local_token: LocalToken::default(),
            reach: store::Reach::Everywhere,
            maker: String::new(),
            node: Node::new("test", NodeRole::All),
        };
        let token = async |name: &str, role| {
            let issued = operations.create_token("system", name, role, None, Vec::new()).await.unwrap();
            issued.token.expose_secret().to_owned()
        };
        let (admin, viewer) = (token("boss", Role::Admin).await, token("desk", Role::Viewer).await);
        let document = serde_json::to_value(server::openapi()).unwrap();
        let operate = Arc::new(operations);
        Desk {
            state: ServerState::new(Arc::clone(&operate), simulated),
            operate,
            operations: self::operations(&document),
            store,
            clock,
            board,
            commands,
            admin,
            viewer,
            _place: place,
        }
    }

    pub(crate) fn operations(&self) -> &[Operation] {
        &self.operations
    }

    /// Sends a request; an answer that the document does not declare fails the test.
    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        self.send_to(&router(self.state.clone()), request).await
    }

    /// The same to a router that was made before: making one takes longer than most answers.
    pub(crate) async fn send_to(&self, app: &Router, request: Request<Body>) -> Answer {
        let met = met(&self.operations, request.method().as_str(), request.uri().path());
        let response = app.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let media_type = parts.headers.get("content-type").map_or("", |value| value.to_str().unwrap());
        if let Some(operation) = met {
            operation.expect_declared(parts.status.as_u16(), media_type);
        }
        let body = to_bytes(body, usize::MAX).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) async fn get(&self, uri: &str, token: Option<&str>) -> Answer {
        self.send(request("GET", uri, token, None)).await
    }

    /// GET as admin; the answer must be a success.
    pub(crate) async fn see(&self, uri: &str) -> Value {
        self.get(uri, Some(&self.admin)).await.expect(200).json()
    }

    pub(crate) async fn post(&self, uri: &str, body: &str) -> Answer {
        self.send(request("POST", uri, Some(&self.admin), Some(body))).await
    }

    pub(crate) async fn patch(&self, uri: &str, body: &str) -> Answer {
        self.send(request("PATCH", uri, Some(&self.admin), Some(body))).await
    }

    pub(crate) async fn put(&self, uri: &str, body: &str) -> Answer {
        self.send(request("PUT", uri, Some(&self.admin), Some(body))).await
    }

    pub(crate) async fn delete(&self, uri: &str) -> Answer {
        self.send(request("DELETE", uri, Some(&self.admin), None)).await
    }

    /// The same with other settings of live monitoring.
    pub(crate) fn monitoring(self, settings: MonitorSettings) -> Self {
        let monitors = Monitors::new(settings, LiveBoard::default());
        let operate = Arc::new(Operations { monitors, ..(*self.operate).clone() });
        let state = ServerState::new(Arc::clone(&operate), false);
        Desk { operate, state, ..self }
    }

    /// The same, answering from another state.
    pub(crate) fn answering(self, state: ServerState) -> Self {
        Desk { state, ..self }
    }

    /// Adds a router with a link of 1 Gbit/s and answers its row.
    pub(crate) async fn add_router(&self, name: &str) -> NasId {
        let body = serde_json::json!({
            "name": name, "host": "192.0.2.1", "username": "meter", "password": "secret",
            "link_speed_bps": 1_000_000_000,
        });
        self.post("/api/v1/routers", &body.to_string()).await.expect(201);
        self.store.nas_by_name(name).await.unwrap().unwrap().id
    }

    pub(crate) async fn meter(&self, nas: NasId) -> Meter {
        Meter::new(Arc::clone(&self.store), nas, self.operate.talkers.clone(), self.clock.clone()).await
    }
}

/// A request with a token and a JSON body, or without.
pub(crate) fn request(method: &str, uri: &str, token: Option<&str>, body: Option<&str>) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(uri);
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    if body.is_some() {
        request = request.header("content-type", "application/json");
    }
    request.body(body.map_or_else(Body::empty, |body| Body::from(body.to_owned()))).unwrap()
}

/// Text as a part of an address's query.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes().map(|byte| format!("%{byte:02X}")).collect()
}
