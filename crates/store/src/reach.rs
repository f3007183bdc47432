//! How far somebody reaches.

use std::sync::Arc;

/// Routers of some groups, or all routers. A router without a group is only reached by who reaches all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reach(Option<Arc<Bounds>>);

#[derive(Debug, PartialEq, Eq)]
struct Bounds {
    names: Vec<String>,
    /// The groups' rows as statements compare them: `,3,17,`.
    rows: String,
}

impl Reach {
    /// All routers.
    pub const EVERYTHING: Reach = Reach(None);

    /// Of the groups of these rows and names; of none: all routers.
    pub(crate) fn of(groups: Vec<(i64, String)>) -> Reach {
        if groups.is_empty() {
            return Reach::default();
        }
        let rows: Vec<String> = groups.iter().map(|(row, _)| row.to_string()).collect();
        let rows = format!(",{},", rows.join(","));
        Reach(Some(Arc::new(Bounds { names: groups.into_iter().map(|(_, name)| name).collect(), rows })))
    }

    /// All routers, those to come too.
    pub fn is_everything(&self) -> bool {
        self.0.is_none()
    }

    /// The groups by name; none where it is everything.
    pub fn groups(&self) -> &[String] {
        self.0.as_ref().map_or(&[], |bounds| &bounds.names)
    }

    /// Whether a router of that group, or of none, is reached.
    pub fn has(&self, group: Option<&str>) -> bool {
        self.is_everything() || group.is_some_and(|group| self.groups().iter().any(|known| known == group))
    }

    /// For statements: NULL where it is everything.
    pub(crate) fn rows(&self) -> Option<&str> {
        self.0.as_ref().map(|bounds| bounds.rows.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_group_is_everything_and_a_router_without_one_is_nobodys() {
        assert!(Reach::of(Vec::new()).is_everything() && Reach::default().has(None));
        let north = Reach::of(vec![(3, "north".to_owned())]);
        assert!(north.has(Some("north")));
        assert!(!north.has(Some("north 2")) && !north.has(None) && !north.is_everything());
        assert_eq!(north.rows(), Some(",3,"));
    }
}
