//! Subscribers by words, in the order asked for.

use crate::error::StoreError;
use crate::search_repository::{SubscriberOrder, SubscriberSearch};
use crate::subscriber_repository::Subscriber;

use super::connection::Connection;
use super::reach::{on_reached, reached, subscriber_reached};
use super::search_words::{all_words, bytes_have, no_code, patterns, text_has};
use super::subscriber::select;
use super::subscriber_rows::{router_zone, subscribers_where};
use super::value::params;

/// A word is lacking, or stands in what is seen of a subscriber.
macro_rules! word {
    ($word:literal) => {
        concat!(
            "(",
            $word,
            " IS NULL OR ",
            text_has!("subscriber.name", $word),
            " OR ",
            text_has!("plan.name", $word),
            " OR ",
            text_has!("username", $word),
            " AND (?7 = 0 OR NOT EXISTS (SELECT 1 FROM voucher WHERE voucher.code = upper(username)))
             OR EXISTS (
                SELECT 1 FROM login_binding AS bound_now JOIN login AS own ON own.id = bound_now.login_id
                WHERE bound_now.subscriber_id = subscriber.id AND bound_now.to_at IS NULL AND ",
            bytes_have!("own.name", $word),
            " AND ",
            no_code!("own.name", "?7"),
            " AND (own.scope = 'all' OR own.scope = 'group' AND ",
            reached!("?9", "own.scope_id"),
            " OR own.scope = 'router' AND ",
            on_reached!("?9", "own.scope_id"),
            ")))"
        )
    };
}

/// Those asked for, behind `$place`.
macro_rules! found {
    ($place:literal, $order:literal) => {
        subscribers_where!(
            $place,
            " AND (?2 IS NULL OR status = ?2) AND ",
            subscriber_reached!("?9"),
            " AND ",
            all_words!(word, "?3", "?4", "?5", "?6"),
            " ORDER BY ",
            $order,
            " LIMIT ?8"
        )
    };
}
const BY_NAME: &str = found!(
    "username > coalesce((SELECT username FROM subscriber WHERE id = ?1), CASE WHEN ?1 IS NULL THEN '' END)",
    "username"
);
const NEWEST: &str = found!(
    "(?1 IS NULL OR (created_at, subscriber.id) < (SELECT created_at, id FROM subscriber WHERE id = ?1))",
    "created_at DESC, subscriber.id DESC"
);
const BY_EXPIRY: &str = found!(
    "(?1 IS NULL OR (coalesce(expiry_at, 9223372036854775807), subscriber.id) > (
         SELECT coalesce(expiry_at, 9223372036854775807), id FROM subscriber WHERE id = ?1))",
    "coalesce(expiry_at, 9223372036854775807), subscriber.id"
);

pub(super) fn found(
    connection: &Connection<'_>,
    search: &SubscriberSearch,
) -> Result<Vec<Subscriber>, StoreError> {
    let sql = match search.order {
        SubscriberOrder::Username => BY_NAME,
        SubscriberOrder::Newest => NEWEST,
        SubscriberOrder::Expiry => BY_EXPIRY,
    };
    let status = search.status.map(|status| status.as_str());
    let [first, second, third, fourth] = patterns(&search.words);
    let hides = search.words.without_codes;
    let after = search.after.map(|id| id.to_string());
    let reach = search.reach.rows();
    let values = params![after, status, first, second, third, fourth, hides, search.limit, reach];
    select(connection, sql, values, &search.reach)
}
