//! The codes of vouchers: what their owners type. So many can be made of the signs that guessing is hopeless, and none of the signs
//! looks like another.

use std::collections::HashSet;

use crate::counts::grouped;
use crate::error::OperationError;

/// For each code of a batch so many must be possible: whoever guesses hits one of them in a thousand million tries, and the portal slows
/// them down.
const FOR_EACH: u128 = 1_000_000_000;
/// The shortest and the longest code.
const LENGTHS: std::ops::RangeInclusive<u32> = 8..=20;

/// What codes are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CodeSigns {
    /// Letters and digits.
    #[default]
    Mixed,
    /// Letters only.
    Letters,
    /// Digits only.
    Digits,
}

/// Each with its stable name and its signs. Left out of all: 0 and O, 1, I and L; of mixed ones also those of 2 and Z, 5 and S, 8 and B
/// that are letters.
pub const CODE_SIGNS: [(CodeSigns, &str, &str); 3] = [
    (CodeSigns::Mixed, "mixed", "23456789ACDEFGHJKMNPQRTUVWXY"),
    (CodeSigns::Letters, "letters", "ABCDEFGHJKMNPQRSTUVWXYZ"),
    (CodeSigns::Digits, "digits", "23456789"),
];

impl CodeSigns {
    /// Those of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        CODE_SIGNS.iter().find(|(_, known, _)| *known == name).map(|(signs, ..)| *signs)
    }

    fn all(self) -> &'static [u8] {
        CODE_SIGNS.iter().find(|(signs, ..)| *signs == self).map_or(b"", |(.., all)| all.as_bytes())
    }
}

/// What codes look like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct CodeForm {
    signs: CodeSigns,
    length: u32,
}

impl CodeForm {
    /// That of `count` codes; without a length they are as short as they may be.
    ///
    /// # Errors
    /// `Invalid` when so few codes are possible that one of them could be guessed; it says how many and what would do.
    pub(super) fn of(signs: CodeSigns, length: Option<u32>, count: u32) -> Result<CodeForm, OperationError> {
        let needed = FOR_EACH * u128::from(count);
        let of_length = |length| CodeForm { signs, length };
        let shortest = LENGTHS.map(of_length).find(|form| form.possible() >= needed);
        let shortest = shortest.ok_or_else(|| of_length(*LENGTHS.end()).too_few(count, None))?;
        match length {
            None => Ok(shortest),
            Some(length) if length > *LENGTHS.end() => Err(OperationError::Invalid(format!(
                "a code of {length} signs is too long to type; choose a length from {} to {}. Nothing was made",
                shortest.length,
                LENGTHS.end()
            ))),
            Some(length) if length < shortest.length => {
                Err(of_length(length).too_few(count, Some(shortest.length)))
            }
            Some(length) => Ok(of_length(length)),
        }
    }

    /// How many codes there can be.
    fn possible(self) -> u128 {
        (self.signs.all().len() as u128).saturating_pow(self.length)
    }

    fn too_few(self, count: u32, enough: Option<u32>) -> OperationError {
        let shown = |number: u128| u64::try_from(number).map_or_else(|_| number.to_string(), grouped);
        let remedy = enough.map_or_else(
            || "make fewer at once".to_owned(),
            |length| format!("choose a length of at least {length}, or other signs"),
        );
        OperationError::Invalid(format!(
            "of {} signs only {} codes of {} can be made, and {} {} at least {} so that nobody guesses one; {remedy}. Nothing was made",
            self.signs.all().len(),
            shown(self.possible()),
            self.length,
            grouped(u64::from(count)),
            if count == 1 { "voucher needs" } else { "vouchers need" },
            shown(FOR_EACH * u128::from(count)),
        ))
    }
}

/// Draws `count` different codes; `random` fills octets of which each value is as likely as every other.
///
/// # Errors
/// Those of `random`.
pub(super) fn draw<E>(
    form: CodeForm,
    count: usize,
    random: impl FnMut(&mut [u8]) -> Result<(), E>,
) -> Result<Vec<String>, E> {
    let mut signs = Signs { all: form.signs.all(), random, drawn: [0; 512], left: 0 };
    let (mut codes, mut known) = (Vec::with_capacity(count), HashSet::with_capacity(count));
    while codes.len() < count {
        let code = (0..form.length).map(|_| signs.next()).collect::<Result<String, E>>()?;
        if known.insert(code.clone()) {
            codes.push(code);
        }
    }
    Ok(codes)
}

