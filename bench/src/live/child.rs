//! A child, seen from here.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::side::{LIVE, Side};
use crate::figure::Result;

/// Told what to do line by line, and ended when its input ends.
pub(crate) struct Live {
    child: Child,
    orders: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// Where viewers connect.
    pub(crate) addr: SocketAddr,
}

impl Live {
    /// Starts it.
    pub(crate) fn start(side: Side) -> Result<Live> {
        let mut child = Command::new(std::env::current_exe()?)
            .args([LIVE, side.as_str()])
            // As `tikmeter serve` starts itself.
            .env(collector::memory::VARIABLE, collector::memory::SETTINGS)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let mut answers = BufReader::new(child.stdout.take().ok_or("the child has no output")?);
        let addr = line(&mut answers)?.parse()?;
        Ok(Live { orders: child.stdin.take(), child, answers, addr })
    }

    /// Lets it know the words of a subscriber's samples.
    pub(crate) fn learn(&self, words: &str) -> Result<()> {
        self.order(&format!("text {words}"))
    }

    /// Lets `count` routers from the first on say something, so many times; when each did.
    pub(crate) fn say(&mut self, first: u32, count: u32, times: u32) -> Result<Vec<u64>> {
        self.order(&format!("say {first} {count} {times}"))?;
        let at = line(&mut self.answers)?;
        Ok(at.split(' ').map(str::parse).collect::<std::result::Result<_, _>>()?)
    }

    /// Lets it ask these routers what their subscribers move.
    pub(crate) fn reach(&self, routers: &[SocketAddr]) -> Result<()> {
        let routers: Vec<String> = routers.iter().map(SocketAddr::to_string).collect();
        self.order(&format!("reach {}", routers.join(" ")))
    }

    /// VmRSS, KiB.
    pub(crate) fn memory(&mut self) -> Result<u32> {
        self.order("memory")?;
        Ok(line(&mut self.answers)?.parse()?)
    }

    fn order(&self, order: &str) -> Result<()> {
        Ok(writeln!(self.orders.as_ref().ok_or("the child has no input")?, "{order}")?)
    }
}

impl Drop for Live {
    fn drop(&mut self) {
        self.orders = None;
        if let Err(error) = self.child.wait() {
            eprintln!("bench: the child process could not be waited for: {error}");
        }
    }
}

fn line(answers: &mut BufReader<ChildStdout>) -> Result<String> {
    let mut answer = String::new();
    answers.read_line(&mut answer)?;
    let answer = answer.trim();
    if answer.is_empty() {
        Err("the child process broke off; its own words stand above".into())
    } else {
        Ok(answer.to_owned())
    }
}

/// Lets this process have them.
pub(crate) fn as_many_sockets_as_may_be() -> Result<()> {
    let most = getrlimit(Resource::Nofile).maximum;
    Ok(setrlimit(Resource::Nofile, Rlimit { current: most, maximum: most })?)
}
