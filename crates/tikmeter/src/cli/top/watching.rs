//! Live samples of the chosen one, over the server's live messages.

use std::pin::Pin;

use serde_json::json;

use super::history::Rates;
use crate::cli::monitor::Told;
use crate::client::{Client, Live};
use crate::failure::Failure;
use crate::output::{grouped, many, printable};

type Connecting<'c> = Pin<Box<dyn Future<Output = Result<Live, Failure>> + Send + 'c>>;

/// Whom somebody watches.
pub(super) enum Watching<'c> {
    /// Nobody.
    Nobody,
    /// The server is being asked.
    Begun(Connecting<'c>),
    /// It tells.
    Told(Box<Live>),
}

/// What is heard of who is watched.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Heard {
    /// What they move, and what that is, in words.
    Sample(Rates, String),
    /// How watching stands, in words.
    Stands(String),
}

impl<'c> Watching<'c> {
    /// Begins to watch a subscriber.
    pub(super) fn begin(client: &'c Client, subscriber: String) -> Watching<'c> {
        Watching::Begun(Box::pin(async move {
            let mut live = client.live().await?;
            live.ask(&json!({ "type": "subscribe", "subscriber": subscriber })).await?;
            Ok(live)
        }))
    }

    /// What is heard next; never anything where nobody is watched. Nothing is lost when this is not waited for to the end.
    pub(super) async fn next(&mut self) -> Heard {
        loop {
            let ended = match self {
                Watching::Nobody => std::future::pending().await,
                Watching::Begun(connecting) => match connecting.await {
                    Ok(live) => {
                        *self = Watching::Told(Box::new(live));
                        continue;
                    }
                    Err(failure) => failure,
                },
                Watching::Told(live) => match live.next().await {
                    Ok(words) => match heard(&words) {
                        Some(heard) => return heard,
                        None => continue,
                    },
                    Err(failure) => failure,
                },
            };
            *self = Watching::Nobody;
            return Heard::Stands(printable(&ended.to_string()));
        }
    }
}

fn heard(words: &str) -> Option<Heard> {
    let Ok(told) = serde_json::from_str(words) else {
        return Some(Heard::Stands("The server told something this command does not understand.".to_owned()));
    };
    match told {
        Told::Subscribed { standing_text, .. } | Told::Standing { standing_text, .. } => {
            Some(Heard::Stands(printable(&standing_text)))
        }
        Told::Error { detail, .. } => Some(Heard::Stands(printable(&detail))),
        Told::Dropped { samples } => {
            Some(Heard::Stands(format!("{} not shown: this end is too slow.", many(samples, "sample"))))
        }
        Told::Sample(sample) => {
            let rates = Rates { download: sample.rates.download_bps, upload: sample.rates.upload_bps };
            let words = match sample.over_ms {
                Some(over_ms) => {
                    format!("Live: its router is read for it, mean over {} ms.", grouped(over_ms))
                }
                None => "Live: its router measures it.".to_owned(),
            };
            Some(Heard::Sample(rates, words))
        }
        Told::Other => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_rates_and_the_rest_is_words() {
        let sample = json!({"type": "sample", "username": "ana", "router": "tower", "no": 1,
            "at": "2026-11-21T14:02:05Z", "upload_bps": 6, "download_bps": 5});
        let told = heard(&sample.to_string());
        let rates = Rates { download: 5, upload: 6 };
        assert_eq!(told, Some(Heard::Sample(rates, "Live: its router measures it.".to_owned())));
        let refused = json!({"type": "error", "asked": "ana", "status": 409, "detail": "no session\u{1b}"});
        assert_eq!(heard(&refused.to_string()), Some(Heard::Stands("no session\\x1b".to_owned())));
        assert_eq!(heard(r#"{"type":"heartbeat","at":"x"}"#), None);
    }
}
