//! Rows of the tables that are wanted, by the names of their columns: out of `INSERT INTO`, whose columns are named there, or else in
//! `CREATE TABLE`.

use std::collections::HashMap;

use super::tokens::{Token, Tokens};

/// A row: its values by column; `None` is NULL.
pub(super) type Row = HashMap<String, Option<String>>;

/// The rows of one table.
#[derive(Debug, Default)]
pub(super) struct Table {
    columns: Vec<String>,
    pub(super) rows: Vec<Row>,
}

/// Reads the rows of the tables of these names.
///
/// # Errors
/// With the line, where the file is none that dumps are.
pub(super) fn read(dump: &[u8], wanted: &[&str]) -> Result<HashMap<String, Table>, String> {
    let mut reader = Reader { tokens: Tokens::new(dump), tables: HashMap::new() };
    while let Some(token) = reader.tokens.next()? {
        if is(&token, "CREATE") {
            reader.create(wanted)?;
        } else if is(&token, "INSERT") || is(&token, "REPLACE") {
            reader.insert(wanted)?;
        } else {
            reader.skip_from(&token)?;
        }
    }
    Ok(reader.tables)
}

struct Reader<'d> {
    tokens: Tokens<'d>,
    tables: HashMap<String, Table>,
}

impl Reader<'_> {
    /// `CREATE TABLE [IF NOT EXISTS] name (column type ..., ...)`.
    fn create(&mut self, wanted: &[&str]) -> Result<(), String> {
        let Some(name) = self.name_after("TABLE", &["IF", "NOT", "EXISTS"], wanted)? else { return Ok(()) };
        self.expect(b'(')?;
        let (mut columns, mut depth, mut is_first) = (Vec::new(), 1, true);
        while depth > 0 {
            match self.needed()? {
                Token::Mark(b'(') => depth += 1,
                Token::Mark(b')') => depth -= 1,
                Token::Mark(b',') if depth == 1 => {
                    is_first = true;
                    continue;
                }
                Token::Word(word) if is_first && !is_key(&word) => columns.push(text(word)?),
                _ => {}
            }
            is_first = false;
        }
        self.tables.entry(name).or_default().columns = columns;
        self.skip()
    }

    /// `INSERT [IGNORE] INTO name [(columns)] VALUES (row), (row);`
    fn insert(&mut self, wanted: &[&str]) -> Result<(), String> {
        let Some(name) = self.name_after("INTO", &[], wanted)? else { return Ok(()) };
        let mut columns = self.tables.get(&name).map(|table| table.columns.clone()).unwrap_or_default();
        let mut token = self.needed()?;
        if token == Token::Mark(b'(') {
            columns = self.list()?.into_iter().map(|column| column.unwrap_or_default()).collect();
            token = self.needed()?;
        }
        if !is(&token, "VALUES") && !is(&token, "VALUE") {
            return Err(self.wrong("rows are expected here"));
        }
        loop {
            self.expect(b'(')?;
            let values = self.list()?;
            if values.len() != columns.len() {
                return Err(self.wrong(&format!(
                    "a row of {name} has {} values, and the table {} columns",
                    values.len(),
                    columns.len()
                )));
            }
            let row = columns.iter().cloned().zip(values).collect();
            self.tables.entry(name.clone()).or_default().rows.push(row);
            match self.needed()? {
                Token::Mark(b',') => {}
                Token::Mark(b';') => return Ok(()),
                _ => {
                    return Err(
                        self.wrong("a row has to be followed by another one or the end of the statement")
                    );
                }
            }
        }
    }

    /// Values up to the closing parenthesis.
    fn list(&mut self) -> Result<Vec<Option<String>>, String> {
        let mut values = Vec::new();
        loop {
            let mut value = self.needed()?;
            // What a text is written in stands before it.
            while matches!(&value, Token::Word(word) if word.starts_with(b"_")) {
                value = self.needed()?;
            }
            values.push(match value {
                Token::Text(bytes) => Some(self.utf8(bytes)?),
                Token::Word(word) if word.eq_ignore_ascii_case(b"NULL") => None,
                Token::Word(word) => Some(self.utf8(of_hex(&word).unwrap_or(word))?),
                Token::Mark(_) => return Err(self.wrong("a value is expected here")),
            });
            match self.needed()? {
                Token::Mark(b',') => {}
                Token::Mark(b')') => return Ok(values),
                _ => {
                    return Err(self.wrong("a value has to be followed by another one or the end of the row"));
                }
            }
        }
    }

    /// The table of a statement; `None`, and the statement is passed over, where it is not wanted.
    fn name_after(&mut self, word: &str, filler: &[&str], wanted: &[&str]) -> Result<Option<String>, String> {
        let mut token = self.needed()?;
        if is(&token, "IGNORE") {
            token = self.needed()?;
        }
        if !is(&token, word) {
            return self.skip_from(&token).map(|()| None);
        }
        let mut name = self.needed()?;
        while filler.iter().any(|filler| is(&name, filler)) {
            name = self.needed()?;
        }
        let Token::Word(found) = &name else {
            return Err(self.wrong("the name of a table is expected here"));
        };
        // The name of the database may stand before it.
        let found = found.rsplit(|byte| *byte == b'.').next().unwrap_or(found);
        match wanted.iter().find(|wanted| wanted.as_bytes().eq_ignore_ascii_case(found)) {
            Some(wanted) => Ok(Some((*wanted).to_owned())),
            None => self.skip().map(|()| None),
        }
    }

    /// Passes over the rest of a statement.
    fn skip(&mut self) -> Result<(), String> {
        while let Some(token) = self.tokens.next()? {
            if token == Token::Mark(b';') {
                return Ok(());
            }
        }
        Ok(())
    }

    fn skip_from(&mut self, token: &Token) -> Result<(), String> {
        if *token == Token::Mark(b';') { Ok(()) } else { self.skip() }
    }

    fn needed(&mut self) -> Result<Token, String> {
        let token = self.tokens.next()?;
        token.ok_or_else(|| self.wrong("the file ends within a statement: it was cut off"))
    }

    fn expect(&mut self, mark: u8) -> Result<(), String> {
        match self.needed()? {
            Token::Mark(found) if found == mark => Ok(()),
            _ => Err(self.wrong(&format!("`{}` is expected here", char::from(mark)))),
        }
    }

    fn utf8(&self, bytes: Vec<u8>) -> Result<String, String> {
        String::from_utf8(bytes)
            .map_err(|_| self.wrong("this text is not UTF-8; dump with --default-character-set=utf8mb4"))
    }

    fn wrong(&self, what: &str) -> String {
        format!("line {}: {what}", self.tokens.line())
    }
}

