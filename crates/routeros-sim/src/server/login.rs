//! Who is on the other end: the login of one connection, plain or by challenge (routeros.md §1.8).

use rand::RngExt as _;
use routeros_proto::{Request, ServerLogin, ServerLoginStep};

use crate::world::{AfterFailedLogin, ApiUser, Device, Policies, World};

/// Text of the trap above `max-sessions`; what real routers say is not established (U7).
const TOO_MANY: &str = "too many sessions";

/// How a `/login` ended.
pub(crate) enum Outcome {
    /// `!done` with this as `=ret=`.
    Challenge(String),
    Accepted,
    Refused {
        message: &'static str,
        close: bool,
    },
}

/// The login state of one connection.
pub(crate) struct Login {
    machine: ServerLogin,
    over_limit: bool,
    user: Option<Vec<u8>>,
}

impl Login {
    pub(crate) fn new(world: &mut World, over_limit: bool) -> Self {
        let machine = if world.device.personality.challenges() {
            ServerLogin::challenge(world.rng.random())
        } else {
            ServerLogin::plain()
        };
        Self { machine, over_limit, user: None }
    }

    pub(crate) fn is_in(&self) -> bool {
        self.user.is_some()
    }

    /// The rights of whoever is logged in; none if the user was deleted meanwhile.
    pub(crate) fn policies(&self, world: &World) -> Policies {
        let account = self.user.as_ref().and_then(|name| world.account(name));
        account.map_or(Policies::NONE, |account| account.policies)
    }

    pub(crate) fn step(
        &mut self,
        world: &mut World,
        request: &Request<'_>,
        peer: Peer,
        fails: bool,
    ) -> Outcome {
        let device = &world.device;
        let password_of =
            |name: &[u8]| world.api_account(name, &peer.address).map(|account| account.password);
        match self.machine.step(request, password_of) {
            ServerLoginStep::Challenge(challenge) => Outcome::Challenge(challenge),
            ServerLoginStep::Accepted(_) if fails => refused(device, refusal(device)),
            ServerLoginStep::Accepted(_) if self.over_limit => {
                Outcome::Refused { message: TOO_MANY, close: true }
            }
            ServerLoginStep::Accepted(user) => {
                let active = ApiUser { name: user.clone(), address: peer.address, since_us: world.now_us() };
                world.api_users.insert(peer.number, active);
                self.user = Some(user);
                Outcome::Accepted
            }
            ServerLoginStep::Refused { message } => refused(device, message),
            ServerLoginStep::NotALogin => refused(device, refusal(device)),
        }
    }
}

/// Where a login comes from.
pub(crate) struct Peer {
    pub(crate) number: u32,
    pub(crate) address: Vec<u8>,
}

/// What this release says to a wrong password (routeros.md §1.4).
fn refusal(device: &Device) -> &'static str {
    if device.personality.challenges() { "cannot log in" } else { "invalid user name or password (6)" }
}

fn refused(device: &Device, message: &'static str) -> Outcome {
    Outcome::Refused { message, close: device.switches.after_failed_login == AfterFailedLogin::Closes }
}
