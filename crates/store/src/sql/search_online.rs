//! Who is online, by words, in the order asked for.

use crate::error::StoreError;
use crate::search_repository::{OnlineOrder, OnlineSearch};
use crate::session_repository::SessionRow;

use super::connection::Connection;
use super::keys::row_key;
use super::open_entry::{session_total, with_open_entry};
use super::reach::reached;
use super::rows;
use super::search_words::{all_words, bytes_have, no_code, patterns, text_has};
use super::session::{session, sessions_from, state_of};
use super::value::params;

/// A word is lacking, or stands in what is seen of a session.
macro_rules! word {
    ($word:literal) => {
        concat!(
            "(",
            $word,
            " IS NULL OR ",
            text_has!("nas.name", $word),
            " OR ",
            bytes_have!("framed_address", $word),
            " OR ",
            bytes_have!("calling_station_id", $word),
            " OR ",
            text_has!("subscriber.username", $word),
            " AND (?11 = 0 OR NOT EXISTS (SELECT 1 FROM voucher WHERE voucher.code = upper(subscriber.username)))
             OR ",
            bytes_have!("login.name", $word),
            " AND ",
            no_code!("login.name", "?11"),
            ")"
        )
    };
}

/// Where a row stands by `$key`: looked up by its number, so that no cursor holds it.
macro_rules! place {
    ($key:expr) => {
        concat!(
            "(SELECT ",
            $key,
            ", session.id FROM session JOIN nas ON nas.id = session.nas_id JOIN login ON login.id = session.login_id",
            with_open_entry!("session"),
            "WHERE session.nas_id = ?1 AND session.id = ?2 AND ",
            reached!("?12", "nas.group_id"),
            ")"
        )
    };
}

macro_rules! found {
    ($key:expr, $beyond:literal, $direction:literal) => {
        concat!(
            sessions_from!("session_present"),
            "WHERE state < 2 AND state = ?3 AND nas.removed_at IS NULL AND (?4 IS NULL OR nas.name = ?4)
               AND (?5 IS NULL OR session.service = ?5) AND (?2 IS NULL OR (",
            $key,
            ", session.id) ",
            $beyond,
            " ",
            place!($key),
            ") AND ",
            reached!("?12", "nas.group_id"),
            " AND ",
            all_words!(word, "?6", "?7", "?8", "?9"),
            " ORDER BY ",
            $key,
            " ",
            $direction,
            ", session.id ",
            $direction,
            " LIMIT ?10"
        )
    };
}

/// The statement up and the one down.
macro_rules! both_ways {
    ($key:expr) => {
        [found!($key, ">", "ASC"), found!($key, "<", "DESC")]
    };
}
const BY_USERNAME: [&str; 2] = both_ways!("login.name");
const BY_ADDRESS: [&str; 2] = both_ways!("framed_address");
const BY_CALLER: [&str; 2] = both_ways!("calling_station_id");
const BY_START: [&str; 2] = both_ways!("started_at");
const BY_DOWNLOAD: [&str; 2] = both_ways!(session_total!("output"));
const BY_UPLOAD: [&str; 2] = both_ways!(session_total!("input"));
const BY_ROUTER: [&str; 2] = both_ways!("nas.name");

pub(super) fn found(
    connection: &Connection<'_>,
    search: &OnlineSearch,
) -> Result<Vec<SessionRow>, StoreError> {
    let [up, down] = match search.order {
        OnlineOrder::Username => BY_USERNAME,
        OnlineOrder::Address => BY_ADDRESS,
        OnlineOrder::Caller => BY_CALLER,
        OnlineOrder::Started => BY_START,
        OnlineOrder::Download => BY_DOWNLOAD,
        OnlineOrder::Upload => BY_UPLOAD,
        OnlineOrder::Router => BY_ROUTER,
    };
    let nas = search.after.map(|(nas, _)| nas.0);
    let after = search.after.map(|(nas, no)| row_key(nas, no)).transpose()?;
    let state = state_of(search.phase);
    let [first, second, third, fourth] = patterns(&search.words);
    let hides = search.words.without_codes;
    let values = params![
        nas,
        after,
        state,
        search.router,
        search.service,
        first,
        second,
        third,
        fourth,
        search.limit,
        hides,
        search.reach.rows()
    ];
    rows::all(connection, if search.descending { down } else { up }, values, session)
}
