//! A row of a file of subscribers, its cells understood one by one.

use accounting::login::{LoginKind, LoginName};
use store::{SUBSCRIBER_STATUSES, Scope, SubscriberStatus};
use uuid::Uuid;

use super::columns::Column;
use super::faults::Faults;
use super::sheet::Cells;
use crate::csv_cells::text_of_cell;
use crate::devices::as_routers_name_it;
use crate::expiry::Expiry;
use crate::names::{name_from_text, name_to_text};
use crate::services::login_kind;

/// What a row says. `None`: there is no such column, or its cell is empty and it cannot be without a value;
/// `Some(None)`: an empty cell, so none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Row {
    /// The line it begins in.
    pub(super) row: u64,
    pub(super) username: String,
    pub(super) id: Option<Uuid>,
    pub(super) name: Option<Option<String>>,
    pub(super) login: Option<Vec<u8>>,
    pub(super) scope: Option<Scope>,
    pub(super) service: Option<String>,
    pub(super) plan: Option<Option<String>>,
    pub(super) status: Option<SubscriberStatus>,
    pub(super) expiry: Option<Option<Expiry>>,
    pub(super) zone: Option<Option<String>>,
    pub(super) note: Option<Option<String>>,
}

impl Row {
    /// Reads the cells; `None` when one of them is faulty.
    pub(super) fn read(cells: &Cells<'_>, faults: &mut Faults) -> Option<Row> {
        let before = faults.total();
        let mut row = Row { row: cells.row, ..Row::default() };
        for (column, cell) in cells.iter() {
            let taken = text(column, cell).and_then(|text| row.take(column, text_of_cell(text)));
            if let Err(said) = taken {
                faults.note(row.row, Some(column.name()), said);
            }
        }
        if row.username.is_empty() && faults.total() == before {
            faults.note(row.row, Some(Column::Username.name()), "the username must not be empty");
        }
        row.name_device(faults);
        (faults.total() == before).then_some(row)
    }

    /// A device that a hotspot lets through, as routers name it.
    fn name_device(&mut self, faults: &mut Faults) {
        match as_routers_name_it(self.login().0) {
            Ok(login) if self.login.is_none() && *login.name == *self.username.as_bytes() => {}
            Ok(login) => self.login = Some(login.name.into()),
            Err(said) => faults.note(self.row, Some(Column::Login.name()), said),
        }
    }

    /// The login that a new subscriber's row is about. A service nobody knows is a fault of the row's own.
    pub(super) fn login(&self) -> (LoginName, Scope) {
        let kind = self.service.as_deref().and_then(|service| login_kind(service).ok());
        let name = self.login.clone().unwrap_or_else(|| self.username.as_bytes().to_vec());
        (LoginName::new(kind.unwrap_or(LoginKind::Ppp), name), self.scope.clone().unwrap_or(Scope::All))
    }