/// Signs, each as likely as every other.
struct Signs<F> {
    all: &'static [u8],
    random: F,
    drawn: [u8; 512],
    left: usize,
}

impl<E, F: FnMut(&mut [u8]) -> Result<(), E>> Signs<F> {
    /// Octets above the last multiple of the number of signs would favour the first ones, so they are thrown away.
    fn next(&mut self) -> Result<char, E> {
        let even = 256 - 256 % self.all.len();
        loop {
            if self.left == 0 {
                (self.random)(&mut self.drawn)?;
                self.left = self.drawn.len();
            }
            self.left -= 1;
            let octet = usize::from(self.drawn[self.left]);
            if octet < even {
                return Ok(char::from(self.all[octet % self.all.len()]));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::convert::Infallible;

    use super::*;

    fn form(signs: CodeSigns, count: u32) -> CodeForm {
        CodeForm::of(signs, None, count).unwrap()
    }

    #[test]
    fn no_sign_looks_like_another() {
        for (_, name, signs) in CODE_SIGNS {
            let all: HashSet<char> = signs.chars().collect();
            assert_eq!(all.len(), signs.len(), "{name}");
            for look_alikes in ["0O", "1IL", "2Z", "5S", "8B"] {
                let there = look_alikes.chars().filter(|sign| all.contains(sign)).count();
                assert!(there <= 1, "{name}: {look_alikes}");
            }
            assert!(!signs.contains(['0', 'O', '1', 'I', 'L']), "{name}");
        }
    }

    #[test]
    fn codes_are_as_short_as_is_safe() {
        for (signs, count, length) in [
            (CodeSigns::Mixed, 1, 8),
            (CodeSigns::Mixed, 377, 8),
            (CodeSigns::Mixed, 378, 9),
            (CodeSigns::Mixed, 10_000, 9),
            (CodeSigns::Letters, 10_000, 10),
            (CodeSigns::Digits, 1, 10),
            (CodeSigns::Digits, 10_000, 15),
        ] {
            assert_eq!(form(signs, count), CodeForm { signs, length }, "{count}");
        }
    }

    #[test]
    fn a_batch_whose_codes_could_be_guessed_is_refused_with_the_numbers() {
        let refused = CodeForm::of(CodeSigns::Digits, Some(8), 100).unwrap_err().to_string();
        for part in [
            "of 8 signs only 16,777,216 codes of 8",
            "100 vouchers need at least 100,000,000,000",
            "at least 13",
        ] {
            assert!(refused.contains(part), "{refused}");
        }
        assert!(CodeForm::of(CodeSigns::Digits, Some(12), 100).is_err());
        assert_eq!(
            CodeForm::of(CodeSigns::Digits, Some(13), 100),
            Ok(CodeForm { signs: CodeSigns::Digits, length: 13 })
        );
        assert!(CodeForm::of(CodeSigns::Mixed, Some(21), 1).unwrap_err().to_string().contains("too long"));
        assert!(CodeForm::of(CodeSigns::Mixed, Some(7), 1).is_err());
    }

    #[test]
    fn each_sign_is_as_likely_as_every_other() {
        for (signs, name, all) in CODE_SIGNS {
            let mut next = 0_u8;
            let every = |octets: &mut [u8]| {
                for octet in octets {
                    *octet = next;
                    next = next.wrapping_add(1);
                }
                Ok::<_, Infallible>(())
            };
            let mut drawn = Signs { all: signs.all(), random: every, drawn: [0; 512], left: 0 };
            let mut seen: BTreeMap<char, u32> = BTreeMap::new();
            for _ in 0..2 * (256 - 256 % all.len()) {
                *seen.entry(drawn.next().unwrap()).or_default() += 1;
            }
            let times: HashSet<u32> = seen.values().copied().collect();
            assert_eq!((seen.len(), times.len()), (all.len(), 1), "{name}: {seen:?}");
        }
    }

    #[test]
    fn codes_differ_also_where_chance_repeats_itself() {
        let mut calls = 0_u8;
        let repeating = |octets: &mut [u8]| {
            calls += 1;
            octets.fill(calls / 2);
            Ok::<_, Infallible>(())
        };
        let codes = draw(form(CodeSigns::Mixed, 3), 3, repeating).unwrap();
        assert_eq!(codes, ["22222222", "33333333", "44444444"]);
        let broken = draw(form(CodeSigns::Mixed, 3), 3, |_: &mut [u8]| Err("no chance"));
        assert_eq!(broken, Err("no chance"));
    }
}
