//! Certificates that change while they are shown.

use std::sync::Arc;
use std::time::Duration;

use server::ServedCertificate;
use tokio_util::sync::CancellationToken;

/// Between two looks at the files of a certificate, which are small.
const EVERY: Duration = Duration::from_secs(5);

/// Shows another certificate as soon as it is there.
pub(super) async fn keep_up(who: &str, certificate: Option<Arc<ServedCertificate>>, stop: CancellationToken) {
    let Some(certificate) = certificate else { return };
    let mut trouble = None;
    while stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_some() {
        let read = Arc::clone(&certificate);
        let read = tokio::task::spawn_blocking(move || read.read_again()).await;
        trouble = match read.map_err(|broken| broken.to_string()).flatten() {
            Ok(is_new) => {
                if is_new {
                    tracing::info!("{who} shows another certificate");
                }
                None
            }
            Err(why) => {
                if trouble.as_ref() != Some(&why) {
                    tracing::error!("{who} goes on with the certificate of before: {why}");
                }
                Some(why)
            }
        };
    }
}
