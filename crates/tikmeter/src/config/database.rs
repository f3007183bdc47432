//! Which database.

use std::path::{Path, PathBuf};

/// A database this version can use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum DatabaseUrl {
    /// A file of the embedded database.
    Sqlite(PathBuf),
}

impl DatabaseUrl {
    /// The file of the embedded database.
    pub(crate) fn file(&self) -> &Path {
        let DatabaseUrl::Sqlite(file) = self;
        file
    }

    /// Reads `sqlite:///path/file.db` (absolute) or `sqlite://path/file.db` (relative to where the server runs).
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Err("PostgreSQL is not built yet: use sqlite://..., for example sqlite:///var/lib/tikmeter/tikmeter.db \
                        (TIKMETER_DATABASE_URL or `[database] url`)"
                .to_owned());
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && !path.ends_with('/') => Ok(DatabaseUrl::Sqlite(path.into())),
            Some(_) => Err("the database's file is missing; write sqlite:///path/file.db".to_owned()),
            None => Err(format!(
                "`{}` is no database; write sqlite:///path/file.db",
                without_password(url).escape_debug()
            )),
        }
    }
}

/// A URL with the password in it, if any, made unreadable.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    // The password may contain anything a person forgot to encode, so the last `@` ends it.
    match rest.rsplit_once('@') {
        Some((credentials, place)) => match credentials.split_once(':') {
            Some((user, _)) => format!("{scheme}://{user}:***@{place}"),
            None => url.to_owned(),
        },
        None => url.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_absolute_or_relative() {
        assert_eq!(DatabaseUrl::parse("sqlite:///srv/t.db"), Ok(DatabaseUrl::Sqlite("/srv/t.db".into())));
        assert_eq!(DatabaseUrl::parse("sqlite://./data/t.db"), Ok(DatabaseUrl::Sqlite("./data/t.db".into())));
        assert!(DatabaseUrl::parse("sqlite://").is_err());
    }

    #[test]
    fn postgres_is_refused_in_words() {
        let text = DatabaseUrl::parse("postgres://u:p@h/db").unwrap_err();
        assert!(text.starts_with("PostgreSQL is not built yet: use sqlite://..."), "{text}");
    }

    #[test]
    fn passwords_in_urls_are_not_shown() {
        assert_eq!(without_password("postgres://u:p@ss@h:5432/db"), "postgres://u:***@h:5432/db");
        assert_eq!(without_password("redis://:secret@h"), "redis://:***@h");
        assert_eq!(without_password("sqlite:///srv/t.db"), "sqlite:///srv/t.db");
    }
}
