//! A round's news as bytes: numbers of seven bits a byte, near ones as differences, so that a session that moved takes some
//! thirty bytes. What the numbers stand for is looked up when the event is told: rows of logins, sessions and cycles stay.

use accounting::Octets;
use accounting::ledger::{Reason, Unseen};
use accounting::time::Micros;

use crate::error::StoreError;
use crate::event::{RoundNews, SessionStep, UsageLine};

/// The layout below.
const LAYOUT: u8 = 1;

/// Which fields of a line are there.
mod flag {
    pub(super) const POSTED: u64 = 1;
    pub(super) const LOGIN: u64 = 2;
    pub(super) const SESSION: u64 = 4;
    pub(super) const CYCLE: u64 = 8;
    pub(super) const UNSEEN: u64 = 16;
    pub(super) const UNSEEN_TIME: u64 = 32;
    pub(super) const UNSEEN_UPPER: u64 = 64;
}

/// A round's news as bytes.
pub(crate) fn pack(news: &RoundNews) -> Vec<u8> {
    let mut out = Out(Vec::with_capacity(32 + 40 * news.usage.len()));
    out.0.push(LAYOUT);
    out.number(news.poll_seq);
    out.signed(news.at.0);
    out.number(news.usage.len() as u64);
    news.usage.iter().for_each(|line| pack_line(&mut out, line, news.at));
    out.number(news.sessions.len() as u64);
    for (no, step) in &news.sessions {
        out.number(*no);
        pack_step(&mut out, *step, news.at);
    }
    out.0
}

fn pack_line(out: &mut Out, line: &UsageLine, at: Micros) {
    let unseen = line.unseen;
    let (micros, upper) =
        (unseen.and_then(|unseen| unseen.micros), unseen.and_then(|unseen| unseen.upper_octets));
    let flags = [
        (flag::POSTED, line.posted),
        (flag::LOGIN, line.login.is_some()),
        (flag::SESSION, line.session.is_some()),
        (flag::CYCLE, line.cycle.is_some()),
        (flag::UNSEEN, unseen.is_some()),
        (flag::UNSEEN_TIME, micros.is_some()),
        (flag::UNSEEN_UPPER, upper.is_some()),
    ];
    out.number(flags.iter().filter(|(_, set)| *set).map(|(flag, _)| flag).sum());
    out.text(line.reason.as_str());
    out.signed(line.bucket - at.bucket());
    out.number(line.no);
    line.login.iter().for_each(|login| out.signed(*login));
    line.session.iter().for_each(|session| out.number(*session));
    line.cycle.iter().for_each(|cycle| out.signed(*cycle));
    out.number(line.added.input);
    out.number(line.added.output);
    out.before(line.from, at);
    out.before(line.to, at);
    micros.iter().chain(&upper).for_each(|number| out.number(*number));
}

fn pack_step(out: &mut Out, step: SessionStep, at: Micros) {
    match step {
        SessionStep::Started => out.number(0),
        SessionStep::Missing => out.number(1),
        SessionStep::Returned => out.number(2),
        SessionStep::Ended { last_seen_at, cause } => {
            out.number(3 + u64::from(cause.is_some()));
            out.before(last_seen_at, at);
            cause.iter().for_each(|cause| out.number(u64::from(*cause)));
        }
    }
}

/// The news of [`pack`].
///
/// # Errors
/// `Corrupt` for other bytes.
pub(crate) fn unpack(bytes: &[u8]) -> Result<RoundNews, StoreError> {
    unpacked(bytes).ok_or_else(|| StoreError::Corrupt("an event that waits cannot be read".to_owned()))
}

fn unpacked(bytes: &[u8]) -> Option<RoundNews> {
    let (layout, rest) = bytes.split_first()?;
    let mut read = Read(Some(rest).filter(|_| *layout == LAYOUT)?);
    let (poll_seq, at) = (read.number()?, Micros(read.signed()?));
    let lines = read.number()?;
    let usage = (0..lines).map(|_| line(&mut read, at)).collect::<Option<_>>()?;
    let steps = read.number()?;
    let sessions = (0..steps).map(|_| Some((read.number()?, step(&mut read, at)?))).collect::<Option<_>>()?;
    read.0.is_empty().then_some(RoundNews { poll_seq, at, usage, sessions })
}

fn line(read: &mut Read<'_>, at: Micros) -> Option<UsageLine> {
    let flags = read.number()?;
    let has = |flag| flags & flag != 0;
    let mut line = UsageLine {
        reason: Reason::from_name(read.text()?)?,
        bucket: at.bucket().checked_add(read.signed()?)?,
        no: read.number()?,
        login: read.when(has(flag::LOGIN), Read::signed)?,
        session: read.when(has(flag::SESSION), Read::number)?,
        cycle: read.when(has(flag::CYCLE), Read::signed)?,
        posted: has(flag::POSTED),
        added: Octets::new(read.number()?, read.number()?),
        from: read.before(at)?,
        to: read.before(at)?,
        unseen: None,
    };
    let micros = read.when(has(flag::UNSEEN_TIME), Read::number)?;
    let upper_octets = read.when(has(flag::UNSEEN_UPPER), Read::number)?;
    line.unseen = has(flag::UNSEEN).then_some(Unseen { micros, upper_octets });
    Some(line)
}

