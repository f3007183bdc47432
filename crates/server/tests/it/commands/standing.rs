//! How what goes between processes over Redis stands is shown, each of it by itself.

use std::sync::Arc;

use server::{LiveBetween, RedisUses};
use tokio_util::sync::CancellationToken;

use super::{Device, HASTY, House, done};

/// What a metric of the use says; `None` while it was not tried.
async fn up(house: &House, what: &str) -> Option<bool> {
    let metrics = house.desk.get("/metrics", Some(&house.desk.viewer)).await.expect(200).body;
    let name = format!("tikmeter_redis_up{{use=\"{what}\"}} ");
    metrics.lines().find_map(|line| line.strip_prefix(&name)).map(|value| value == "1")
}

async fn until_up(house: &House, what: &str, wanted: bool) {
    let mut looks = 0;
    while up(house, what).await != Some(wanted) {
        looks += 1;
        assert!(looks < 600, "{what} does not come to be up = {wanted}");
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
}

async fn ready(house: &House) -> String {
    house.desk.get("/readyz", None).await.expect(200).body
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_thing_that_redis_does_not_carry_is_told_by_itself() {
    let house = House::new().await;
    let (device, _sight) = Device::new();
    assert_eq!(house.desk.see("/api/v1/status").await["redis"], serde_json::json!([]));
    let (_east, web) = (house.east(&device), house.web());
    let live = LiveBetween::new(house.desk.operate.clone(), house.url(), RedisUses::clone(&house.uses));
    tokio::spawn(live.run(CancellationToken::new()));
    assert_eq!(web.ask("east", house.nas, house.order(HASTY)).await, done());
    let all = ["commands_given", "commands_taken", "answers", "watching_told", "watching_heard"];
    for what in all {
        until_up(&house, what, true).await;
    }
    assert_eq!(ready(&house).await, "ready\n");
    for (key, fails) in [
        ("tikmeter:commands:east", vec!["commands_taken", "commands_given"]),
        ("tikmeter:live", vec!["watching_told", "watching_heard"]),
    ] {
        house.redis.run::<()>(&["DEL", key]);
        house.redis.run::<()>(&["SET", key, "of somebody else"]);
        let asked = {
            let (web, nas, order) = (Arc::clone(&web), house.nas, house.order(HASTY));
            tokio::spawn(async move { web.ask("east", nas, order).await })
        };
        for what in all {
            until_up(&house, what, !fails.contains(&what)).await;
        }
        let _ = asked.await.unwrap();
        assert_eq!(ready(&house).await, "degraded\n", "{key}");
        let status = house.desk.see("/api/v1/status").await["redis"].clone();
        let told = status.as_array().unwrap().iter().filter(|of| of["up"] == false);
        let told: Vec<_> = told.map(|of| of["message"].as_str().unwrap_or_default()).collect();
        assert!(
            told.len() == 2 && told.iter().all(|why| why.contains("rename or delete that key")),
            "{status}"
        );
        house.redis.run::<()>(&["DEL", key]);
        let mut looks = 0;
        while ready(&house).await != "ready\n" {
            let _ = web.ask("east", house.nas, house.order(HASTY)).await;
            looks += 1;
            assert!(looks < 50, "{:?}", house.uses.all());
        }
        assert_eq!(web.ask("east", house.nas, house.order(HASTY)).await, done(), "{key} is ours again");
    }
}
