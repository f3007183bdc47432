//! The corpora are replayed: what once broke something, and what reaches much of the code.

use std::path::{Path, PathBuf};

/// The inputs of a target, by file.
fn inputs(target: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpora").join(target);
    let files = std::fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut inputs: Vec<_> = files
        .map(|file| {
            let path = file.expect("a folder that can be read").path();
            let bytes = std::fs::read(&path).expect("a file that can be read");
            (path, bytes)
        })
        .collect();
    inputs.sort();
    inputs
}

#[test]
fn every_input_that_was_kept_is_taken() {
    for target in fuzz::TARGETS {
        let inputs = inputs(target.name);
        assert!(inputs.len() >= 3, "{} has a corpus", target.name);
        for (path, bytes) in inputs {
            println!("{}", path.display());
            (target.run)(&bytes);
        }
    }
}

/// Ends of inputs, and inputs with one bit turned, are what connections that break and disks that fail make of them.
#[test]
fn every_input_may_be_cut_and_bent() {
    for target in fuzz::TARGETS {
        for (path, bytes) in inputs(target.name) {
            println!("{}", path.display());
            for at in 0..bytes.len().min(256) {
                (target.run)(&bytes[..at]);
                let mut bent = bytes.clone();
                bent[at] ^= 1 << (at % 8);
                (target.run)(&bent);
            }
        }
    }
}
