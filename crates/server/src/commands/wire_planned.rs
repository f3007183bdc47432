//! Changes that are only thought of, as JSON between two processes of one version.

use operations::{PlannedChange, VoucherAct, WhichVouchers};
use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use store::{HoldSubject, VoucherBatchId, VoucherId};

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Change {
    Leave,
    Enter,
    Voucher(i64, Act),
    Batch(i64, Act),
    LetIn { kind: String, name: Vec<u8> },
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Act {
    Pause,
    Resume,
    Revoke,
}

pub(super) fn of_change(change: &PlannedChange) -> Json {
    let told = match change {
        PlannedChange::Leave => Change::Leave,
        PlannedChange::Enter => Change::Enter,
        PlannedChange::Vouchers(WhichVouchers::One(id), act) => Change::Voucher(id.0, of_act(*act)),
        PlannedChange::Vouchers(WhichVouchers::Batch(id), act) => Change::Batch(id.0, of_act(*act)),
        PlannedChange::LetIn(subject) => {
            let (kind, name) = subject.parts();
            Change::LetIn { kind: kind.to_owned(), name: name.to_vec() }
        }
    };
    serde_json::to_value(told).expect("plain names and numbers are always JSON")
}

pub(super) fn change(value: &Json) -> Option<PlannedChange> {
    Some(match serde_json::from_value(value.clone()).ok()? {
        Change::Leave => PlannedChange::Leave,
        Change::Enter => PlannedChange::Enter,
        Change::Voucher(id, told) => PlannedChange::Vouchers(WhichVouchers::One(VoucherId(id)), act(&told)),
        Change::Batch(id, told) => {
            PlannedChange::Vouchers(WhichVouchers::Batch(VoucherBatchId(id)), act(&told))
        }
        Change::LetIn { kind, name } => PlannedChange::LetIn(HoldSubject::from_parts(&kind, name)?),
    })
}

fn of_act(act: VoucherAct) -> Act {
    match act {
        VoucherAct::Pause => Act::Pause,
        VoucherAct::Resume => Act::Resume,
        VoucherAct::Revoke => Act::Revoke,
    }
}

fn act(told: &Act) -> VoucherAct {
    match told {
        Act::Pause => VoucherAct::Pause,
        Act::Resume => VoucherAct::Resume,
        Act::Revoke => VoucherAct::Revoke,
    }
}

pub(super) fn of_commands(commands: Vec<String>) -> Json {
    commands.into()
}

pub(super) fn commands(value: &Json) -> Option<Vec<String>> {
    serde_json::from_value(value.clone()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_told_is_what_is_heard() {
        let (one, batch) = (WhichVouchers::One(VoucherId(7)), WhichVouchers::Batch(VoucherBatchId(8)));
        for told in [
            PlannedChange::Leave,
            PlannedChange::Enter,
            PlannedChange::Vouchers(one, VoucherAct::Pause),
            PlannedChange::Vouchers(one, VoucherAct::Resume),
            PlannedChange::Vouchers(batch, VoucherAct::Revoke),
            PlannedChange::LetIn(HoldSubject::Ppp(b"an\xff".to_vec())),
        ] {
            assert_eq!(change(&of_change(&told)), Some(told));
        }
        let told = vec!["/queue/simple/remove .id=*1".to_owned()];
        assert_eq!(commands(&of_commands(told.clone())), Some(told));
    }
}
