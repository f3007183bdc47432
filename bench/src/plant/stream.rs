//! What stands in the stream of events, read past the publisher.

use std::collections::HashMap;

use accounting::Octets;
use redis::{Cmd, Connection};
use server::STREAM;

use crate::figure::Result;
use crate::sums::exact;

/// About how many entries the stream may keep: more than any round here has.
pub(crate) const MOST: u64 = 1_000_000;
/// Entries that are read at once.
const PAGE: usize = 500;

/// An entry: names and values in turns.
pub(crate) struct Entry(Vec<Vec<u8>>);

impl Entry {
    /// The command that adds it, as the publisher sends it.
    pub(crate) fn command(&self) -> Cmd {
        let mut command = redis::cmd("XADD");
        command.arg(STREAM).arg("MAXLEN").arg("~").arg(MOST).arg("*").arg(&self.0);
        command
    }

    fn field(&self, name: &str) -> Result<&str> {
        let found = self.0.chunks_exact(2).find_map(|pair| match pair {
            [key, value] if key == name.as_bytes() => Some(value),
            _ => None,
        });
        Ok(std::str::from_utf8(found.ok_or_else(|| format!("an entry has no {name}"))?)?)
    }

    /// The octets of all its lines.
    fn octets(&self) -> Result<Octets> {
        let data = self.field("data")?;
        Ok(Octets::new(added_up(data, "\"upload_octets\":")?, added_up(data, "\"download_octets\":")?))
    }
}

/// The numbers that follow a word.
fn added_up(text: &str, word: &str) -> Result<u64> {
    let mut sum = 0;
    for rest in text.split(word).skip(1) {
        let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next().unwrap_or_default();
        sum += digits.parse::<u64>()?;
    }
    Ok(sum)
}

/// Removes what stands there, and begins the server's counts anew.
pub(crate) fn empty(connection: &mut Connection) -> Result<()> {
    redis::cmd("DEL").arg(STREAM).exec(connection)?;
    Ok(redis::cmd("CONFIG").arg("RESETSTAT").exec(connection)?)
}

/// How often the server ran a transaction since its counts were begun anew.
pub(crate) fn transactions(connection: &mut Connection) -> Result<usize> {
    let told: String = redis::cmd("INFO").arg("commandstats").query(connection)?;
    let calls = told.lines().find_map(|line| line.strip_prefix("cmdstat_exec:calls=")?.split(',').next());
    Ok(calls.ok_or("Redis counted no transaction")?.parse()?)
}

/// All of it.
pub(crate) fn read(connection: &mut Connection) -> Result<Vec<Entry>> {
    let (mut entries, mut after) = (Vec::new(), "-".to_owned());
    loop {
        let mut page = redis::cmd("XRANGE");
        page.arg(STREAM).arg(&after).arg("+").arg("COUNT").arg(PAGE);
        let page: Vec<(String, Vec<Vec<u8>>)> = page.query(connection)?;
        let Some((last, _)) = page.last() else { return Ok(entries) };
        after = format!("({last}");
        entries.extend(page.into_iter().map(|(_, fields)| Entry(fields)));
    }
}

/// Refuses a stream that is not so many entries, those of each router in their order without a gap, with exactly these octets.
pub(crate) fn check(who: &str, entries: &[Entry], count: u64, gained: Octets) -> Result<()> {
    let (mut octets, mut last) = (Octets::default(), HashMap::new());
    for entry in entries {
        octets += entry.octets()?;
        let (router, seq) = (entry.field("router")?, entry.field("seq")?.parse::<u64>()?);
        if let Some(before) = last.insert(router, seq) {
            exact(&format!("{who}, the place of an event of {router}"), seq, before + 1)?;
        }
    }
    exact(who, (entries.len() as u64, octets), (count, gained))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(seq: &str, data: &str) -> Entry {
        let fields = ["router", "bench-0", "seq", seq, "data", data];
        Entry(fields.iter().map(|field| field.as_bytes().to_vec()).collect())
    }

    #[test]
    fn a_gap_a_repetition_and_an_octet_too_few_are_errors() {
        let line = r#"[{"upload_octets":3,"download_octets":40,"posted":true},{"upload_octets":4,"download_octets":2}]"#;
        let told = |places: [&str; 2]| places.map(|seq| entry(seq, line));
        check("events", &told(["7", "8"]), 2, Octets::new(14, 84)).unwrap();
        check("events", &told(["7", "8"]), 2, Octets::new(14, 85)).unwrap_err();
        check("events", &told(["7", "8"]), 3, Octets::new(14, 84)).unwrap_err();
        for places in [["7", "9"], ["7", "7"], ["8", "7"]] {
            check("events", &told(places), 2, Octets::new(14, 84)).unwrap_err();
        }
    }
}
