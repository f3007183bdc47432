//! `tikmeter voucher create`.

use clap::ValueEnum;
use serde::Serialize;

use super::view::Batch;
use crate::cli::caller::Caller;
use crate::failure::Failure;
use crate::quantity;

/// New vouchers. Flags go before what the plan says.
#[derive(Debug, clap::Args, Serialize)]
pub(crate) struct CreateArgs {
    /// How many, up to 10,000
    #[arg(value_parser = clap::value_parser!(u32).range(1..=10_000))]
    count: u32,
    /// The plan whose terms they have; a plan that changes later changes none of them
    #[arg(long)]
    plan: Option<String>,
    /// Without a time limit
    #[arg(long, conflicts_with = "validity")]
    developer: bool,
    /// How long each lasts from its first use on, for example 30m, 12h or 30d
    #[arg(long, value_parser = quantity::validity)]
    validity: Option<String>,
    /// What each costs, a decimal number in your currency
    #[arg(long, value_parser = quantity::price)]
    price: Option<String>,
    /// How many devices may be in at once with one of them
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=100))]
    devices: Option<u32>,
    /// Upload limit of each device, for example 1M
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps)]
    #[serde(rename = "rate_up_bps")]
    rate_up: Option<u64>,
    /// Download limit of each device, for example 2M
    #[arg(long, value_name = "SPEED", value_parser = quantity::bps)]
    #[serde(rename = "rate_down_bps")]
    rate_down: Option<u64>,
    /// Volume of both directions and all devices of one of them, for example 5G
    #[arg(long, value_name = "VOLUME", value_parser = quantity::octets)]
    #[serde(rename = "quota_octets")]
    quota: Option<u64>,
    /// Who sells them
    #[arg(long)]
    seller: Option<String>,
    /// Whatever else there is to say
    #[arg(long)]
    note: Option<String>,
    /// What codes are made of; no sign looks like another
    #[arg(long, value_enum, default_value_t = Signs::Mixed)]
    signs: Signs,
    /// Of how many signs codes are [default: as few as are safe]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=20))]
    length: Option<u32>,
}

/// What codes are made of.
#[derive(Clone, Copy, Debug, Serialize, ValueEnum)]
#[serde(rename_all = "snake_case")]
enum Signs {
    /// Letters and digits
    Mixed,
    /// Letters only
    Letters,
    /// Digits only
    Digits,
}

impl CreateArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        caller.add(&["voucher-batches"], self, Batch::made).await
    }
}
