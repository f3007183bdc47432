//! Whatever comes from outside, made up by a machine: nothing of it may panic, and what is promised of it holds.
//!
//! Each target takes bytes. `corpora/` has inputs for each, from people and from fuzzers, which the tests replay; `./x fuzz`
//! finds new ones (libFuzzer, guided by what code an input reaches).

mod codec;
mod files;
mod login;
mod messages;
mod values;
mod wire;

/// Something that is fed.
#[derive(Clone, Copy)]
pub struct Target {
    /// Its name, and that of its folder in `corpora/`.
    pub name: &'static str,
    /// Takes an input; panics where something does not hold.
    pub run: fn(&[u8]),
}

/// All of them.
pub const TARGETS: [Target; 7] = [
    Target { name: "codec", run: codec::run },
    Target { name: "login", run: login::run },
    Target { name: "values", run: values::run },
    Target { name: "config", run: files::config },
    Target { name: "csv", run: files::csv },
    Target { name: "dump", run: files::dump },
    Target { name: "messages", run: messages::run },
];

/// The one of that name.
pub fn target(name: &str) -> Option<Target> {
    TARGETS.into_iter().find(|target| target.name == name)
}

/// Their names.
pub fn names() -> Vec<&'static str> {
    TARGETS.iter().map(|target| target.name).collect()
}
