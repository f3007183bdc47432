//! A connection to Redis, opened when it is needed and again after every failure, and why it fails in words for people.

use std::time::Duration;

use redis::aio::MultiplexedConnection;
use redis::{AsyncConnectionConfig, Client, FromRedisValue, Pipeline, RedisError};
use secrecy::{ExposeSecret, SecretString};

/// How long a connection may take to come about, name look-up and login included.
const TO_CONNECT: Duration = Duration::from_secs(5);
/// How long an answer may take.
const TO_ANSWER: Duration = Duration::from_secs(10);

/// Where Redis is, and the password to it: not printable.
#[derive(Clone)]
pub struct RedisUrl {
    url: SecretString,
    place: String,
}

impl RedisUrl {
    /// Reads `redis://user:password@host:port/number`; with `rediss://` the connection is encrypted.
    ///
    /// # Errors
    /// A sentence without the password.
    pub fn parse(url: &str) -> Result<RedisUrl, String> {
        let usual = "write redis://:password@host:6379, or rediss:// where the connection is to be encrypted";
        let rest = url.strip_prefix("redis://").or_else(|| url.strip_prefix("rediss://"));
        let Some(rest) = rest.filter(|_| Client::open(url).is_ok()) else {
            return Err(format!("this is no address of a Redis server; {usual}"));
        };
        if url.contains('#') {
            return Err(format!("what follows `#` would switch the check of certificates off; {usual}"));
        }
        let place = rest.rsplit_once('@').map_or(rest, |(_, place)| place);
        Ok(RedisUrl { url: url.into(), place: place.trim_end_matches('/').to_owned() })
    }

    /// Host, port and number, for people.
    pub fn place(&self) -> &str {
        &self.place
    }
}

impl PartialEq for RedisUrl {
    fn eq(&self, other: &Self) -> bool {
        self.url.expose_secret() == other.url.expose_secret()
    }
}

impl std::fmt::Debug for RedisUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "RedisUrl({})", self.place)
    }
}

/// The connection.
pub(crate) struct RedisLink {
    url: RedisUrl,
    open: Option<MultiplexedConnection>,
    to_answer: Duration,
}

impl RedisLink {
    /// One that is not open yet.
    pub(crate) fn to(url: RedisUrl) -> RedisLink {
        RedisLink { url, open: None, to_answer: TO_ANSWER }
    }

    /// One whose commands may wait so long at the server.
    pub(crate) fn waiting(url: RedisUrl, wait: Duration) -> RedisLink {
        RedisLink { to_answer: TO_ANSWER + wait, ..RedisLink::to(url) }
    }

    /// Makes sure that it is open and answers.
    ///
    /// # Errors
    /// A sentence.
    pub(crate) async fn reach(&mut self) -> Result<(), String> {
        self.run::<()>(redis::pipe().cmd("PING").ignore()).await
    }

    /// Runs commands of which nothing is to be known but that Redis took them, after those that were begun before and beside
    /// them: they are sent before those are answered. Only where it was [reached](Self::reach).
    ///
    /// # Errors
    /// A sentence. The commands may have run when the answer was lost; what was begun after them may have run too.
    pub(crate) async fn run_behind(&self, commands: &Pipeline) -> Result<(), String> {
        let Some(mut open) = self.open.clone() else {
            return Err(format!("Redis at {} is not reached.", self.url.place));
        };
        let ran = commands.query_async::<()>(&mut open).await;
        ran.map_err(|error| sentence(&self.url.place, &error))
    }

    /// Opens it anew next time.
    pub(crate) fn part(&mut self) {
        self.open = None;
    }

    /// Runs commands in their order, and hands back what they answer.
    ///
    /// # Errors
    /// A sentence. The commands may have run when the answer was lost.
    pub(crate) async fn run<T: FromRedisValue>(&mut self, commands: &Pipeline) -> Result<T, String> {
        let was_open = self.open.is_some();
        let mut ran = self.try_to_run(commands).await;
        if was_open && ran.as_ref().err().is_some_and(RedisError::is_connection_dropped) {
            // Redis closes connections when it is started again, and idle ones.
            ran = self.try_to_run(commands).await;
        }
        ran.map_err(|error| sentence(&self.url.place, &error))
    }

