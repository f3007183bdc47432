//! `tikmeter simulate`.

use std::net::TcpStream;

use crate::program::Running;

#[test]
fn its_routers_can_be_reached_until_a_signal_ends_it() {
    let folder = tempfile::tempdir().unwrap();
    let simulate =
        Running::start(&["simulate", "--json", "--routers", "2", "--sessions", "5"], folder.path());
    let told = simulate.json_line();
    let routers = told["routers"].as_array().unwrap();
    assert_eq!(routers.len(), 2);
    let ports: Vec<u16> =
        routers.iter().map(|router| router["port"].as_u64().unwrap().try_into().unwrap()).collect();
    for port in &ports {
        assert!(TcpStream::connect(("127.0.0.1", *port)).is_ok());
    }
    simulate.signal("INT");
    assert_eq!(simulate.end().code(), Some(0));
    assert!(TcpStream::connect(("127.0.0.1", ports[0])).is_err());
}
