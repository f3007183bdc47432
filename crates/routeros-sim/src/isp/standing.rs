//! A customer with a static address: nobody logs in, and an interface of theirs or a queue counts what they move.

use std::time::Duration;

use rand::rngs::StdRng;

use super::rates::{millis, of_line};
use crate::world::{FixedKind, World};

/// The fastest that any of them surfs.
const CAP_DOWN_BPS: u64 = 20_000_000;
/// Numbers of VLANs and addresses begin here.
const FIRST: usize = 201;

/// What counts one of them.
pub(crate) enum Standing {
    /// The VLAN that faces them and nobody else.
    Vlan(String),
    /// The queue of their address, in a network with others.
    Queue(String),
}

/// That many, counted by an interface and by a queue in turn.
pub(crate) fn customers(count: usize, world: &mut World) -> Vec<Standing> {
    (FIRST..FIRST + count).map(|number| Standing::new(number, world)).collect()
}

impl Standing {
    fn new(number: usize, world: &mut World) -> Self {
        if number % 2 == FIRST % 2 {
            let name = format!("vlan{number}");
            world.add_fixed_interface(&name, FixedKind::Vlan, 0, 0);
            return Self::Vlan(name);
        }
        let name = format!("casa-{number}");
        world.add_queue(&name, &format!("10.20.{}.{}/32", number / 250, number % 250 + 2), 0, 0);
        Self::Queue(name)
    }

    /// Surfs otherwise from now on, and says for how long. Whoever removed or renamed what counts them ends that.
    pub(crate) fn surf(&self, world: &mut World, rng: &mut StdRng) -> Duration {
        let (up, down) = of_line(CAP_DOWN_BPS, rng);
        match self {
            Self::Vlan(name) => _ = world.set_rates_on(name, up, down),
            Self::Queue(name) => _ = world.set_rates_through(name, up, down),
        }
        millis(rng, 3_000, 40_000)
    }
}
