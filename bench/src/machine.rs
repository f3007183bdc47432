//! On what, when and with what was measured: without that no figure can be compared.

use std::process::Command;

/// One sentence about the machine, the day and the versions.
pub(crate) fn told() -> String {
    let processors = std::thread::available_parallelism().map_or(0, usize::from);
    let model = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".to_owned());
    let memory = field("/proc/meminfo", "MemTotal").unwrap_or_else(|| "unknown".to_owned());
    let kernel = std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default();
    let rustc = output(Command::new("rustc").arg("--version")).unwrap_or_else(|| "rustc unknown".to_owned());
    #[expect(clippy::disallowed_methods, reason = "the day of a page, for its readers")]
    let now = jiff::Timestamp::now();
    format!(
        "Measured on {} (UTC), {processors} x {model}, {memory} of memory, Linux {}; tikmeter {}, {rustc}.",
        now.strftime("%Y-%m-%d"),
        kernel.trim(),
        env!("CARGO_PKG_VERSION")
    )
}

fn field(path: &str, name: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    let value = text.lines().find_map(|line| line.strip_prefix(name))?;
    Some(value.trim_start_matches([' ', '\t', ':']).to_owned())
}

fn output(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
}
