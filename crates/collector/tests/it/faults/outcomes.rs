//! Each outcome that ending a session can have, at the hotspot and for PPP: the router plays it, and it is told right.

use futures_util::future::join_all;
use operations::{Became, RouterCommandError};
use routeros_sim::faults::{Cut, Fault};
use routeros_sim::world::{KickedDevice, Switches};

use super::disconnects::{Outcome, Scene, back_soon};

/// What the router does, what is told at the hotspot, and what for PPP; `None` where there is no such thing.
struct Case {
    switches: Switches,
    prepare: fn(&Scene),
    hotspot: Option<&'static str>,
    ppp: Option<&'static str>,
}

const REMOVES: [&str; 2] = ["/ip/hotspot/active/remove", "/ppp/active/remove"];

fn cases() -> [Case; 10] {
    let case = |switches, prepare, hotspot, ppp| Case { switches, prepare, hotspot, ppp };
    let both = |switches, prepare, told| case(switches, prepare, Some(told), Some(told));
    let back = |by, hotspot, ppp| case(back_soon(by), nothing, hotspot, ppp);
    let stays = Switches { kicked_row_stays: true, ..Switches::default() };
    [
        both(Switches::default(), nothing, "gone"),
        back(KickedDevice::ByHiddenCookie, Some("back by cookie"), None),
        back(KickedDevice::ByHiddenMacCookie, Some("back by mac-cookie"), None),
        back(KickedDevice::ByLogin, Some("back by login"), None),
        back(KickedDevice::default(), None, Some("back by redial")),
        both(Switches::default(), ends_by_itself, "not found"),
        both(Switches::default(), is_away, "did not answer"),
        both(Switches::default(), refuses, "refused"),
        both(stays, nothing, "still there"),
        both(Switches::default(), goes_away_meanwhile, "not known"),
    ]
}

fn nothing(_: &Scene) {}

fn ends_by_itself(scene: &Scene) {
    scene.sim.with_world(|world| {
        let all: Vec<_> = world.live_sessions().chain(world.hotspot_sessions()).collect();
        for session in all {
            world.reconnect(session);
        }
    });
}

fn is_away(scene: &Scene) {
    scene.sim.faults().always(Fault::Refuse);
    scene.sim.drop_connections();
}

fn refuses(scene: &Scene) {
    for path in REMOVES {
        scene.sim.faults().always_on(path, Fault::NoRights);
    }
}

/// It is told to remove the session, and lets nobody in any more: whether it did is not to be found out.
fn goes_away_meanwhile(scene: &Scene) {
    for path in REMOVES {
        scene.sim.faults().always_on(path, Fault::cut_after(0, Cut::Drop));
    }
    // The hotspot's logins are part of the last reading; those of PPP only where an id is new.
    for (path, nth) in [("/ip/hotspot/active/print", 2), ("/ppp/active/print", 1)] {
        let sim = scene.sim.clone();
        scene.sim.at_print(path, nth, move |_| _ = sim.faults().always(Fault::Refuse));
    }
}

fn told(outcome: &Outcome) -> String {
    match outcome {
        Ok(ended) => match ended.became {
            Became::Gone { .. } => "gone".to_owned(),
            Became::CameBack { by, .. } => format!("back by {}", by.as_str()),
            Became::NotFound => "not found".to_owned(),
            Became::StillThere { .. } => "still there".to_owned(),
            Became::Planned => panic!("it was not to be planned"),
        },
        Err(RouterCommandError::Refused(_)) => "refused".to_owned(),
        Err(RouterCommandError::Unreachable(_)) => "did not answer".to_owned(),
        Err(RouterCommandError::Unknown(_)) => "not known".to_owned(),
        Err(other) => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn every_outcome_is_told_right_at_the_hotspot_and_for_ppp() {
    let played = cases().into_iter().map(async |case| {
        let Case { switches, prepare, hotspot, ppp } = case;
        if let Some(expected) = hotspot {
            let scene = Scene::new(switches).await;
            prepare(&scene);
            assert_eq!(told(&scene.end_phone().await), expected, "at the hotspot");
        }
        if let Some(expected) = ppp {
            let scene = Scene::new(switches).await;
            prepare(&scene);
            assert_eq!(told(&scene.end_line().await), expected, "for PPP");
        }
    });
    join_all(played).await;
}
