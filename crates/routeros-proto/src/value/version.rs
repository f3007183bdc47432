//! RouterOS versions.

use super::number::unsigned;

/// A version that can be compared: betas before release candidates before the release.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// 7 in `7.12.2`.
    pub major: u16,
    /// 12 in `7.12.2`.
    pub minor: u16,
    /// 2 in `7.12.2`; 0 when the version has two numbers only.
    pub patch: u16,
    /// How finished it is.
    pub stage: Stage,
}

/// How finished a version is, in ascending order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stage {
    /// A suffix we do not know; taken for older than any we do.
    Other,
    /// `beta4`.
    Beta(u16),
    /// `rc1`.
    Candidate(u16),
    /// No suffix.
    Release,
}

impl Version {
    /// A finished version.
    pub const fn new(major: u16, minor: u16, patch: u16) -> Self {
        Self { major, minor, patch, stage: Stage::Release }
    }
}

impl std::fmt::Display for Version {
    /// As routers write it, without the channel in brackets. The text of an unknown suffix is lost.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.major, self.minor)?;
        if self.patch > 0 {
            write!(f, ".{}", self.patch)?;
        }
        match self.stage {
            Stage::Other => f.write_str("?"),
            Stage::Beta(number) => write!(f, "beta{number}"),
            Stage::Candidate(number) => write!(f, "rc{number}"),
            Stage::Release => Ok(()),
        }
    }
}

/// The version in `7.12.2 (stable)`, `7.1beta4 (development)`, `7.24rc1`. Only the first token counts
/// (`routeros.md` §2.1).
pub fn version(b: &[u8]) -> Option<Version> {
    let token = b.split(|byte| *byte == b' ').next()?;
    let (major, rest) = number(token)?;
    let (minor, rest) = number(rest.strip_prefix(b".")?)?;
    let (patch, rest) = match rest.strip_prefix(b".") {
        Some(rest) => number(rest)?,
        None => (0, rest),
    };
    Some(Version { major, minor, patch, stage: stage(rest) })
}

fn stage(suffix: &[u8]) -> Stage {
    let numbered = |word: &[u8]| unsigned(suffix.strip_prefix(word)?)?.try_into().ok();
    if suffix.is_empty() {
        Stage::Release
    } else if let Some(number) = numbered(b"beta") {
        Stage::Beta(number)
    } else if let Some(number) = numbered(b"rc") {
        Stage::Candidate(number)
    } else {
        Stage::Other
    }
}

/// The digits at the start, and what follows them.
fn number(text: &[u8]) -> Option<(u16, &[u8])> {
    let end = text.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(text.len());
    let (digits, rest) = text.split_at(end);
    Some((unsigned(digits)?.try_into().ok()?, rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_versions() {
        assert_eq!(version(b"7.12.2 (stable)"), Some(Version::new(7, 12, 2)));
        assert_eq!(version(b"6.48.6 (long-term)"), Some(Version::new(6, 48, 6)));
        let beta = Version { stage: Stage::Beta(4), ..Version::new(7, 1, 0) };
        assert_eq!(version(b"7.1beta4 (development)"), Some(beta));
        assert_eq!(version(b"7.20"), Some(Version::new(7, 20, 0)));
    }

    #[test]
    fn the_order_is_the_order_of_publication() {
        let texts: [&[u8]; 9] =
            [b"6.42.12", b"6.43", b"6.49.10", b"7.1beta4", b"7.1rc1", b"7.1", b"7.1.1", b"7.9", b"7.18"];
        let versions: Vec<Version> = texts.iter().filter_map(|text| version(text)).collect();
        assert_eq!(versions.len(), texts.len());
        assert!(versions.windows(2).all(|pair| pair[0] < pair[1]), "{versions:?}");
    }

    #[test]
    fn an_unknown_suffix_is_older_than_the_release() {
        let odd = version(b"7.19_ab12 (testing)").expect("numbers are there");
        assert_eq!(odd.stage, Stage::Other);
        assert!(odd < Version::new(7, 19, 0) && odd > Version::new(7, 18, 9));
    }

    #[test]
    fn what_is_no_version() {
        for wrong in [&b""[..], b"7", b"v7.1", b"7.", b".1", b"7.1.", b"99999.1", b" 7.1"] {
            assert_eq!(version(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn versions_are_written_as_they_are_read() {
        for text in ["7.12.2", "6.49.10", "7.1beta4", "7.24rc1", "7.20"] {
            assert_eq!(version(text.as_bytes()).map(|v| v.to_string()).as_deref(), Some(text));
        }
    }
}
