//! A router that is left: nobody of ours is in there any more, or it is said who may be, and how they go by hand.

use std::time::Duration;

use operations::{DisconnectRequest, RouterPatch, StandsHow};
use routeros_sim::faults::Fault;
use store::VoucherPhase;

use super::booth::{Booth, CODE, PHONE};

#[tokio::test]
async fn a_router_that_is_removed_is_rid_of_our_users_first() {
    let booth = Booth::new().await;
    let foreign = booth.everything().await;
    booth.activate(CODE, PHONE).await.unwrap();
    assert_eq!(booth.operations.remove_router("eva", "r").await.unwrap(), None);
    assert_eq!(booth.everything().await, foreign, "with cookies, logins and queues");
    assert_eq!(booth.phase(CODE).await, VoucherPhase::Running);
    booth.until_nobody(CODE).await;
}

#[tokio::test]
async fn a_router_that_cannot_be_asked_leaves_word_how_they_go_by_hand() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.sim.faults().always(Fault::Refuse);
    booth.sim.drop_connections();
    let stays = booth.operations.remove_router("eva", "r").await.unwrap().expect("they stay");
    let mark = format!("comment=\"{}\"", booth.mark().await);
    for part in ["the router r", &mark, "/ip hotspot active remove [find user=NAME]"] {
        assert!(stays.contains(part), "{part}: {stays}");
    }
}

#[tokio::test]
async fn a_router_that_is_switched_off_is_rid_of_them_and_has_them_again_when_it_is_on() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    let switch = async |enabled| {
        let patch = RouterPatch { enabled: Some(enabled), ..RouterPatch::default() };
        booth.operations.edit_router("eva", "r", patch).await.unwrap();
    };
    switch(false).await;
    booth.until_out().await;
    let standing = booth.operations.voucher_by_code(CODE).await.unwrap().unwrap();
    assert_eq!((standing.how, standing.active), (StandsHow::Away, false));
    switch(true).await;
    booth.until_rows("/ip/hotspot/user/print", 1).await;
    assert!(booth.activate(CODE, PHONE).await.is_ok_and(|device| !device.already));
}

#[tokio::test]
async fn whoever_is_kept_out_is_let_in_before_a_router_is_left_or_it_is_said_how() {
    let booth = Booth::new().await;
    booth.activate(CODE, PHONE).await.unwrap();
    booth.sim.with_world(|world| world.advance(Duration::from_secs(30)));
    booth.house.read("r").await.unwrap();
    let bindings = async || booth.rows("/ip/hotspot/ip-binding/print", &["mac-address"]).await;
    let hold = DisconnectRequest {
        login: CODE.as_bytes().to_vec(),
        router: Some("r".to_owned()),
        hold: Some(Duration::from_secs(3_600)),
        ..DisconnectRequest::default()
    };
    booth.operations.disconnect("eva", hold).await.unwrap();
    assert_eq!(bindings().await, [[PHONE]]);
    assert_eq!(booth.operations.remove_router("eva", "r").await.unwrap(), None);
    assert_eq!(bindings().await, Vec::<Vec<String>>::new());
}