/// What `0x...` stands for: dumps write texts so that are columns of bytes.
fn of_hex(word: &[u8]) -> Option<Vec<u8>> {
    let digits = word.strip_prefix(b"0x").filter(|digits| !digits.is_empty() && digits.len() % 2 == 0)?;
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    digits.chunks(2).map(|pair| Some(digit(pair[0])? * 16 + digit(pair[1])?)).collect()
}

fn is(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(found) if found.eq_ignore_ascii_case(word.as_bytes()))
}

/// What begins a line of `CREATE TABLE` that is no column.
fn is_key(word: &[u8]) -> bool {
    let keys: [&[u8]; 9] = [
        b"PRIMARY",
        b"KEY",
        b"UNIQUE",
        b"INDEX",
        b"CONSTRAINT",
        b"FULLTEXT",
        b"SPATIAL",
        b"FOREIGN",
        b"CHECK",
    ];
    keys.iter().any(|key| word.eq_ignore_ascii_case(key))
}

fn text(word: Vec<u8>) -> Result<String, String> {
    String::from_utf8(word).map_err(|_| "the name of a column is not UTF-8".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A row in the order of its columns.
    type Sorted = Vec<(String, Option<String>)>;

    fn rows(dump: &str) -> Result<Vec<Sorted>, String> {
        let tables = read(dump.as_bytes(), &["t"])?;
        let rows = tables.get("t").map(|table| table.rows.clone()).unwrap_or_default();
        let sorted = |row: Row| {
            let mut row: Vec<_> = row.into_iter().collect();
            row.sort();
            row
        };
        Ok(rows.into_iter().map(sorted).collect())
    }

    fn row(values: &[(&str, Option<&str>)]) -> Sorted {
        values.iter().map(|(column, value)| ((*column).to_owned(), value.map(str::to_owned))).collect()
    }

    #[test]
    fn rows_are_found_by_the_columns_of_either_statement() {
        let dump = "CREATE DATABASE x; CREATE TABLE IF NOT EXISTS `t` (`a` int(10) NOT NULL, `b` enum('x','y') DEFAULT 'x',
            PRIMARY KEY (`a`), KEY `k` (`b`,`a`)) ENGINE=InnoDB; INSERT INTO `other` VALUES (1,';');
            INSERT INTO `t` VALUES (1,'x'),(2,NULL); INSERT IGNORE INTO db.t (b, a) VALUES (_utf8mb4'z', -3);";
        let expected = [
            row(&[("a", Some("1")), ("b", Some("x"))]),
            row(&[("a", Some("2")), ("b", None)]),
            row(&[("a", Some("-3")), ("b", Some("z"))]),
        ];
        assert_eq!(rows(dump).unwrap(), expected);
    }

    #[test]
    fn texts_that_are_written_as_bytes_are_the_same_texts() {
        let dump =
            "INSERT INTO t (a, b) VALUES (0x416E6120C3B1, _binary 'Ana'), (_utf8mb4 0x4f, 0x), ('0x4F', 10);";
        let expected = [
            row(&[("a", Some("Ana ñ")), ("b", Some("Ana"))]),
            row(&[("a", Some("O")), ("b", Some("0x"))]),
            row(&[("a", Some("0x4F")), ("b", Some("10"))]),
        ];
        assert_eq!(rows(dump).unwrap(), expected);
        assert!(rows("INSERT INTO t (a) VALUES (0xFF);").unwrap_err().contains("not UTF-8"));
    }

    #[test]
    fn what_is_no_dump_is_told_with_its_line() {
        for (dump, words) in [
            ("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1,2);", "line 2: a row of t has 2 values"),
            ("INSERT INTO t (a) VALUES (1)", "cut off"),
            ("INSERT INTO t (a) SELECT 1;", "rows are expected"),
            ("INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = 1;", "followed by another"),
            ("INSERT INTO t (a) VALUES (now());", "followed by another"),
        ] {
            let told = rows(dump).unwrap_err();
            assert!(told.contains(words), "{told}");
        }
    }
}
