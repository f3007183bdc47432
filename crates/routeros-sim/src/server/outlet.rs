//! What goes out: counted, and in small pieces where a fault wants it so.

use std::io;
use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use super::api_ssl::Stream;
use super::stats::Counting;

/// Writes `bytes`, calling `before_last` when only the last piece is left: then, and not before, the client
/// is about to have the whole.
pub(crate) async fn write(
    stream: &mut Box<dyn Stream>,
    counting: &Counting,
    bytes: &[u8],
    trickle: Option<(usize, Duration)>,
    before_last: impl FnOnce(),
) -> io::Result<()> {
    let (piece, pause) = trickle.unwrap_or((bytes.len().max(1), Duration::ZERO));
    let last = bytes.len().saturating_sub(1) / piece * piece;
    for part in bytes[..last].chunks(piece) {
        stream.write_all(part).await?;
        stream.flush().await?;
        Counting::add(&counting.bytes_out, part.len());
        tokio::time::sleep(pause).await;
    }
    before_last();
    stream.write_all(&bytes[last..]).await?;
    stream.flush().await?;
    Counting::add(&counting.bytes_out, bytes.len() - last);
    Ok(())
}
