//! What each of the processes that share routers did of all.

use crate::figure::Result;

/// A router as the database has it: who polls it, since how many changes of hands, and how many rounds were committed.
#[derive(Clone, Debug)]
pub(super) struct Router {
    pub(super) holder: Option<String>,
    pub(super) epoch: i64,
    pub(super) rounds: i64,
}

/// What each process did of all.
pub(super) struct Shares(pub(super) Vec<Share>);

#[derive(Debug)]
pub(super) struct Share {
    pub(super) name: String,
    pub(super) routers: u64,
    /// Times routers were asked for their counters.
    pub(super) asked: u64,
    /// Rounds committed.
    pub(super) rounds: u64,
}

impl Shares {
    /// Who polls a router now did all its rounds since, for none changed hands. `turns`: how often each router was asked.
    pub(super) fn of(before: &[Router], after: &[Router], turns: &[&[u64]]) -> Result<Shares> {
        let mut shares: Vec<Share> = Vec::new();
        for (router, (then, now)) in before.iter().zip(after).enumerate() {
            let asked = turns.iter().filter_map(|turn| turn.get(router)).sum();
            let rounds = u64::try_from(now.rounds - then.rounds)?;
            let name = now.holder.clone().filter(|_| now.epoch == then.epoch);
            let name = name.ok_or("a router changed hands, so that nobody knows who polled it")?;
            if rounds < turns.len() as u64 {
                return Err(format!("{rounds} rounds of a router of {name} were committed").into());
            }
            match shares.iter_mut().find(|share| share.name == name) {
                Some(share) => share.add(asked, rounds),
                None => shares.push(Share { name, routers: 1, asked, rounds }),
            }
        }
        Ok(Shares(shares))
    }

    /// The share of whoever did less, and all of it in words.
    pub(super) fn least(&self, what: impl Fn(&Share) -> u64) -> (f64, String) {
        let all: u64 = self.0.iter().map(&what).sum();
        let least = self.0.iter().map(&what).min().unwrap_or_default();
        let told: Vec<String> =
            self.0.iter().map(|share| format!("{} {}", share.name, what(share))).collect();
        #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
        let share = least as f64 / all as f64;
        (share, told.join(", "))
    }
}

impl Share {
    fn add(&mut self, asked: u64, rounds: u64) {
        (self.routers, self.asked, self.rounds) =
            (self.routers + 1, self.asked + asked, self.rounds + rounds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn router(holder: &str, epoch: i64, rounds: i64) -> Router {
        Router { holder: Some(holder.to_owned()), epoch, rounds }
    }

    #[test]
    fn the_share_of_whoever_did_less_is_told() {
        let before = ["east", "west", "west", "west"].map(|name| router(name, 2, 10));
        let after = [("east", 18), ("west", 16), ("west", 16), ("west", 16)];
        let after = after.map(|(name, rounds)| router(name, 2, rounds));
        let shares = Shares::of(&before, &after, &[&[5, 3, 3, 3], &[4, 3, 3, 3]]).unwrap();
        let (share, told) = shares.least(|share| share.rounds);
        assert!((share - 8.0 / 26.0).abs() < 1e-9, "{share}");
        assert_eq!(told, "east 8, west 18");
        assert_eq!(shares.least(|share| share.asked).1, "east 9, west 18");
    }

    #[test]
    fn a_change_of_hands_and_a_round_too_few_are_errors() {
        let turns: [&[u64]; 2] = [&[1], &[1]];
        let after =
            |epoch, rounds| Shares::of(&[router("east", 2, 10)], &[router("east", epoch, rounds)], &turns);
        assert!(after(2, 12).is_ok());
        assert!(after(3, 12).is_err());
        assert!(after(2, 11).is_err());
    }
}
