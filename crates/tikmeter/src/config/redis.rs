//! Telling other programs over Redis.

use std::time::Duration;

use server::{EventsSettings, RedisUrl};

use crate::config::loaded::Loaded;
use crate::config::problem::Problem;

/// Entries that the stream may keep.
const MOST_ENTRIES: u64 = 1_000_000_000;
/// Days for which events that cannot be told may be kept.
const MOST_DAYS: u64 = 366;
/// Megabytes of them.
const MOST_MEGABYTES: u64 = 1_000_000;

impl Loaded {
    /// How events are told; `None` where no Redis is named. The other keys are judged all the same.
    pub(super) fn events(&self) -> Result<Option<EventsSettings>, Problem> {
        let stream_entries = self.parsed("redis.events_max", |text| number(text, MOST_ENTRIES))?;
        let traffic_entries = self.parsed("redis.traffic_max", |text| number(text, MOST_ENTRIES))?;
        let days = self.parsed("redis.outbox_days", |text| number(text, MOST_DAYS))?;
        let megabytes = self.parsed("redis.outbox_mb", |text| number(text, MOST_MEGABYTES))?;
        if self.get("redis.url").is_none() {
            return Ok(None);
        }
        Ok(Some(EventsSettings {
            redis: self.parsed("redis.url", RedisUrl::parse)?,
            stream_entries,
            traffic_entries,
            keep: Duration::from_secs(days * 86_400),
            keep_bytes: megabytes * 1_000_000,
        }))
    }
}

fn number(text: &str, most: u64) -> Result<u64, String> {
    let number = text.parse::<u64>().ok().filter(|number| (1..=most).contains(number));
    number.ok_or_else(|| format!("`{}` is no number from 1 to {most}", text.escape_debug()))
}
