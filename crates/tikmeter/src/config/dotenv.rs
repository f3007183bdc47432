//! The `.env` file beside the process, read without touching the process's own environment.

use std::path::Path;

use crate::config::problem::Problem;

/// Name of the file, and what its values are said to come from.
pub(crate) const NAME: &str = ".env";

/// The variables of the `.env` in `folder`; none when there is no such file.
pub(crate) fn read(folder: &Path) -> Result<Vec<(String, String)>, Problem> {
    let path = folder.join(NAME);
    if !path.exists() {
        return Ok(Vec::new());
    }
    let unreadable = |error: dotenvy::Error| Problem::new(NAME, without_values(&error));
    dotenvy::from_path_iter(&path).map_err(unreadable)?.collect::<Result<_, _>>().map_err(unreadable)
}

/// The library's own text of a broken line quotes the line, which may hold a password.
fn without_values(error: &dotenvy::Error) -> String {
    match error {
        dotenvy::Error::LineParse(line, _) => {
            let name = line.split('=').next().unwrap_or_default().trim();
            format!("the line of `{}` is not of the form NAME=value", name.escape_debug())
        }
        other => format!("cannot be read: {other}"),
    }
}
