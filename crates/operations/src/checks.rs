//! What text from people must look like.

use store::Scope;

use crate::error::OperationError;

/// Longest name, in characters.
const LONGEST: usize = 128;

/// A name that people type and see: not empty, not too long, no control characters, no blanks around it.
pub(crate) fn check_name(what: &str, name: &str) -> Result<(), OperationError> {
    let wrong = if name.is_empty() {
        "must not be empty"
    } else if name.chars().count() > LONGEST {
        "must not have more than 128 characters"
    } else if name.chars().any(char::is_control) {
        "must not contain control characters"
    } else if name.trim() != name {
        "must not begin or end with a blank"
    } else {
        return Ok(());
    };
    Err(OperationError::Invalid(format!("the {what} {wrong}; nothing was changed")))
}

/// The name of a plan somebody shall have; none is no mistake, an empty one is.
pub(crate) fn check_plan_of(plan: Option<&str>) -> Result<(), OperationError> {
    match plan {
        Some("") => Err(OperationError::Invalid(
            "the plan's name is empty; nothing was changed. For none leave it out, or take it away with null (`--plan none`)".to_owned(),
        )),
        _ => Ok(()),
    }
}

/// Where a login is to count: a router or group, if it is one, has a name.
pub(crate) fn check_scope(scope: &Scope) -> Result<(), OperationError> {
    let (what, name) = match scope {
        Scope::All => return Ok(()),
        Scope::Group(name) => ("group's name", name),
        Scope::Router(name) => ("router's name", name),
    };
    match name.is_empty() {
        true => Err(OperationError::Invalid(format!("the {what} must not be empty; nothing was changed"))),
        false => Ok(()),
    }
}

/// A name that is also one step of a path: like [`check_name`], and without `/`.
pub(crate) fn check_path_name(what: &str, name: &str) -> Result<(), OperationError> {
    check_name(what, name)?;
    if name.contains('/') || name == "." || name == ".." {
        return Err(OperationError::Invalid(format!(
            "the {what} must not contain a slash; nothing was changed"
        )));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_hurt_are_refused() {
        for name in ["", " a", "a ", "a\n", "\u{1b}[0m", &"x".repeat(129)] {
            assert!(check_name("name", name).is_err(), "{name:?}");
        }
        for name in ["a", "ñandú tower 3", &"x".repeat(128), "a/b"] {
            assert!(check_name("name", name).is_ok(), "{name:?}");
        }
        assert!(check_path_name("name", "a/b").is_err() && check_path_name("name", "..").is_err());
    }
}
