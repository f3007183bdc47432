//! Very many who look at subscribers of a few routers: each router is asked once for all of them, and everybody is shown what
//! the router says.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::future::join_all;
use routeros_sim::server::{Options, SimRouter, TimeMode};
use routeros_sim::world::{Device, Personality, Service, World};
use serde_json::Value;
use tokio::net::TcpStream;
use tokio::runtime::Runtime;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

use crate::program::Running;
use crate::program::tikmeter;
use crate::server::Server;

const ROUTERS: usize = 10;
/// Subscribers of each router.
const EACH: usize = 20;
const VIEWERS: usize = 500;

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

#[test]
fn five_hundred_who_look_at_two_hundred_cost_each_of_ten_routers_one_command() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = Runtime::new().unwrap();
    let routers: Vec<SimRouter> = (0..ROUTERS).map(|number| router(&runtime, number)).collect();
    let mut command = tikmeter(&["serve", "--json", "--data", "data", "--listen", "127.0.0.1:0"]);
    command.env("MAX_CONCURRENT_MONITORS", (ROUTERS * EACH).to_string());
    let server = Server::of(Running::spawn(command, folder.path()), folder.path());
    let customers = subscribers(&server, folder.path());
    for (number, sim) in routers.iter().enumerate() {
        let address = sim.addr().to_string();
        let words =
            ["router", "add", &format!("r{number}"), &address, "--user", "admin", "--password", "simulated"];
        server.text(&words);
    }
    drop(server.json_when(&["sessions", "--limit", "1000"], |sessions| {
        sessions["items"].as_array().unwrap().len() == ROUTERS * EACH
    }));
    let mut sockets = runtime.block_on(join_all((0..VIEWERS).map(|viewer| {
        let customer = &customers[viewer % customers.len()];
        connect(&server, customer)
    })));
    let told = runtime.block_on(join_all(sockets.iter_mut().map(moving)));
    for (viewer, told) in told.iter().enumerate() {
        assert_eq!(&told["customer_id"], &*customers[viewer % customers.len()]);
    }
    for sim in &routers {
        let stats = sim.stats();
        assert_eq!(stats.running_monitors, 1);
        // As more of them came it was begun anew; not for each who looks.
        assert!(stats.monitors <= EACH as u64, "{} commands", stats.monitors);
    }
    let status = server.json(&["monitor", "status"]);
    assert_eq!(
        (status["items"].as_array().unwrap().len(), &status["slots_free"]),
        (ROUTERS * EACH, &Value::from(0))
    );
    let shown = server.json(&["router", "show", "r3"]);
    assert_eq!(shown["watching"]["streams"], true, "{shown}");
    drop(sockets);
    drop(server.json_when(&["monitor", "status"], |status| status["items"].as_array().unwrap().is_empty()));
    while routers.iter().any(|sim| sim.stats().running_monitors > 0) {
        std::thread::sleep(Duration::from_millis(50));
    }
}

/// Whose subscribers all move something.
fn router(runtime: &Runtime, number: usize) -> SimRouter {
    let mut world = World::new(Device::new(&format!("r{number}"), Personality::V7_20, number as u64));
    world.advance(Duration::from_secs(100_000));
    for no in 0..EACH {
        let key = world.connect(login(number, no), Service::Pppoe, "AA:BB:CC:00:00:01", 0, 0);
        world.set_rates(key, 1_000_000, 9_000_000);
    }
    runtime.block_on(SimRouter::start(world, Options { time: TimeMode::Wall })).unwrap()
}

fn login(router: usize, no: usize) -> String {
    format!("u{router}-{no}")
}

/// A subscriber of each login; their ids.
fn subscribers(server: &Server, folder: &std::path::Path) -> Vec<String> {
    let logins = (0..ROUTERS).flat_map(|router| (0..EACH).map(move |no| login(router, no)));
    let file = folder.join("subscribers.csv");
    std::fs::write(&file, format!("username\n{}\n", logins.collect::<Vec<_>>().join("\n"))).unwrap();
    server.text(&["subscriber", "import", file.to_str().unwrap()]);
    let exported = server.text(&["subscriber", "export", "--format", "ndjson"]);
    let ids = exported
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap()["id"].as_str().unwrap().to_owned());
    ids.collect()
}

async fn connect(server: &Server, customer: &str) -> Socket {
    let url = format!("{}/ws?customer_id={customer}", server.url.replacen("http", "ws", 1));
    let mut request = url.into_client_request().unwrap();
    request.headers_mut().insert("authorization", format!("Bearer {}", server.token).parse().unwrap());
    connect_async(request).await.unwrap().0
}

/// The first of its messages that tells of something moved.
async fn moving(socket: &mut Socket) -> Value {
    loop {
        let message = socket.next().await.unwrap().unwrap();
        let Ok(text) = message.to_text() else { continue };
        let Ok(told) = serde_json::from_str::<Value>(text) else { continue };
        if told["rx_bits_per_second"] != "0" {
            return told;
        }
    }
}
