//! What a history and an export can look like.

/// How long the steps of a history are.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Step {
    /// 15 minutes, as the ledger keeps them
    #[value(name = "15m")]
    Quarter,
    /// Hours of the zone's clock
    Hour,
    /// Days of the zone's calendar
    Day,
}

impl Step {
    /// As the server calls it.
    pub(super) fn name(self) -> &'static str {
        match self {
            Step::Quarter => "15m",
            Step::Hour => "hour",
            Step::Day => "day",
        }
    }
}

/// What an export looks like.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Format {
    /// A table; cells that a spreadsheet would run as a formula have an apostrophe before them
    Csv,
    /// One JSON object a line
    Ndjson,
}
