//! How far somebody reaches.

use std::sync::Arc;

/// Which routers somebody reaches. A router without a group is only reached by who reaches all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reach {
    /// All routers, those to come too.
    Everywhere,
    /// The routers of some groups; where none of these is left, no router.
    Within(Groups),
}

/// Some groups of routers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Groups(Arc<Bounds>);

#[derive(Debug, PartialEq, Eq)]
struct Bounds {
    names: Vec<String>,
    /// The groups' rows as statements compare them: `,3,17,`.
    rows: String,
}

impl Default for Bounds {
    fn default() -> Self {
        Bounds { names: Vec::new(), rows: ",".to_owned() }
    }
}

/// No router: a question that forgets to say for whom it is asked is told nothing.
impl Default for Reach {
    fn default() -> Self {
        Reach::Within(Groups::default())
    }
}

impl Reach {
    /// Of the groups of these rows and names, however few.
    pub(crate) fn within(groups: Vec<(i64, String)>) -> Reach {
        let rows = groups.iter().fold(",".to_owned(), |rows, (row, _)| format!("{rows}{row},"));
        Reach::Within(Groups(Arc::new(Bounds {
            names: groups.into_iter().map(|(_, name)| name).collect(),
            rows,
        })))
    }

    /// All routers, those to come too.
    pub fn is_everything(&self) -> bool {
        matches!(self, Reach::Everywhere)
    }

    /// The groups by name; none where it is everything, or where none is left.
    pub fn groups(&self) -> &[String] {
        match self {
            Reach::Everywhere => &[],
            Reach::Within(groups) => &groups.0.names,
        }
    }

    /// The groups in words, as people are told of them.
    pub fn in_words(&self) -> String {
        match self.groups() {
            [] => "groups of which none is left".to_owned(),
            groups => groups.join(", "),
        }
    }

    /// Whether a router of that group, or of none, is reached.
    pub fn has(&self, group: Option<&str>) -> bool {
        self.is_everything() || group.is_some_and(|group| self.groups().iter().any(|known| known == group))
    }

    /// For statements: NULL where it is everything.
    pub(crate) fn rows(&self) -> Option<&str> {
        match self {
            Reach::Everywhere => None,
            Reach::Within(groups) => Some(&groups.0.rows),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_router_without_a_group_is_nobodys_who_is_bound() {
        assert!(Reach::Everywhere.is_everything() && Reach::Everywhere.has(None));
        let north = Reach::within(vec![(3, "north".to_owned())]);
        assert!(north.has(Some("north")));
        assert!(!north.has(Some("north 2")) && !north.has(None) && !north.is_everything());
        assert_eq!(north.rows(), Some(",3,"));
        assert_eq!(Reach::within(vec![(3, "a".to_owned()), (17, "b".to_owned())]).rows(), Some(",3,17,"));
    }

    #[test]
    fn who_is_bound_to_no_group_that_is_left_reaches_nothing() {
        for nothing in [Reach::within(Vec::new()), Reach::default()] {
            assert!(!nothing.is_everything() && !nothing.has(None) && !nothing.has(Some("north")));
            assert_eq!(nothing.rows(), Some(","), "no statement finds a row of a group in it");
        }
    }
}
