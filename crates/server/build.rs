//! Puts the web admin into the library: a table of the files of `web/dist`, empty where nobody built it.

use std::path::{Path, PathBuf};
use std::{env, fs, io};

fn main() -> io::Result<()> {
    let dist = Path::new(&variable("CARGO_MANIFEST_DIR")).join("../../web/dist");
    // Cargo takes a path that is not there for changed each time, and would build all that follows anew. An empty folder
    // means the same as none, and git does not see it. Where it cannot be made, building still works.
    drop(fs::create_dir_all(&dist));
    println!("cargo::rerun-if-changed={}", dist.display());
    println!("cargo::rerun-if-changed=build.rs");
    fs::write(Path::new(&variable("OUT_DIR")).join("web_dist.rs"), table(&dist)?)
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_default()
}

/// The source of an expression: `&[File { ... }, ...]`. What was compressed at build stands with its original.
fn table(dist: &Path) -> io::Result<String> {
    let mut paths = Vec::new();
    collect(dist, &mut paths)?;
    paths.sort();
    // A folder in which a build was broken off is none.
    if !dist.join("index.html").is_file() {
        return Ok("&[]".to_owned());
    }
    let originals = paths.iter().filter(|path| path.extension().is_none_or(|end| end != "gz"));
    let entries: String = originals.map(|path| entry(dist, path)).collect();
    Ok(format!("&[\n{entries}]"))
}

fn entry(dist: &Path, path: &Path) -> String {
    let name = path.strip_prefix(dist).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let packed = PathBuf::from(format!("{}.gz", path.display()));
    let gzip = if packed.is_file() { format!("Some(include_bytes!({packed:?}))") } else { "None".to_owned() };
    format!("File {{ path: {name:?}, plain: include_bytes!({path:?}), gzip: {gzip} }},\n")
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) -> io::Result<()> {
    if !folder.is_dir() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, found)? } else { found.push(path) }
    }
    Ok(())
}
