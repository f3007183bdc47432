//! Tikmeter: knows to the byte what each subscriber of a MikroTik network used. This is the program itself: the
//! commands, their output, the configuration, and how a running server is put together and taken down.

mod cli;
mod client;
mod config;
mod daemon;
mod data_folder;
mod failure;
#[doc(hidden)]
pub mod fuzzed;
mod logs;
mod memory;
mod open_files;
mod output;
mod password_file;
mod profiles_file;
mod quantity;
mod signals;
mod simulation;

use std::process::ExitCode;

/// Runs the command that the process was given.
pub fn main() -> ExitCode {
    cli::main()
}
