//! The text of a statement, as PostgreSQL wants it.

/// Words that tell SQLite which way to go, and the word after them.
const HINT: &str = "INDEXED BY ";
/// Words that only PostgreSQL shall see, in what SQLite takes for a comment.
const OURS: &str = "/*postgres ";
const OURS_END: &str = "*/";
/// SQLite's word for a join in the order that is written.
const ORDERED_JOIN: &str = "CROSS JOIN ";

/// Rewrites each `?1` with `value`, and leaves out what only SQLite understands.
pub(super) fn translated(sql: &str, value: impl Fn(&str) -> String) -> String {
    let (mut out, mut rest, mut in_quotes) = (String::with_capacity(sql.len()), sql, false);
    while let Some(next) = rest.chars().next() {
        if !in_quotes && next == '?' {
            let (number, after) = split_at_end(&rest[1..], |c| c.is_ascii_digit());
            out.push_str(&value(number));
            rest = after;
        } else if let Some(after) = rest.strip_prefix(HINT).filter(|_| !in_quotes) {
            rest = split_at_end(after, |c| c.is_ascii_alphanumeric() || c == '_').1;
        } else if let Some((ours, after)) =
            rest.strip_prefix(OURS).filter(|_| !in_quotes).and_then(|ours| ours.split_once(OURS_END))
        {
            out.push_str(ours);
            rest = after;
        } else if let Some(after) = rest.strip_prefix(ORDERED_JOIN).filter(|_| !in_quotes) {
            out.push_str("JOIN ");
            rest = after;
        } else {
            in_quotes ^= next == '\'';
            out.push(next);
            rest = &rest[next.len_utf8()..];
        }
    }
    out
}

fn split_at_end(text: &str, belongs: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(|c| !belongs(c)).unwrap_or(text.len()))
}

/// A statement for one row of values as one for many, which are the rows of `new (c1, c2, ...)`, of those types.
///
/// # Panics
/// When it is neither an insertion of `VALUES` nor one of a query, an update or a deletion with a condition: then it is no
/// statement for many.
pub(super) fn for_many(sql: &str, types: &[&str]) -> String {
    let (arrays, columns) = new_rows(types);
    let new = format!("unnest({arrays}) AS new ({columns})");
    let sql = sql.trim();
    let (before, word, after) = split_at_last_outer(sql, "VALUES")
        .or_else(|| split_at_last_outer(sql, "WHERE"))
        .unwrap_or_else(|| panic!("this is no statement for many rows: {sql}"));
    let (before, after) = (named(before), named(after));
    if word == "VALUES" {
        let (row, rest) = split_after_parentheses(after.trim_start());
        return format!("{before} SELECT {} FROM {new}{rest}", &row[1..row.len() - 1]);
    }
    let joined = match sql.split_whitespace().next() {
        Some("UPDATE") => " FROM",
        Some("DELETE") => " USING",
        _ => ",",
    };
    format!("{before}{joined} {new} WHERE {after}")
}

/// A query for one row of values as one for many. Its first column is which of those each row is for, from 0.
pub(super) fn asking_for_many(sql: &str, types: &[&str]) -> String {
    let (arrays, columns) = new_rows(types);
    let one = named(sql);
    format!(
        "SELECT new.nth - 1, one.* FROM unnest({arrays}) WITH ORDINALITY AS new ({columns}, nth) CROSS JOIN LATERAL ({one}) AS \
         one"
    )
}

/// With the values of a row of `new`.
fn named(sql: &str) -> String {
    translated(sql, |number| format!("new.c{number}"))
}

/// The arrays of many rows of values, and what their columns are called.
fn new_rows(types: &[&str]) -> (String, String) {
    let arrays: Vec<String> =
        types.iter().enumerate().map(|(at, kind)| format!("${}::{kind}[]", at + 1)).collect();
    let columns: Vec<String> = (1..=types.len()).map(|number| format!("c{number}")).collect();
    (arrays.join(", "), columns.join(", "))
}

