//! What was sold.

use serde::Serialize;
use utoipa::ToSchema;

/// Vouchers that were sold: somebody was let in with them first on these days.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherSales {
    /// The zone whose days they are.
    pub zone: String,
    /// The first day.
    #[schema(examples("2026-11-01"))]
    pub from: String,
    /// The last day.
    #[schema(examples("2026-11-30"))]
    pub to: String,
    /// In the order of days, plans and sellers.
    pub items: Vec<VoucherSalesLine>,
    /// All of them together.
    pub total: VoucherSalesLine,
}

/// Vouchers of one day, plan and seller, as far as lines are kept apart by them.
#[derive(Debug, Serialize, ToSchema)]
pub struct VoucherSalesLine {
    /// The day; null where lines are not kept apart by it.
    #[schema(required)]
    pub day: Option<String>,
    /// The plan; null where lines are not kept apart by it, and of vouchers without one.
    #[schema(required)]
    pub plan: Option<String>,
    /// The seller; null where lines are not kept apart by them, and of vouchers without one.
    #[schema(required)]
    pub seller: Option<String>,
    /// How many.
    pub sold: u64,
    /// How many of them were revoked since.
    pub revoked: u64,
    /// How many of them have no price.
    pub unpriced: u64,
    /// The sum of the prices of all others, exact; a decimal number in text.
    #[schema(examples("1234.50"))]
    pub amount: String,
}
