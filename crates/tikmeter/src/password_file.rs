//! Files whose first line is a router's password. They may also be pipes, as of `<(pass show router)`, and devices without
//! an end: no more is read than a password can have.

use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// Longest line, its end included.
const LONGEST: u64 = 4096;

/// The first line, without its end.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn first_line(file: &Path) -> Result<String, String> {
    let cannot =
        |why: &dyn std::fmt::Display| format!("the password file {} cannot be read: {why}", file.display());
    let opened = File::open(file).map_err(|error| cannot(&error))?;
    let mut line = String::new();
    let read = BufReader::new(opened.take(LONGEST)).read_line(&mut line).map_err(|error| cannot(&error))?;
    if read as u64 == LONGEST && !line.ends_with('\n') {
        return Err(cannot(&format!("its first line is longer than {LONGEST} bytes, which no password is")));
    }
    Ok(line.lines().next().unwrap_or_default().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_without_an_end_is_refused() {
        let refused = first_line(Path::new("/dev/zero")).unwrap_err();
        assert!(refused.contains("/dev/zero") && refused.contains("4096 bytes"), "{refused}");
    }

    #[test]
    fn a_pipe_is_read_up_to_its_first_line() {
        let (reader, mut writer) = std::io::pipe().unwrap();
        std::io::Write::write_all(&mut writer, b"hush\nmore").unwrap();
        let path = format!("/proc/self/fd/{}", std::os::fd::AsRawFd::as_raw_fd(&reader));
        assert_eq!(first_line(Path::new(&path)).unwrap(), "hush");
    }
}
