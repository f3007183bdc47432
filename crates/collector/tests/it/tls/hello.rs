//! The first thing a router hears of us over TLS, as it comes out of its socket.

use std::io::Read as _;
use std::net::TcpListener;

use collector::link::Link;
use routeros_sim::world::Device;
use rustls::NamedGroup;
use rustls::server::Acceptor;

use super::{HOST, pinned};
use crate::sim::target_at;

/// What an Ethernet frame holds of TCP at the least: 1,500 bytes without the usual headers and options.
const SEGMENT: usize = 1_448;

#[tokio::test]
async fn three_curves_are_offered_in_one_segment() {
    let listener = TcpListener::bind((HOST, 0)).unwrap();
    let target = pinned(&target_at(listener.local_addr().unwrap(), Device::DEFAULT_PASSWORD), None);
    let heard = tokio::task::spawn_blocking(move || hello(&listener));
    Link::open(&target).await.map(drop).expect_err("it is not answered");
    let (groups, bytes) = heard.await.unwrap();
    assert_eq!(groups, [NamedGroup::X25519, NamedGroup::secp256r1, NamedGroup::secp384r1]);
    assert!(bytes <= SEGMENT, "{bytes}");
}

/// The groups that the first message of the first connection names, in its order, and its length.
fn hello(listener: &TcpListener) -> (Vec<NamedGroup>, usize) {
    let (mut stream, _) = listener.accept().unwrap();
    let (mut acceptor, mut bytes, mut part) = (Acceptor::default(), 0, [0; 512]);
    loop {
        let read = stream.read(&mut part).unwrap();
        assert_ne!(read, 0, "the message ended in the middle");
        bytes += read;
        acceptor.read_tls(&mut &part[..read]).unwrap();
        if let Some(accepted) = acceptor.accept().map_err(|(error, _)| error).unwrap() {
            return (accepted.client_hello().named_groups().unwrap().to_vec(), bytes);
        }
    }
}
