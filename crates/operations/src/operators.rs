//! People who may sign in.

use secrecy::SecretString;
use serde_json::json;
use store::{NewOperator, Operator, OperatorChange, Role};

use crate::checks::check_path_name;
use crate::error::OperationError;
use crate::operations::Operations;
use crate::process_token::hash;

/// How long the first link opens, microseconds: a day.
const SETUP_US: i64 = 24 * 3_600 * 1_000_000;

/// What of an operator is to be another; `None` stays.
#[derive(Clone, Debug, Default)]
pub struct OperatorPatch {
    /// What they may do.
    pub role: Option<Role>,
    /// Their password.
    pub password: Option<SecretString>,
    /// Locked out, or let in again.
    pub disabled: Option<bool>,
    /// Groups of routers that they are bound to; none: all routers.
    pub groups: Option<Vec<String>>,
    /// Only if that is what is stored of their password by then.
    pub instead_of: Option<String>,
}

impl Operations {
    /// Adds an operator, bound to those groups of routers; with none they reach all.
    pub async fn create_operator(
        &self,
        actor: &str,
        name: &str,
        role: Role,
        password: SecretString,
        groups: Vec<String>,
    ) -> Result<Operator, OperationError> {
        let act = self.act(actor, "operator.create", name, json!({"role": role.as_str(), "groups": groups}));
        let new = NewOperator { groups, ..self.new_operator(name, role, password).await? };
        self.store.insert_operator(new, act).await?;
        self.operator(name).await
    }

    /// All operators by name.
    pub async fn list_operators(&self) -> Result<Vec<Operator>, OperationError> {
        Ok(self.store.list_operators().await?)
    }

    /// The operator of that name, however it is written.
    pub async fn operator(&self, name: &str) -> Result<Operator, OperationError> {
        self.store.operator_named(&folded(name)).await?.ok_or_else(|| {
            OperationError::NotFound(
                "no operator has this name; nothing was changed. List them with: tikmeter operator list"
                    .to_owned(),
            )
        })
    }

    /// Changes an operator, who is signed out everywhere. The last admin who can sign in stays one.
    pub async fn change_operator(
        &self,
        actor: &str,
        name: &str,
        patch: OperatorPatch,
    ) -> Result<Operator, OperationError> {
        let operator = self.operator(name).await?;
        let detail = json!({
            "role": patch.role.map(Role::as_str),
            "disabled": patch.disabled,
            "password": patch.password.is_some(),
            "groups": patch.groups,
        });
        let password_hash = match patch.password {
            Some(password) => Some(self.passwords.hash(password).await?),
            None => None,
        };
        let OperatorPatch { role, disabled, groups, instead_of, .. } = patch;
        let change = OperatorChange { role, password_hash, disabled, groups, instead_of };
        let act = self.act(actor, "operator.edit", &operator.name, detail);
        Ok(self.store.change_operator(operator.id, change, act).await?)
    }

    /// Keeps the language that an operator chose.
    pub async fn choose_language(
        &self,
        operator: i64,
        language: Option<String>,
    ) -> Result<(), OperationError> {
        Ok(self.store.set_operator_language(operator, language).await?)
    }

    /// Removes an operator, who is signed out everywhere. The last admin who can sign in stays.
    pub async fn remove_operator(&self, actor: &str, name: &str) -> Result<(), OperationError> {
        let operator = self.operator(name).await?;
        let act = self.act(actor, "operator.remove", &operator.name, json!({}));
        Ok(self.store.remove_operator(operator.id, act).await?)
    }

    /// A key with which the first operator is made within a day, in place of one of before; `None` where there is one already.
    pub async fn setup_key(&self) -> Result<Option<SecretString>, OperationError> {
        let key = hex::encode(rand::random::<[u8; 32]>());
        let until = accounting::time::Micros(self.now().0.saturating_add(SETUP_US));
        let is_kept = self.store.keep_setup_key(hash(&key), until).await?;
        Ok(is_kept.then(|| key.into()))
    }

    /// Makes the first admin by such a key.
    pub async fn set_up(
        &self,
        key: &str,
        name: &str,
        password: SecretString,
    ) -> Result<Operator, OperationError> {
        // Hashing is work, and is done for nobody who has no key.
        if !self.store.opens_setup(hash(key), self.now()).await? {
            return Err(useless_key());
        }
        let new = self.new_operator(name, Role::Admin, password).await?;
        let act = self.act("setup link", "operator.create", name, json!({"role": Role::Admin.as_str()}));
        match self.store.insert_first_operator(hash(key), new, act).await? {
            Some(_) => self.operator(name).await,
            None => Err(useless_key()),
        }
    }

    async fn new_operator(
        &self,
        name: &str,
        role: Role,
        password: SecretString,
    ) -> Result<NewOperator, OperationError> {
        check_path_name("operator's name", name)?;
        let password_hash = self.passwords.hash(password).await?;
        Ok(NewOperator {
            name: name.to_owned(),
            folded: folded(name),
            role,
            password_hash,
            groups: Vec::new(),
        })
    }
}

/// A name as it is compared: one person, however they write it.
pub(crate) fn folded(name: &str) -> String {
    name.to_lowercase()
}

fn useless_key() -> OperationError {
    OperationError::NotFound(
        "this link opens nothing (any more): it was used, is older than a day, or another start of the server made a newer \
         one. The server writes a new one at its start while there is no operator; `tikmeter operator create` on its \
         machine makes one, too"
            .to_owned(),
    )
}
