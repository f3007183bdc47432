//! A terminal for the built program, and what it shows.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal};
use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{LocalModes, Winsize, tcgetattr, tcsetwinsize};

/// How long a test waits for what it wants to see: a machine may have other things to do.
const LOOKS: u32 = 600;

/// What was written to it, and what that makes the screen show.
struct Written {
    bytes: Vec<u8>,
    parser: vt100::Parser,
}

/// A terminal with a program on it.
pub(crate) struct PseudoTerminal {
    ours: File,
    /// Held so that its state can be looked at when the program is gone.
    theirs: File,
    written: Arc<Mutex<Written>>,
    child: Child,
}

impl PseudoTerminal {
    /// Runs `command` on a terminal of that size. `setsid` of Debian's essential util-linux makes it the program's own, as a
    /// login does, so that a changed size is told to it.
    pub(crate) fn run(command: &Command, (columns, rows): (u16, u16)) -> PseudoTerminal {
        let ours = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY | OpenptFlags::CLOEXEC).expect(
            "a terminal is given by /dev/pts; mount it by `mount -t devpts devpts /dev/pts` and run the test again",
        );
        grantpt(&ours).unwrap();
        unlockpt(&ours).unwrap();
        let path = ptsname(&ours, Vec::new()).unwrap().into_string().unwrap();
        tcsetwinsize(&ours, size(columns, rows)).unwrap();
        let theirs = OpenOptions::new().read(true).write(true).open(path).unwrap();
        let end = || Stdio::from(theirs.try_clone().unwrap());
        let mut child = Command::new("setsid");
        // Whoever runs the tests in the background ignores Ctrl-C; a login does not.
        child.args(["--ctty", "env", "--default-signal=INT"]);
        child.arg(command.get_program()).args(command.get_args());
        for (name, value) in command.get_envs() {
            match value {
                Some(value) => child.env(name, value),
                None => child.env_remove(name),
            };
        }
        child.env("TERM", "xterm").env("LC_ALL", "C.UTF-8").stdin(end()).stdout(end()).stderr(end());
        let child = child.spawn().expect("`setsid` (Debian's util-linux) could not be run");
        let ours = File::from(ours);
        let parser = vt100::Parser::new(rows, columns, 0);
        let written = Arc::new(Mutex::new(Written { bytes: Vec::new(), parser }));
        read_on(ours.try_clone().unwrap(), Arc::clone(&written));
        PseudoTerminal { ours, theirs, written, child }
    }

    /// Types that.
    pub(crate) fn types(&mut self, keys: impl AsRef<[u8]>) {
        self.ours.write_all(keys.as_ref()).unwrap();
    }

    /// Another size, as of a window that is dragged.
    pub(crate) fn resize(&self, columns: u16, rows: u16) {
        self.written.lock().unwrap().parser.screen_mut().set_size(rows, columns);
        tcsetwinsize(&self.ours, size(columns, rows)).unwrap();
    }

    pub(crate) fn signal(&self, signal: Signal) {
        rustix::process::kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// The lines it shows.
    pub(crate) fn lines(&self) -> Vec<String> {
        let written = self.written.lock().unwrap();
        let (_, columns) = written.parser.screen().size();
        written.parser.screen().rows(0, columns).map(|line| line.trim_end().to_owned()).collect()
    }

    /// The lines once they are as wanted.
    pub(crate) fn when(&self, what: &str, wanted: impl Fn(&[String]) -> bool) -> Vec<String> {
        for _ in 0..LOOKS {
            let lines = self.lines();
            if wanted(&lines) {
                return lines;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("{what} never came; it shows {:#?}", self.lines());
    }

    /// Everything that was written to it.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.written.lock().unwrap().bytes.clone()
    }

    /// Whether keys come as they are pressed, without an echo.
    pub(crate) fn is_raw(&self) -> bool {
        let modes = tcgetattr(&self.theirs).unwrap().local_modes;
        !modes.contains(LocalModes::ICANON | LocalModes::ECHO | LocalModes::ISIG)
    }

    /// Waits until all is as a shell wants it: keys, screen and cursor.
    pub(crate) fn is_restored(&self) {
        assert!(!self.is_raw(), "keys are not as they were");
        self.when("the screen of before", |_| {
            let written = self.written.lock().unwrap();
            !written.parser.screen().alternate_screen() && !written.parser.screen().hide_cursor()
        });
    }

    /// Waits for the end of the program.
    pub(crate) fn end(&mut self) -> ExitStatus {
        for _ in 0..LOOKS {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("it does not end; it shows {:#?}", self.lines());
    }
}

impl Drop for PseudoTerminal {
    fn drop(&mut self) {
        // It has ended by itself when the test went well.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn size(columns: u16, rows: u16) -> Winsize {
    Winsize { ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 }
}

/// Ends when nobody has the other end any more.
fn read_on(mut ours: File, written: Arc<Mutex<Written>>) {
    std::thread::spawn(move || {
        let mut part = [0; 4_096];
        while let Ok(length @ 1..) = ours.read(&mut part) {
            let mut written = written.lock().unwrap();
            written.bytes.extend_from_slice(&part[..length]);
            written.parser.process(&part[..length]);
        }
    });
}
