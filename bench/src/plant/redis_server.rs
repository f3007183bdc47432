//! A Redis server of a measurement's own: on a free port of 127.0.0.1, with a password, in memory alone, ended with its guard.

use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use redis::{Client, Connection};

use crate::figure::Result;
use crate::place::Folder;

/// Where `./x bench --database postgres` and `./x test` tell the program.
const VARIABLE: &str = "TEST_REDIS_SERVER";
/// How often, and how long between, it is asked whether it is there; and how many ports are tried.
const ASKS: u32 = 400;
const BETWEEN: Duration = Duration::from_millis(25);
const PORTS: u32 = 20;

/// The running server.
pub(crate) struct RedisServer {
    addr: SocketAddr,
    child: Child,
}

impl RedisServer {
    pub(crate) const PASSWORD: &str = "not-a-secret";

    /// Starts one that keeps nothing on a disk.
    pub(crate) fn start(folder: &Folder) -> Result<Self> {
        // A free port may be taken by somebody else before the server has it.
        for _ in 0..PORTS {
            let mut server = Self::spawn(folder)?;
            for _ in 0..ASKS {
                if server.child.try_wait()?.is_some() {
                    break;
                }
                if server.is_there() {
                    return Ok(server);
                }
                std::thread::sleep(BETWEEN);
            }
        }
        Err("Redis does not start".into())
    }

    fn spawn(folder: &Folder) -> Result<Self> {
        let program = std::env::var_os(VARIABLE).ok_or_else(|| {
            format!("{VARIABLE} names no Redis server: run `./x bench --database postgres`, which knows one")
        })?;
        let addr = nobody()?;
        let mut redis = Command::new(program);
        redis.args(["--bind", "127.0.0.1", "--port", &addr.port().to_string()]);
        redis.args(["--requirepass", Self::PASSWORD, "--save", "", "--dir"]).arg(folder.file(""));
        redis.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        Ok(RedisServer { addr, child: redis.spawn()? })
    }

    /// Whether it is this one that answers.
    fn is_there(&self) -> bool {
        let told = self.connect().ok().and_then(|mut connection| {
            redis::cmd("INFO").arg("server").query::<String>(&mut connection).ok()
        });
        told.is_some_and(|told| told.contains(&format!("process_id:{}\r", self.child.id())))
    }

    /// Where it listens.
    pub(crate) fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// For `redis.url`.
    pub(crate) fn url(&self) -> String {
        format!("redis://:{}@{}", Self::PASSWORD, self.addr)
    }

    /// A connection to it.
    pub(crate) fn connect(&self) -> Result<Connection> {
        Ok(Client::open(self.url())?.get_connection()?)
    }
}

impl Drop for RedisServer {
    fn drop(&mut self) {
        // It may have ended before.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An address at which nobody listens.
pub(crate) fn nobody() -> Result<SocketAddr> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?)
}