/// Splits at the last `word` that is in no parentheses.
fn split_at_last_outer<'s>(sql: &'s str, word: &'s str) -> Option<(&'s str, &'s str, &'s str)> {
    let outer = |at: &usize| {
        let depth = |open| sql[..*at].matches(open).count();
        depth('(') == depth(')')
    };
    let at = sql.match_indices(word).map(|(at, _)| at).filter(outer).last()?;
    Some((sql[..at].trim_end(), word, &sql[at + word.len()..]))
}

/// Splits behind the parenthesis that closes the first character's.
fn split_after_parentheses(text: &str) -> (&str, &str) {
    let mut depth = 0;
    for (at, c) in text.char_indices() {
        depth += i32::from(c == '(') - i32::from(c == ')');
        if depth == 0 {
            return text.split_at(at + 1);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_and_hints_are_rewritten_and_texts_are_not() {
        let sql = "SELECT '?1 INDEXED BY x' FROM t INDEXED BY t_a CROSS JOIN u ON u.id = ?12 WHERE a = ?2 /*postgres FOR \
                   UPDATE*/";
        let written = translated(sql, |number| format!("${number}"));
        assert_eq!(written, "SELECT '?1 INDEXED BY x' FROM t  JOIN u ON u.id = $12 WHERE a = $2 FOR UPDATE");
    }

    #[test]
    fn an_insertion_takes_its_rows_from_arrays() {
        let sql = "INSERT INTO t (a, b) VALUES (?1, coalesce(?2, 'x')) ON CONFLICT DO NOTHING";
        let expected = "INSERT INTO t (a, b) SELECT new.c1, coalesce(new.c2, 'x') FROM unnest($1::bigint[], $2::text[]) AS \
                        new (c1, c2) ON CONFLICT DO NOTHING";
        assert_eq!(for_many(sql, &["bigint", "text"]), expected);
    }

    #[test]
    fn an_insertion_of_a_query_meets_its_rows_by_its_own_condition() {
        let sql = "INSERT INTO t (a, b) SELECT ?1, id FROM u WHERE id = ?2 AND NOT EXISTS (SELECT 1 FROM t WHERE a = ?1)";
        let expected = "INSERT INTO t (a, b) SELECT new.c1, id FROM u, unnest($1::bigint[], $2::bigint[]) AS new (c1, c2) \
                        WHERE  id = new.c2 AND NOT EXISTS (SELECT 1 FROM t WHERE a = new.c1)";
        assert_eq!(for_many(sql, &["bigint", "bigint"]), expected);
    }

    #[test]
    fn a_query_says_for_which_row_of_values_each_of_its_rows_is() {
        let sql = "SELECT id FROM t WHERE a = ?1 AND b < ?2 LIMIT 1";
        let expected = "SELECT new.nth - 1, one.* FROM unnest($1::text[], $2::bigint[]) WITH ORDINALITY AS new (c1, c2, nth) \
                        CROSS JOIN LATERAL (SELECT id FROM t WHERE a = new.c1 AND b < new.c2 LIMIT 1) AS one";
        assert_eq!(asking_for_many(sql, &["text", "bigint"]), expected);
    }

    #[test]
    fn an_update_meets_its_rows_by_its_own_condition() {
        let sql = "UPDATE t SET a = (SELECT b FROM u WHERE u.id = t.id), c = ?2 WHERE id = ?1 AND EXISTS (SELECT 1 FROM u WHERE d)";
        let expected = "UPDATE t SET a = (SELECT b FROM u WHERE u.id = t.id), c = new.c2 FROM unnest($1::bigint[], \
                        $2::bytea[]) AS new (c1, c2) WHERE  id = new.c1 AND EXISTS (SELECT 1 FROM u WHERE d)";
        assert_eq!(for_many(sql, &["bigint", "bytea"]), expected);
        let deleted = for_many("DELETE FROM t WHERE a = ?1", &["bigint"]);
        assert_eq!(deleted, "DELETE FROM t USING unnest($1::bigint[]) AS new (c1) WHERE  a = new.c1");
    }
}
