//! Who asks, towards clients.

use operations::{CameBy, Identity};

use crate::api::model::sign_in::{Language, Who};
use crate::auth::{Ability, abilities};

pub(super) fn session(identity: &Identity) -> Who {
    let (name, sign_in, language) = match &identity.came_by {
        CameBy::Token { name } => (name, None, None),
        CameBy::SignIn { name, sign_in, language, .. } => {
            (name, Some(sign_in.to_string()), language.as_deref())
        }
    };
    Who {
        name: name.clone(),
        role: identity.role.into(),
        abilities: abilities(identity.role).iter().copied().filter_map(Ability::name).collect(),
        sign_in,
        bound: !identity.reach.is_everything(),
        groups: identity.reach.groups().to_vec(),
        language: language.and_then(Language::from_name),
    }
}