    fn take(&mut self, column: Column, text: &str) -> Result<(), String> {
        let word = text.trim();
        match column {
            Column::Username => self.username = text.to_owned(),
            Column::Name => self.name = Some(filled(text)),
            Column::Note => self.note = Some(filled(text)),
            Column::Plan => self.plan = Some(filled(text)),
            Column::Zone => self.zone = Some(filled(word)),
            Column::Service => self.service = filled(word),
            Column::Id => self.id = read(word, id)?,
            Column::Login => self.login = read(text, login)?,
            Column::Scope => self.scope = read(word, scope)?,
            Column::Status => self.status = read(word, status)?,
            Column::ExpiryAt => self.expiry = Some(read(word, expiry)?),
        }
        Ok(())
    }
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn read<T>(text: &str, of: fn(&str) -> Result<T, String>) -> Result<Option<T>, String> {
    if text.is_empty() { Ok(None) } else { of(text).map(Some) }
}

/// A cell's text. Which bytes a router has is not ours to guess, so another encoding is not translated.
fn text(column: Column, cell: &[u8]) -> Result<&str, String> {
    std::str::from_utf8(cell).map_err(|_| {
        let save = "this cell is not UTF-8: save the file as \"CSV UTF-8\" and import that";
        match column {
            Column::Login => {
                format!("{save}, or write {} if the router has exactly these bytes", name_to_text(cell))
            }
            _ => save.to_owned(),
        }
    })
}

fn id(text: &str) -> Result<Uuid, String> {
    let what =
        || format!("\"{}\" is no id (a UUID); leave the cell empty for a new one", text.escape_debug());
    Uuid::try_parse(text).map_err(|_| what())
}

fn login(text: &str) -> Result<Vec<u8>, String> {
    match name_from_text(text).map_err(|error| error.to_string())? {
        empty if empty.is_empty() => Err("the login must not be empty".to_owned()),
        name => Ok(name),
    }
}

fn scope(text: &str) -> Result<Scope, String> {
    match text.split_once(':') {
        None if text == "all" => Ok(Scope::All),
        Some(("router", name)) => Ok(Scope::Router(name.to_owned())),
        Some(("group", name)) => Ok(Scope::Group(name.to_owned())),
        _ => Err(format!("\"{}\" is no scope: write all, router:NAME or group:NAME", text.escape_debug())),
    }
}

fn status(text: &str) -> Result<SubscriberStatus, String> {
    SubscriberStatus::from_name(text).ok_or_else(|| {
        let names = SUBSCRIBER_STATUSES.map(|(_, name)| name).join(", ");
        format!("\"{}\" is no status; there are: {names}", text.escape_debug())
    })
}

fn expiry(text: &str) -> Result<Expiry, String> {
    Expiry::parse(text).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::subscriber_import::sheet::Sheet;

    fn rows(file: &[u8]) -> (Vec<Row>, Vec<(u64, String, String)>) {
        let mut faults = Faults::default();
        let mut rows = Vec::new();
        let mut sheet = Sheet::open(file, &mut faults).unwrap();
        while let Some(cells) = sheet.next(&mut faults) {
            rows.extend(Row::read(&cells, &mut faults));
        }
        let told = faults.told().into_iter();
        (rows, told.map(|fault| (fault.row, fault.column.unwrap(), fault.said)).collect())
    }

    #[test]
    fn an_empty_cell_is_none_and_an_absent_column_is_silent() {
        let (rows, faults) = rows(b"username,plan,status,login\nana,,,\n");
        assert_eq!(faults, []);
        let expected = Row { row: 2, username: "ana".to_owned(), plan: Some(None), ..Row::default() };
        assert_eq!(rows, [expected]);
    }

    #[test]
    fn each_faulty_cell_is_told_and_the_good_rows_are_read() {
        let file = b"username,login,status,expiry,scope,id\n\
            ana,hex:zz,gone,31/12/2026,tower,7\n\
            bob,hex:e16e61,active,2026-12-31,router:tower-1,\n\
            cid,jos\xe9,,,,\n\
            ,x,,,,\n\
            '=1+1,'+63,,,,\n";
        let (rows, faults) = rows(file);
        let places: Vec<_> = faults.iter().map(|(row, column, _)| (*row, column.as_str())).collect();
        let row_2 = ["login", "status", "expiry_at", "scope", "id"].map(|column| (2, column));
        assert_eq!(places, [&row_2[..], &[(4, "login"), (5, "username")]].concat());
        assert!(faults[5].2.contains("hex:6a6f73e9"), "{}", faults[5].2);
        assert_eq!(rows[0].login.as_deref(), Some(&b"\xe1na"[..]));
        assert_eq!(rows[0].scope, Some(Scope::Router("tower-1".to_owned())));
        assert_eq!((rows[1].username.as_str(), rows[1].login.as_deref()), ("=1+1", Some(&b"+63"[..])));
    }
}
