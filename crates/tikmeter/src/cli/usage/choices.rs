//! What a history can look like.

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
