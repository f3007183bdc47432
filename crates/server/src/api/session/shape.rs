//! Who asks, towards clients.

use operations::{CameBy, Identity};

use crate::api::model::sign_in::Who;
use crate::auth::{Ability, abilities};

pub(super) fn session(identity: &Identity) -> Who {
    let (name, sign_in) = match &identity.came_by {
        CameBy::Token { name } => (name, None),
        CameBy::SignIn { name, sign_in, .. } => (name, Some(sign_in.to_string())),
    };
    Who {
        name: name.clone(),
        role: identity.role.into(),
        abilities: abilities(identity.role).iter().copied().filter_map(Ability::name).collect(),
        sign_in,
    }
}
