//! Models of the API have names of their own: two of one name would become one schema of the OpenAPI document, without a complaint.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// The files of a folder and those below it.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let below = |path: PathBuf| if path.is_dir() { files(&path) } else { vec![path] };
    entries.flat_map(below).filter(|path| path.extension().is_some_and(|kind| kind == "rs")).collect()
}

/// Names of what derives a schema in a source. One whose place in the document is taken by its own words (`inline` everywhere) counts all the
/// same: nothing says that it stays so.
fn models(source: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut derives = false;
    for line in source.lines() {
        derives |= line.starts_with("#[derive(") && line.contains("ToSchema");
        let words: Vec<&str> = line.split(|sign: char| !sign.is_alphanumeric() && sign != '_').collect();
        if let (true, Some(at)) = (derives, words.iter().position(|word| ["struct", "enum"].contains(word)))
            && !line.starts_with(['#', '/'])
        {
            found.push(words[at + 1].to_owned());
            derives = false;
        }
    }
    found
}

#[test]
fn no_two_models_have_one_name() {
    let mut places: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for path in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src")) {
        for name in models(&std::fs::read_to_string(&path).unwrap()) {
            places.entry(name).or_default().push(path.clone());
        }
    }
    assert!(places.len() > 80, "they are found: {}", places.len());
    let twice: Vec<_> = places.iter().filter(|(_, places)| places.len() > 1).collect();
    assert!(twice.is_empty(), "give one of each another name: {twice:#?}");
}

#[test]
fn a_model_is_told_from_what_derives_no_schema() {
    let source = "#[derive(Debug, ToSchema)]\n#[serde(deny_unknown_fields)]\npub struct One {\n}\n\
        #[derive(Debug)]\npub struct Two;\n#[derive(ToSchema)]\n/// A struct of words.\nenum Three {\n}\n";
    assert_eq!(models(source), ["One", "Three"]);
}
