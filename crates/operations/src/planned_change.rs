//! What somebody thinks of doing, of which it is asked what would be sent to a router.

use accounting::time::Micros;
use store::{HoldSubject, Voucher, VoucherBatchId, VoucherId, VoucherPhase};

/// See the module.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PlannedChange {
    /// The router is removed or disabled.
    Leave,
    /// The router, which nobody polls, is enabled.
    Enter,
    /// That is done to those vouchers.
    Vouchers(WhichVouchers, VoucherAct),
    /// Somebody who is kept out is let in.
    LetIn(HoldSubject),
}

/// Vouchers that are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhichVouchers {
    /// One.
    One(VoucherId),
    /// All of a batch that stand so that it can be done to them.
    Batch(VoucherBatchId),
}

impl WhichVouchers {
    /// Whether that one is.
    pub fn means(self, voucher: &Voucher) -> bool {
        match self {
            WhichVouchers::One(id) => voucher.id == id,
            WhichVouchers::Batch(id) => voucher.batch == id,
        }
    }
}

/// What people do to vouchers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum VoucherAct {
    /// Its time is stopped.
    Pause,
    /// Its time goes on.
    Resume,
    /// It is taken out of use.
    Revoke,
}

impl VoucherAct {
    /// Whether it can be done to a voucher that stands so.
    pub fn fits(self, phase: VoucherPhase) -> bool {
        match self {
            VoucherAct::Pause => phase == VoucherPhase::Running,
            VoucherAct::Resume => phase == VoucherPhase::Paused,
            VoucherAct::Revoke => {
                matches!(phase, VoucherPhase::Unused | VoucherPhase::Running | VoucherPhase::Paused)
            }
        }
    }

    /// As the voucher would stand then; one to which it cannot be done stays as it is.
    #[must_use]
    pub fn done_to(self, voucher: Voucher, now: Micros) -> Voucher {
        if !self.fits(voucher.phase(now)) {
            return voucher;
        }
        match self {
            VoucherAct::Pause => {
                Voucher { clock: voucher.clock.paused(now), paused_at: Some(now), ..voucher }
            }
            VoucherAct::Resume => Voucher { clock: voucher.clock.resumed(now), paused_at: None, ..voucher },
            VoucherAct::Revoke => Voucher { revoked_at: Some(now), ..voucher },
        }
    }
}

#[cfg(test)]
mod tests {
    use store::VoucherClock;

    use super::*;

    #[test]
    fn a_voucher_is_thought_of_as_it_would_stand() {
        let now = Micros(50);
        let running = Voucher {
            id: VoucherId(1),
            batch: VoucherBatchId(2),
            code: "ABC".to_owned(),
            first_used_at: Some(Micros(0)),
            clock: VoucherClock::begun(Some(100), Micros(0)),
            paused_at: None,
            revoked_at: None,
            used_up_at: None,
            ended_at: None,
        };
        let phase = |voucher: &Voucher| voucher.phase(now);
        let paused = VoucherAct::Pause.done_to(running.clone(), now);
        assert_eq!((phase(&paused), paused.clock.left_us), (VoucherPhase::Paused, Some(50)));
        assert_eq!(VoucherAct::Pause.done_to(paused.clone(), now), paused, "it is already");
        assert_eq!(phase(&VoucherAct::Resume.done_to(paused, now)), VoucherPhase::Running);
        let revoked = VoucherAct::Revoke.done_to(running.clone(), now);
        assert_eq!(phase(&revoked), VoucherPhase::Revoked);
        assert_eq!(VoucherAct::Resume.done_to(revoked.clone(), now), revoked);
        let (one, batch) = (WhichVouchers::One(VoucherId(2)), WhichVouchers::Batch(VoucherBatchId(2)));
        assert!(!one.means(&running) && batch.means(&running));
    }
}
