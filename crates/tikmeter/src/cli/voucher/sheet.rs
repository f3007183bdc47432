//! `tikmeter voucher print`.

use crate::cli::caller::Caller;
use crate::cli::paging::count;
use crate::failure::Failure;
use crate::output::Exported;

/// A batch, and what stands on each voucher.
#[derive(Debug, clap::Args)]
pub(crate) struct PrintArgs {
    /// The batch's number
    #[arg(value_parser = count)]
    batch: String,
    /// The name of your shop or network
    #[arg(long)]
    title: Option<String>,
    /// The portal's address for phones, like http://10.5.50.1:8080/portal: each voucher gets a code that they read
    #[arg(long, value_name = "URL")]
    portal: Option<String>,
    /// Vouchers beside each other, 1 to 6 [default: 3]
    #[arg(long, value_name = "N", value_parser = count)]
    columns: Option<String>,
}

impl PrintArgs {
    pub(super) async fn run(&self, caller: &Caller) -> Result<(), Failure> {
        let query = [
            ("title", self.title.as_deref()),
            ("portal", self.portal.as_deref()),
            ("columns", self.columns.as_deref()),
        ];
        let path = ["voucher-batches", &self.batch, "sheet.html"];
        let mut download = caller.client.download(&path, &query).await?;
        caller.note_simulated(download.simulated);
        let mut out = Exported::new();
        while let Some(part) = download.next().await? {
            out.write(&part)?;
        }
        Ok(out.end()?)
    }
}