fn step(read: &mut Read<'_>, at: Micros) -> Option<SessionStep> {
    Some(match read.number()? {
        0 => SessionStep::Started,
        1 => SessionStep::Missing,
        2 => SessionStep::Returned,
        3 => SessionStep::Ended { last_seen_at: read.before(at)?, cause: None },
        4 => SessionStep::Ended {
            last_seen_at: read.before(at)?,
            cause: Some(u8::try_from(read.number()?).ok()?),
        },
        _ => return None,
    })
}

struct Out(Vec<u8>);

impl Out {
    fn number(&mut self, mut number: u64) {
        while number > 0x7f {
            self.0.push(number.to_le_bytes()[0] | 0x80);
            number >>= 7;
        }
        self.0.push(number.to_le_bytes()[0]);
    }

    /// Small ones of both signs are short.
    fn signed(&mut self, number: i64) {
        self.number((number << 1 ^ number >> 63).cast_unsigned());
    }

    fn before(&mut self, instant: Micros, at: Micros) {
        self.signed(at.0.wrapping_sub(instant.0));
    }

    fn text(&mut self, text: &str) {
        self.number(text.len() as u64);
        self.0.extend_from_slice(text.as_bytes());
    }
}

struct Read<'b>(&'b [u8]);

impl<'b> Read<'b> {
    fn number(&mut self) -> Option<u64> {
        let mut number = 0;
        for shift in (0..64).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u64::from(byte & 0x7f) << shift;
            if byte & 0x80 == 0 {
                return Some(number);
            }
        }
        None
    }

    fn signed(&mut self) -> Option<i64> {
        let number = self.number()?;
        Some((number >> 1).cast_signed() ^ -(number & 1).cast_signed())
    }

    fn before(&mut self, at: Micros) -> Option<Micros> {
        Some(Micros(at.0.wrapping_sub(self.signed()?)))
    }

    fn text(&mut self) -> Option<&'b str> {
        let length = usize::try_from(self.number()?).ok()?;
        let (text, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        std::str::from_utf8(text).ok()
    }

    /// `None` where it should be there and is not.
    fn when<T>(&mut self, is_there: bool, read: fn(&mut Self) -> Option<T>) -> Option<Option<T>> {
        if is_there { read(self).map(Some) } else { Some(None) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn news() -> RoundNews {
        let at = Micros(1_795_000_000_123_456);
        let line = UsageLine {
            bucket: at.bucket() - 1,
            no: 77,
            login: Some(5),
            session: Some(9),
            cycle: Some(4),
            reason: Reason::Grew,
            posted: true,
            added: Octets::new(1_500_000, u64::MAX),
            from: Micros(at.0 - 300_000_000),
            to: at,
            unseen: None,
        };
        let unseen = |micros, upper_octets| Some(Unseen { micros, upper_octets });
        let nobodys = UsageLine { login: None, session: None, cycle: None, ..line.clone() };
        let ended = |last_seen_at, cause| SessionStep::Ended { last_seen_at, cause };
        RoundNews {
            poll_seq: 300,
            at,
            usage: vec![
                line.clone(),
                UsageLine { posted: false, reason: Reason::Held, unseen: unseen(None, Some(7)), ..line },
                UsageLine { unseen: unseen(Some(0), None), to: Micros(i64::MIN), ..nobodys.clone() },
                UsageLine { unseen: unseen(None, None), from: Micros(i64::MAX), ..nobodys },
            ],
            sessions: vec![
                (1, SessionStep::Started),
                (2, SessionStep::Missing),
                (3, SessionStep::Returned),
                (4, ended(Micros(at.0 + 1), Some(11))),
                (u64::MAX, ended(Micros(0), None)),
            ],
        }
    }

    #[test]
    fn news_come_back_as_they_were() {
        let news = news();
        assert_eq!(unpack(&pack(&news)), Ok(news));
    }

    #[test]
    fn a_session_that_grew_takes_some_thirty_bytes() {
        let mut many = news();
        many.usage.truncate(1);
        many.sessions.clear();
        many.usage[0].added = Octets::new(1_500_000, 45_000_000);
        let one = pack(&many).len();
        many.usage = vec![many.usage[0].clone(); 1_001];
        let thousand = pack(&many).len() - one;
        assert!(thousand / 1_000 <= 30, "{}", thousand / 1_000);
    }

    #[test]
    fn half_an_event_is_none() {
        let whole = pack(&news());
        for length in 0..whole.len() {
            assert!(unpack(&whole[..length]).is_err(), "{length}");
        }
        assert!(unpack(&[&whole[..], &[0]].concat()).is_err());
        assert!(unpack(&[&[9], &whole[1..]].concat()).is_err());
    }
}
