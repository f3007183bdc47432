//! Files whose first line is a router's password. They may also be pipes, as of `<(pass show router)`, and devices without
//! an end: no more is read than a password can have, and nobody is waited for longer than a person needs to open a safe.

use std::fs::{File, OpenOptions};
use std::io::{Error, ErrorKind, Read};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fs::OFlags;

/// Longest line, its end included.
const LONGEST: usize = 4096;
/// How long a pipe may be silent; who answers may have to type a passphrase first.
const PATIENCE: Duration = Duration::from_secs(30);

/// The first line, without its end.
///
/// # Errors
/// A sentence that names the file.
pub(crate) fn first_line(file: &Path) -> Result<String, String> {
    first_line_within(file, PATIENCE)
}

fn first_line_within(file: &Path, patience: Duration) -> Result<String, String> {
    let cannot =
        |why: &dyn std::fmt::Display| format!("the password file {} cannot be read: {why}", file.display());
    let begun = read_begin(file, patience).map_err(|error| match error.kind() {
        ErrorKind::TimedOut => cannot(&format!(
            "it is a pipe or device to which nobody wrote a line, silent for {} seconds",
            patience.as_secs()
        )),
        _ => cannot(&error),
    })?;
    if begun.is_empty() {
        return Err(cannot(&"it is empty; an empty first line stands for an empty password"));
    }
    let end = begun.iter().position(|byte| *byte == b'\n');
    if end.is_none() && begun.len() == LONGEST {
        return Err(cannot(&format!("its first line is longer than {LONGEST} bytes, which no password is")));
    }
    let line = std::str::from_utf8(&begun[..end.unwrap_or(begun.len())]);
    let line = line.map_err(|_| cannot(&"its first line is not UTF-8"))?;
    Ok(line.strip_suffix('\r').unwrap_or(line).to_owned())
}

/// Reads up to the end of the first line, of the file, or of what a password can have. Opening a pipe would wait for
/// somebody to write to it, without end.
fn read_begin(file: &Path, patience: Duration) -> std::io::Result<Vec<u8>> {
    let waits_for_nobody = OFlags::NONBLOCK.bits().cast_signed();
    let mut opened = OpenOptions::new().read(true).custom_flags(waits_for_nobody).open(file)?;
    let (mut buffer, mut read) = (vec![0; LONGEST], 0);
    while read < LONGEST && !buffer[..read].contains(&b'\n') {
        wait_for(&opened, patience)?;
        match opened.read(&mut buffer[read..]) {
            Ok(0) => break,
            Ok(more) => read += more,
            Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
    }
    buffer.truncate(read);
    Ok(buffer)
}

/// Waits until there is something to read, or its end; for a file that is at once.
fn wait_for(file: &File, patience: Duration) -> std::io::Result<()> {
    let patience = Timespec::try_from(patience).map_err(Error::other)?;
    match poll(&mut [PollFd::new(file, PollFlags::IN)], Some(&patience)) {
        Ok(0) => Err(ErrorKind::TimedOut.into()),
        Ok(_) | Err(rustix::io::Errno::INTR) => Ok(()),
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use rustix::fs::{CWD, FileType, Mode, mknodat};
    use tempfile::TempDir;

    use super::*;

    const SHORT: Duration = Duration::from_millis(50);

    fn pipe() -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("pipe");
        mknodat(CWD, &path, FileType::Fifo, Mode::RUSR | Mode::WUSR, 0).unwrap();
        (folder, path)
    }

    fn file(content: &[u8]) -> (TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("password");
        std::fs::write(&path, content).unwrap();
        (folder, path)
    }

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

    #[test]
    fn a_pipe_that_nobody_writes_to_is_not_waited_for_without_end() {
        let (_folder, path) = pipe();
        let refused = first_line_within(&path, SHORT).unwrap_err();
        assert!(refused.contains("nobody wrote") && refused.contains("pipe"), "{refused}");
        let silent = OpenOptions::new().read(true).write(true).open(&path).unwrap();
        assert!(first_line_within(&path, SHORT).unwrap_err().contains("nobody wrote"));
        drop(silent);
    }

    #[test]
    fn a_pipe_whose_writer_comes_late_and_stutters_is_read() {
        let (_folder, path) = pipe();
        let late = path.clone();
        let writer = std::thread::spawn(move || {
            let mut pipe = OpenOptions::new().write(true).open(late).unwrap();
            for part in ["hu", "sh\r\n"] {
                std::thread::sleep(SHORT);
                std::io::Write::write_all(&mut pipe, part.as_bytes()).unwrap();
            }
        });
        assert_eq!(first_line(&path).unwrap(), "hush");
        writer.join().unwrap();
    }

    #[test]
    fn what_holds_no_password_is_refused_in_a_sentence() {
        let folder = tempfile::tempdir().unwrap();
        let refused = first_line(folder.path()).unwrap_err();
        assert!(refused.contains("directory") && refused.contains("cannot be read"), "{refused}");
        for (content, told) in
            [(&b""[..], "it is empty"), (&[b'x'; LONGEST], "longer than 4096"), (b"\xff\n", "not UTF-8")]
        {
            let (_folder, path) = file(content);
            let refused = first_line(&path).unwrap_err();
            assert!(refused.contains(told), "{refused}");
        }
        let (_folder, path) = file(b"\n");
        assert_eq!(first_line(&path).unwrap(), "", "routers are sold with an empty password");
    }
}
