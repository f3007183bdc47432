//! The program. All of it is in the library beside this file, so that fuzzers reach its parsers, too.

use std::process::ExitCode;

fn main() -> ExitCode {
    tikmeter::main()
}
