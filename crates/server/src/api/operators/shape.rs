//! Operators towards clients, without their passwords.

use crate::api::model::operator::Operator;

pub(in crate::api) fn operator(row: store::Operator) -> Operator {
    Operator {
        name: row.name,
        role: row.role.into(),
        disabled: row.disabled,
        created_at: row.created_at.into(),
        groups: row.reach.groups().to_vec(),
        signed_in_at: row.signed_in_at.map(Into::into),
    }
}
