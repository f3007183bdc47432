//! Sums that must be exact: a fast figure with a wrong sum is no figure.

use accounting::Octets;

use crate::figure::Result;

/// Rows and their octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    pub(crate) rows: u64,
    pub(crate) octets: Octets,
}

impl Sums {
    /// One row more.
    pub(crate) fn add(&mut self, octets: Octets) {
        self.rows += 1;
        self.octets += octets;
    }
}

/// Refuses sums that are not what they must be.
pub(crate) fn exact<T: PartialEq + std::fmt::Debug>(what: &str, found: T, expected: T) -> Result<()> {
    if found == expected {
        Ok(())
    } else {
        Err(format!("{what}: a sum is wrong: {found:?} instead of {expected:?}").into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_octet_too_few_is_an_error() {
        let sums = |input| Sums { rows: 1, octets: Octets::new(input, 7) };
        exact("sums", sums(5), sums(5)).unwrap();
        exact("sums", sums(4), sums(5)).unwrap_err();
    }
}
