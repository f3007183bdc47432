//! What look-ups say: who is found by which interfaces, and whether the running stream measures these.

use std::collections::BTreeSet;
use std::time::Duration;

use operations::Standing;
use tokio::time::Instant;
use uuid::Uuid;

use super::Desk;
use crate::monitor::look::{Found, Interfaces};
use crate::monitor::said::Said;
use crate::monitor::stream::{Stream, WITHOUT_STREAM};

/// Look-ups in a row may be refused or not answered, at least in part, while what was found before is still believed.
const BELIEVED_FOR: u32 = 3;

impl Desk {
    /// What a look-up found.
    pub(super) fn take_found(&mut self, mut found: Found, now: Instant) -> Vec<Said> {
        let mut said = Vec::new();
        found.retain(|id, _| self.wanted.contains_key(id));
        let refused_before = std::mem::take(&mut self.looks_refused);
        for (id, found) in found {
            match found {
                Ok(Interfaces { names, youngest_s, handle }) if !names.is_empty() => {
                    self.renew |= self.is_younger_than_stream(&id, youngest_s, now);
                    self.renew |= self.is_made_anew(id, handle);
                    self.found.insert(id, names);
                }
                Ok(_) => {
                    self.found.remove(&id);
                    said.push(Said::Stands(id, Standing::NoSession));
                }
                // A session that went while the table was printed is enough for that: what was found before may still be so.
                Err(_) if self.found.contains_key(&id) && refused_before < BELIEVED_FOR => {
                    (self.stale, self.looks_refused) = (true, refused_before + 1);
                }
                Err(why) => {
                    self.found.remove(&id);
                    said.push(Said::Stands(id, Standing::Trouble(why)));
                }
            }
        }
        self.judge_lacking(now);
        self.forget_lost_suspects();
        said
    }

    /// What the stream lacks was found all the same: it is another interface of that name, and if the next stream lacks it
    /// too, one that this router measures in no stream.
    fn judge_lacking(&mut self, now: Instant) {
        let lacking = self.stream.iter().flat_map(Stream::lacking);
        let lacking: Vec<&[u8]> = lacking.filter(|name| self.is_found(name)).collect();
        let found: BTreeSet<&[u8]> = self.found.values().flatten().map(|name| &**name).collect();
        self.lacked.retain(|name| found.contains(&**name));
        self.unlisted.retain(|name, until| *until > now && found.contains(&**name));
        for name in lacking {
            if self.lacked.insert(name.into()) {
                self.renew = true;
            } else {
                self.lacked.remove(name);
                self.unlisted.insert(name.into(), now + WITHOUT_STREAM);
            }
        }
    }

    fn is_found(&self, name: &[u8]) -> bool {
        self.found.values().flatten().any(|found| **found == *name)
    }

    /// What faces somebody is another interface than before, whatever it is called.
    fn is_made_anew(&mut self, id: Uuid, handle: Option<u64>) -> bool {
        let Some(handle) = handle else { return false };
        self.facing.insert(id, handle).is_some_and(|before| before != handle)
    }

    /// A session that began after the stream has another interface than the one that is measured, whatever it is called.
    fn is_younger_than_stream(&self, id: &Uuid, youngest_s: Option<u64>, now: Instant) -> bool {
        let Some((stream, seconds)) = self.stream.as_ref().zip(youngest_s) else { return false };
        let is_measured = stream.lines().iter().any(|line| line.customer == *id);
        let began_no_sooner = now.checked_sub(Duration::from_secs(seconds + 1));
        is_measured && began_no_sooner.is_some_and(|began| began > stream.begun_at())
    }
}
