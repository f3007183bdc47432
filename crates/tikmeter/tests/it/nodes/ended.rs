//! Sessions that are ended at the process that polls nothing, on routers of others: exactly one, with what became of it.

use super::house::{House, obeyed};
use super::town::{At, GUEST, GUESTS};
use crate::program::stderr;
use crate::server::Server;

/// Sessions of routers of both that poll are ended by them, each once.
pub(super) fn each_once(house: &House, answers: &Server) {
    for (login, router) in [("u001-1", "r001"), ("u199-1", "r199")] {
        let told = obeyed(answers, &["disconnect", login, "--router", router]);
        assert!(told.contains("It is gone, and nobody came back within 6 seconds"), "{told}");
        let sim = house.fleet.router(router);
        assert_eq!((sim.changes().len(), sim.with_world(|world| world.live_session_count())), (1, 2));
        let newest = &answers.json(&["router", "commands"])["items"][0];
        assert!(newest["kind"] == "disconnect" && newest["state"] == "done", "{newest}");
        assert!(["east", "west"].contains(&newest["process"].as_str().unwrap()), "{newest}");
    }
}

/// One of a guest's devices is sent away, and logs in again: it is said how it came back, and the other one stayed.
pub(super) fn one_of_two(house: &mut House, answers: &Server, router: &str) {
    let sim = house.fleet.router(router);
    let [phone, tablet] = GUESTS.map(|device| At::the(router, device).mac());
    let before: Vec<_> = sim.with_world(|world| world.hotspot_sessions().collect());
    let told = obeyed(answers, &["disconnect", GUEST, "--router", router, "--mac", &phone]);
    assert!(told.contains("It was ended, and came back after") && told.contains("by a login"), "{told}");
    let after: Vec<_> = sim.with_world(|world| world.hotspot_sessions().collect());
    let stayed: Vec<_> = before.iter().filter(|key| after.contains(key)).collect();
    assert_eq!((before.len(), after.len(), stayed.len()), (2, 2, 1), "exactly one was ended");
    assert!(sim.changes().iter().all(|sent| !sent.contains(&tablet)), "{:?}", sim.changes());
    let removed = sim.changes().iter().filter(|sent| sent.starts_with("/ip/hotspot/active/remove")).count();
    assert_eq!(removed, 1);
    house.promised.is_told(&house.fleet, router);
}

/// Without Redis nobody who polls it can be asked: nobody is sent away, and nobody is kept out.
pub(super) fn nobody(house: &mut House, answers: &Server, router: &str) -> String {
    let phone = At::the(router, GUESTS[0]).mac();
    let words = ["disconnect", GUEST, "--router", router, "--mac", &phone, "--hold", "1h"];
    let refused = answers.call(&words);
    let told = stderr(&refused);
    assert!(!refused.status.success() && told.contains("did not do it"), "{told}");
    house.promised.acts(&["hold.set", "hold.give_up", "hold.end"], &phone);
    let sim = house.fleet.router(router);
    assert_eq!(sim.with_world(|world| world.hotspot_sessions().count()), 2);
    format!("a hold while Redis is away: {told}")
}
