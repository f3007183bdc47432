//! Scripts in which something was wrong once.

use routeros_sim::world::{Service, Switches};

use super::play;
use super::script::{Act, Step};
use super::setting::Setting;

/// A router as it is assumed to be, with a link of 100 Mbit/s, to which nobody listens.
fn setting(seed: u64, hidden_at_first: u32) -> Setting {
    Setting {
        seed,
        version: 0,
        colon_uptime: false,
        hotspot_configured: false,
        listens: false,
        switches: Switches::default(),
        link_speed_bps: Some(100_000_000),
        hidden_at_first,
        users_had: 0,
    }
}

/// The binding's caller came back after the reboot and was not named when the reading of his renewal showed that it moved: what
/// it had counted was posted into the next cycle, without a bound for the one that closed.
#[tokio::test(flavor = "multi_thread")]
async fn a_binding_moves_before_a_renewal_and_its_caller_is_named_after_it() {
    let connect = Act::Connect { login: 0, service: Service::Pppoe, up_kbps: 0, down_kbps: 0 };
    let steps = [
        Step::PollDuring { table: 0, nth: 1, act: Act::Reboot { silent_s: 0, redial: true } },
        Step::DropConnection,
        Step::World(connect),
        Step::Poll,
        Step::World(Act::Advance(104)),
        Step::Renew { whom: 3, fresh: true },
    ];
    let outcome = play(&setting(236_829_592_595_730_117, 30), &steps).await;
    assert!(outcome.is_ok(), "{outcome:?}");
}
