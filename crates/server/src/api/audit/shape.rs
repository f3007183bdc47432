//! Acts as clients read them.

use operations::{Identity, Operations};
use store::AuditRecord;

use crate::api::hidden_codes::{Candidates, HiddenCodes, texts_of};
use crate::api::model::audit::AuditRow;
use crate::problem::Problem;

/// A line of the journal towards clients.
pub(super) fn audit_row(row: AuditRecord) -> AuditRow {
    AuditRow {
        seq: row.seq,
        at: row.act.at.into(),
        actor: row.act.actor,
        origin: row.act.origin,
        action: row.act.action,
        subject: row.act.subject,
        detail: detail(&row.act.detail),
    }
}

/// A viewer reads the first two signs of vouchers' codes.
pub(super) async fn hide_codes(
    operations: &Operations,
    reader: &Identity,
    rows: &mut [AuditRow],
) -> Result<(), Problem> {
    let texts = rows.iter().flat_map(|row| texts_of(&row.detail).into_iter().chain([&*row.subject]));
    let candidates = Candidates::in_texts(reader, texts);
    let codes = HiddenCodes::of(operations, candidates).await?;
    for row in rows {
        row.subject = codes.out_of(&row.subject);
        codes.out_of_value(&mut row.detail);
    }
    Ok(())
}

/// The store keeps an object as text; a text that is none is told all the same.
fn detail(text: &str) -> serde_json::Value {
    match serde_json::from_str(text) {
        Ok(object @ serde_json::Value::Object(_)) => object,
        _ => serde_json::json!({ "text": text }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_detail_is_always_an_object() {
        assert_eq!(detail(r#"{"port":8728}"#), serde_json::json!({"port": 8728}));
        assert_eq!(detail("oops"), serde_json::json!({"text": "oops"}));
    }
}
