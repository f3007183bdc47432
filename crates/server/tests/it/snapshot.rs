//! The committed OpenAPI document, so that a changed API shows in review.

use std::path::PathBuf;

/// Set by `cargo xtask openapi`: the file is written instead of compared.
const WRITE: &str = "TIKMETER_WRITE_OPENAPI";

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/openapi.json")
}

#[test]
fn the_committed_document_is_the_one_that_is_served() {
    let made = server::openapi().to_pretty_json().unwrap() + "\n";
    if std::env::var_os(WRITE).is_some() {
        return std::fs::write(path(), made).unwrap();
    }
    let committed = std::fs::read_to_string(path()).unwrap_or_default();
    let differs = committed.lines().zip(made.lines()).position(|(old, new)| old != new);
    let at = differs.unwrap_or(committed.lines().count().min(made.lines().count())) + 1;
    assert!(
        committed == made,
        "the API changed: docs/reference/openapi.json differs from line {at} on. If that is meant, run \
         `cargo xtask openapi` and commit the file."
    );
}
