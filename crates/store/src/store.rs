//! Everything a store can do, as one trait object.

use crate::accounting_repository::AccountingRepository;
use crate::adoption_repository::AdoptionRepository;
use crate::audit_repository::AuditRepository;
use crate::binding_repository::BindingRepository;
use crate::command_repository::CommandRepository;
use crate::credit_repository::CreditRepository;
use crate::hold_repository::HoldRepository;
use crate::import_repository::ImportRepository;
use crate::installation_repository::InstallationRepository;
use crate::lease_repository::LeaseRepository;
use crate::ledger_repository::LedgerRepository;
use crate::limit_session_repository::LimitSessionRepository;
use crate::nas_repository::NasRepository;
use crate::operator_repository::OperatorRepository;
use crate::outbox_repository::OutboxRepository;
use crate::plan_edge_repository::PlanEdgeRepository;
use crate::plan_repository::PlanRepository;
use crate::plan_speed_repository::PlanSpeedRepository;
use crate::profile_repository::ProfileRepository;
use crate::rate_limit_repository::RateLimitRepository;
use crate::renewal_repository::RenewalRepository;
use crate::retention_repository::RetentionRepository;
use crate::search_repository::SearchRepository;
use crate::session_repository::SessionRepository;
use crate::sign_in_repository::SignInRepository;
use crate::subscriber_repository::SubscriberRepository;
use crate::token_repository::TokenRepository;
use crate::told_rates_repository::ToldRatesRepository;
use crate::unknown_login_repository::UnknownLoginRepository;
use crate::usage_repository::UsageRepository;
use crate::verify_repository::VerifyRepository;
use crate::voucher_device_repository::VoucherDeviceRepository;
use crate::voucher_import_repository::VoucherImportRepository;
use crate::voucher_login_repository::VoucherLoginRepository;
use crate::voucher_repository::VoucherRepository;
use crate::voucher_time_repository::VoucherTimeRepository;

/// All repositories of one database; handed around as `Arc<dyn Store>`.
pub trait Store:
    AccountingRepository
    + AdoptionRepository
    + AuditRepository
    + BindingRepository
    + CommandRepository
    + CreditRepository
    + HoldRepository
    + ImportRepository
    + InstallationRepository
    + LeaseRepository
    + LedgerRepository
    + LimitSessionRepository
    + NasRepository
    + OperatorRepository
    + OutboxRepository
    + PlanEdgeRepository
    + PlanRepository
    + PlanSpeedRepository
    + ProfileRepository
    + RateLimitRepository
    + RenewalRepository
    + RetentionRepository
    + SearchRepository
    + SessionRepository
    + SignInRepository
    + SubscriberRepository
    + ToldRatesRepository
    + TokenRepository
    + UnknownLoginRepository
    + UsageRepository
    + VerifyRepository
    + VoucherDeviceRepository
    + VoucherImportRepository
    + VoucherLoginRepository
    + VoucherRepository
    + VoucherTimeRepository
{
}

impl<S> Store for S where
    S: AccountingRepository
        + AdoptionRepository
        + AuditRepository
        + BindingRepository
        + CommandRepository
        + CreditRepository
        + HoldRepository
        + ImportRepository
        + InstallationRepository
        + LeaseRepository
        + LedgerRepository
        + LimitSessionRepository
        + NasRepository
        + OperatorRepository
        + OutboxRepository
        + PlanEdgeRepository
        + PlanRepository
        + PlanSpeedRepository
        + ProfileRepository
        + RateLimitRepository
        + RenewalRepository
        + RetentionRepository
        + SearchRepository
        + SessionRepository
        + SignInRepository
        + SubscriberRepository
        + ToldRatesRepository
        + TokenRepository
        + UnknownLoginRepository
        + UsageRepository
        + VerifyRepository
        + VoucherDeviceRepository
        + VoucherImportRepository
        + VoucherLoginRepository
        + VoucherRepository
        + VoucherTimeRepository
{
}
