use accounting::time::Micros;
use store::{NewAudit, NewNas, SealedPassword, Sqlite, TlsMode};

use super::*;

async fn enter(store: &Sqlite, name: &str, origin: NasOrigin) -> NasId {
    let nas = NewNas {
        uuid: uuid::Uuid::new_v4(),
        name: name.to_owned(),
        host: "127.0.0.1".to_owned(),
        port: 8728,
        tls: TlsMode::Off,
        fingerprint: None,
        username: "u".to_owned(),
        password: SealedPassword(Vec::new()),
        link_speed_bps: None,
        interval_ms: None,
        group: None,
        enabled: true,
        origin,
    };
    store.insert_nas(nas, NewAudit::by_system(Micros(0), "router.add", name)).await.unwrap()
}

async fn two(second: NasOrigin) -> (Devices, NasId, NasId) {
    let store = Sqlite::open_in_memory().unwrap();
    let first = enter(&store, "north", NasOrigin::Api).await;
    let second = enter(&store, "south", second).await;
    (Devices::new(Arc::new(store)), first, second)
}

#[tokio::test]
async fn of_two_fresh_entries_the_first_gets_the_device() {
    let (devices, north, south) = two(NasOrigin::Api).await;
    assert_eq!(devices.claim("serial:1", north).await, Ok(()));
    assert_eq!(devices.claim("serial:1", north).await, Ok(()));
    let Err(Refusal::Held(sentence)) = devices.claim("serial:1", south).await else {
        panic!("it was given away")
    };
    assert!(sentence.contains("counted once, as north"), "{sentence}");
    assert!(sentence.contains("To end this, `tikmeter router remove south`"), "{sentence}");
    devices.release(north).await;
    assert_eq!(devices.claim("serial:1", south).await, Ok(()));
}

#[tokio::test]
async fn a_replaced_device_frees_the_old_one() {
    let (devices, north, south) = two(NasOrigin::Api).await;
    devices.claim("serial:1", north).await.unwrap();
    devices.claim("serial:2", north).await.unwrap();
    assert_eq!(devices.claim("serial:1", south).await, Ok(()));
}

#[tokio::test]
async fn an_entry_of_the_file_is_to_leave_the_file() {
    let (devices, north, south) = two(NasOrigin::File).await;
    devices.claim("serial:1", north).await.unwrap();
    let Err(Refusal::Held(sentence)) = devices.claim("serial:1", south).await else {
        panic!("it was given away")
    };
    assert!(sentence.contains("To end this, remove south from the configuration file"), "{sentence}");
    assert!(sentence.contains("instead, `tikmeter router remove north`"), "{sentence}");
}

#[tokio::test]
async fn who_is_not_known_is_not_free() {
    let (devices, north, _) = two(NasOrigin::Api).await;
    devices.claim("serial:1", NasId(99)).await.unwrap();
    assert!(matches!(devices.claim("serial:1", north).await, Err(Refusal::NotKnown(_))));
}
