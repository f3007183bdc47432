//! Which database.

use std::path::PathBuf;

/// A database to use.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum DatabaseUrl {
    /// A file of the embedded database.
    Sqlite(PathBuf),
    /// A PostgreSQL database, as the store reads its URL.
    Postgres(String),
}

impl DatabaseUrl {
    /// For people: the file, or the URL without its password.
    pub(crate) fn shown(&self) -> String {
        match self {
            DatabaseUrl::Sqlite(file) => file.display().to_string(),
            DatabaseUrl::Postgres(url) => without_password(url),
        }
    }

    /// Reads `sqlite:///path/file.db` (absolute), `sqlite://path/file.db` (relative to where the server runs) or
    /// `postgres://user:password@host:port/database`.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) fn parse(url: &str) -> Result<Self, String> {
        if url.starts_with("postgres://") || url.starts_with("postgresql://") {
            return Ok(DatabaseUrl::Postgres(url.to_owned()));
        }
        match url.strip_prefix("sqlite://") {
            Some(path) if !path.is_empty() && !path.ends_with('/') => Ok(DatabaseUrl::Sqlite(path.into())),
            Some(_) => Err("the database's file is missing; write sqlite:///path/file.db".to_owned()),
            None => Err(format!(
                "`{}` is no database; write sqlite:///path/file.db or postgres://user:password@host/database",
                without_password(url).escape_debug()
            )),
        }
    }
}

/// Never the password.
impl std::fmt::Debug for DatabaseUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.shown())
    }
}

/// A URL with the password in it, if any, made unreadable: before the host, or among the parameters.
pub(crate) fn without_password(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else { return url.to_owned() };
    // The password may contain anything a person forgot to encode, so the last `@` ends it.
    match rest.rsplit_once('@') {
        Some((credentials, place)) => match credentials.split_once(':') {
            Some((user, _)) => format!("{scheme}://{user}:***@{}", without_parameters(place)),
            None => format!("{scheme}://{credentials}@{}", without_parameters(place)),
        },
        None => format!("{scheme}://{}", without_parameters(rest)),
    }
}

/// A parameter of that kind is `password`, `sslpassword` or the like.
fn without_parameters(place: &str) -> String {
    let Some((place, parameters)) = place.split_once('?') else { return place.to_owned() };
    let shown = parameters.split('&').map(|parameter| match parameter.split_once('=') {
        Some((name, _)) if name.to_ascii_lowercase().contains("pass") => format!("{name}=***"),
        _ => parameter.to_owned(),
    });
    format!("{place}?{}", shown.collect::<Vec<_>>().join("&"))
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
    fn postgres_is_told_without_its_password() {
        for scheme in ["postgres", "postgresql"] {
            let database = DatabaseUrl::parse(&format!("{scheme}://u:p@h/db")).unwrap();
            assert_eq!(database.shown(), format!("{scheme}://u:***@h/db"));
        }
    }

    #[test]
    fn passwords_in_urls_are_not_shown() {
        assert_eq!(without_password("postgres://u:p@ss@h:5432/db"), "postgres://u:***@h:5432/db");
        assert_eq!(without_password("redis://:secret@h"), "redis://:***@h");
        assert_eq!(without_password("sqlite:///srv/t.db"), "sqlite:///srv/t.db");
        let parameters = "postgres://u@h/db?sslmode=require&password=p%20a&SSLPassword=q";
        let shown = "postgres://u@h/db?sslmode=require&password=***&SSLPassword=***";
        assert_eq!(without_password(parameters), shown);
        assert_eq!(without_password("postgres://h/db?password=p?q"), "postgres://h/db?password=***");
    }
}