    async fn try_to_run<T: FromRedisValue>(&mut self, commands: &Pipeline) -> Result<T, RedisError> {
        let mut connection = match self.open.take() {
            Some(open) => open,
            None => connect(&self.url, self.to_answer).await?,
        };
        let answer = commands.query_async(&mut connection).await?;
        self.open = Some(connection);
        Ok(answer)
    }
}

async fn connect(url: &RedisUrl, to_answer: Duration) -> Result<MultiplexedConnection, RedisError> {
    let limits = AsyncConnectionConfig::new()
        .set_connection_timeout(Some(TO_CONNECT))
        .set_response_timeout(Some(to_answer));
    let client = Client::open(url.url.expose_secret())?;
    let mut connection = client.get_multiplexed_async_connection_with_config(&limits).await?;
    // Whether it lets us do anything, one by one: the driver takes a refused MULTI amiss.
    for command in ["PING", "MULTI", "EXEC"] {
        redis::cmd(command).exec_async(&mut connection).await?;
    }
    Ok(connection)
}

/// What Redis says when it does not do what it is asked, and what to do about it.
const SAYINGS: [(&str, &str); 9] = [
    ("OOM", "has no memory left (maxmemory); give it more, or lower redis.events_max and trim the stream"),
    ("WRONGTYPE", "has something else under the name of the stream; rename or delete that key"),
    ("READONLY", "is a replica, which takes nothing; give the address of the primary"),
    ("LOADING", "is still loading its data"),
    ("MISCONF", "cannot save to its disk and takes nothing; see its log"),
    ("NOAUTH", "wants a password; put it into redis.url"),
    ("WRONGPASS", "refuses the user or the password of redis.url"),
    ("NOPERM", "does not let its user do what Tikmeter needs; docs/how-to/redis.md lists it"),
    ("MOVED", "is a node of a cluster that keeps the stream elsewhere; give an address that is no cluster"),
];

fn sentence(place: &str, error: &RedisError) -> String {
    let refusals = error.clone().into_server_errors();
    let codes = refusals.iter().flat_map(|errors| errors.iter()).map(|(_, error)| error.code());
    let sayings = codes.filter_map(|code| SAYINGS.iter().find(|(known, _)| *known == code));
    if let Some((_, saying)) = sayings.into_iter().next() {
        return format!("Redis at {place} {saying}.");
    }
    if error.is_timeout() {
        return format!("Redis at {place} does not answer.");
    }
    if error.is_connection_refusal() {
        return format!("Nobody listens at {place}, where Redis should be.");
    }
    if error.kind() == redis::ErrorKind::AuthenticationFailed {
        return format!("Redis at {place} refuses the user or the password of redis.url.");
    }
    format!("Redis at {place} cannot be used ({error}).")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_told_without_their_password() {
        for (url, place) in [
            ("redis://127.0.0.1:6379", "127.0.0.1:6379"),
            ("redis://:gehe@im@db.example", "db.example"),
            ("rediss://u:geheim@db.example:1/3", "db.example:1/3"),
        ] {
            let url = RedisUrl::parse(url).unwrap();
            assert_eq!(url.place(), place);
            assert!(!format!("{url:?}").contains("gehe"), "{url:?}");
        }
    }

    #[test]
    fn what_is_no_address_is_refused_without_showing_it() {
        for url in
            ["127.0.0.1:6379", "http://:geheim@h", "redis://:geheim@h:99999", "rediss://:geheim@h#insecure"]
        {
            let told = RedisUrl::parse(url).unwrap_err();
            assert!(told.contains("redis://") && !told.contains("geheim"), "{told}");
        }
    }
}
