//! The monitor's customers as a file of subscribers. Each stays in the line that it has in theirs, so that a fault that the
//! server finds in line 7 is in line 7 of both.

use std::collections::HashMap;

use operations::{CsvFault, CsvGrid};

use crate::cli::upload::Fault;

use super::columns::{Columns, ID, MIKROTIK_ID, NAME, PPPOE_USERNAME, SERVICE_TYPE, STATUS, USERNAME, taken};
use super::customer::{Customer, Routers};
use super::lined_file::LinedFile;

/// The columns of a file of subscribers, and which of theirs each is.
const COLUMNS: [(&str, &str); 7] = [
    ("id", ID),
    ("username", USERNAME),
    ("name", NAME),
    (LOGIN, PPPOE_USERNAME),
    ("scope", MIKROTIK_ID),
    ("service", SERVICE_TYPE),
    ("status", STATUS),
];
const LOGIN: &str = "login";

/// Customers as subscribers.
#[derive(Debug)]
pub(super) struct Mapped {
    /// A file of subscribers.
    pub(super) file: Vec<u8>,
    /// Columns that are not taken.
    pub(super) left_columns: Vec<String>,
    /// Customers that are not taken, and why.
    pub(super) left: Vec<Fault>,
    /// Whom a line of the file is about.
    customers: HashMap<u64, Whose>,
}

/// Whom a line is about, and which of their columns the login is from.
#[derive(Debug)]
struct Whose {
    username: String,
    login: &'static str,
}

/// Makes a file of subscribers of a CSV file with the columns of the monitor's table.
///
/// # Errors
/// All that makes it no such file.
pub(super) fn mapped(customers: &[u8], routers: &Routers) -> Result<Mapped, Vec<Fault>> {
    let opened = CsvGrid::open(customers, |heading| taken(heading).is_some());
    let mut grid = opened.map_err(|fault| vec![of_row(fault)])?;
    let columns = Columns::of(grid.headings())?;
    let (mut mapping, mut faults) = (Mapping::of(&columns, routers), Vec::new());
    while let Some(row) = grid.advance() {
        match row {
            Ok(line) => mapping.take(line, &Customer { columns: &columns, cells: grid.cells().collect() }),
            Err(fault) => faults.push(of_row(fault)),
        }
    }
    let Mapping { file, left, customers, .. } = mapping;
    let mapped = Mapped { file: file.bytes, left_columns: columns.left, left, customers };
    if faults.is_empty() { Ok(mapped) } else { Err(faults) }
}

fn of_row(fault: CsvFault) -> Fault {
    Fault { row: fault.line, column: None, detail: fault.said }
}

/// The file in the making.
struct Mapping<'r> {
    routers: &'r Routers,
    /// Theirs that the file has columns of.
    kept: Vec<&'static str>,
    file: LinedFile,
    left: Vec<Fault>,
    customers: HashMap<u64, Whose>,
}

impl<'r> Mapping<'r> {
    /// A column that they do not have is none of the file either: nothing is said then of what is stored.
    fn of(columns: &Columns, routers: &'r Routers) -> Self {
        let kept = COLUMNS.into_iter().filter(|(ours, theirs)| *ours == LOGIN || columns.has(theirs));
        let (headings, kept): (Vec<_>, Vec<_>) = kept.unzip();
        let mut file = LinedFile::default();
        file.row(1, headings.iter().map(|ours| ours.as_bytes().into()));
        Mapping { routers, kept, file, left: Vec::new(), customers: HashMap::new() }
    }

    fn take(&mut self, line: u64, customer: &Customer<'_>) {
        match customer.login() {
            Err(why) => self.left.push(why.told(line, customer)),
            Ok(login) => {
                let cells = self.kept.iter().map(|theirs| customer.cell(theirs, &login, self.routers));
                self.file.row(line, cells);
                self.customers.insert(line, Whose { username: customer.username(), login: login.from });
            }
        }
    }
}

impl Mapped {
    /// A fault that the server found, in the words of their table.
    pub(super) fn in_their_words(&self, fault: Fault) -> Fault {
        let whose = self.customers.get(&fault.row);
        let theirs = |ours: String| match (COLUMNS.iter().find(|(name, _)| *name == ours), whose) {
            (Some((LOGIN, _)), Some(whose)) => whose.login.to_owned(),
            (Some((_, theirs)), _) => (*theirs).to_owned(),
            (None, _) => ours,
        };
        let detail = match whose {
            Some(whose) => format!("{}: {}", whose.username, fault.detail),
            None => fault.detail,
        };
        Fault { column: fault.column.map(theirs), detail, ..fault }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(customers: &str) -> Mapped {
        let routers = [("mikrotik-001".to_owned(), "north".to_owned())].into();
        mapped(customers.as_bytes(), &routers).unwrap()
    }

    fn file(customers: &str) -> String {
        String::from_utf8(of(customers).file).unwrap()
    }

    #[test]
    fn each_column_becomes_ours_and_passwords_are_left() {
        let customers = "mikrotik_id,pppoe_password,username,name,service_type,pppoe_username,status,id,phone\n\
            mikrotik-001,geheim,ana,\"Añá \"\"A\"\"\",pppoe,ana@isp,suspended,U1,1\n\
            south,geheim,bob,Bob,pppoe,bob@isp,active,U2,\n\
            ,geheim,cid,,pppoe,cid@isp,,,\n";
        let mapped = of(customers);
        assert_eq!(
            String::from_utf8(mapped.file).unwrap(),
            "\"id\",\"username\",\"name\",\"login\",\"scope\",\"service\",\"status\"\n\
            \"U1\",\"ana\",\"Añá \"\"A\"\"\",\"ana@isp\",\"router:north\",\"pppoe\",\"suspended\"\n\
            \"U2\",\"bob\",\"Bob\",\"bob@isp\",\"router:south\",\"pppoe\",\"active\"\n\
            \"\",\"cid\",\"\",\"cid@isp\",\"all\",\"pppoe\",\"\"\n"
        );
        assert_eq!(mapped.left_columns, ["pppoe_password", "phone"]);
    }

    #[test]
    fn the_login_of_a_hotspot_customer_is_the_first_name_that_is_there() {
        let customers = "username,service_type,pppoe_username,hotspot_username\n\
            ana,hotspot,p,h\nbob,hotspot,p,\ncid,hotspot,,\ndan,pppoe,p,h\n";
        let logins: Vec<String> = file(customers).lines().skip(1).map(str::to_owned).collect();
        assert_eq!(
            logins,
            [
                r#""ana","h","hotspot""#,
                r#""bob","p","hotspot""#,
                r#""cid","","hotspot""#,
                r#""dan","p","pppoe""#
            ]
        );
    }

    #[test]
    fn who_cannot_be_counted_is_told_and_all_others_stay_in_their_lines() {
        let customers = "username;service_type;pppoe_username\r\nana;static_ip;a\r\nbob;pppoe;\r\n\
            cid;;c\r\n\"dan\nx\";pppoe;d\r\n\r\neve;pppoe;e\r\n";
        let mapped = of(customers);
        let left: Vec<_> =
            mapped.left.iter().map(|left| (left.row, left.column.as_deref(), &left.detail[..3])).collect();
        let (service, login) = (Some("service_type"), Some("pppoe_username"));
        assert_eq!(left, [(2, service, "ana"), (3, login, "bob"), (4, service, "cid")]);
        let text = String::from_utf8(mapped.file).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[1..5], ["", "", "", r#""dan"#]);
        assert_eq!(lines[5..], [r#"x","d","pppoe""#, "", r#""eve","e","pppoe""#]);
    }

    #[test]
    fn their_texts_are_literal_and_what_is_no_utf_8_is_left_to_the_server() {
        let customers = "username,service_type,pppoe_username\n=a,pppoe,hex:41\n'+b,pppoe,-b\n";
        let expected = "\"'=a\",\"hex:6865783a3431\",\"pppoe\"\n\"''+b\",\"'-b\",\"pppoe\"\n";
        assert!(file(customers).ends_with(expected), "{}", file(customers));
        let latin = b"username,service_type,pppoe_username\njos\xe9,pppoe,jos\xe9\n";
        let mapped = mapped(latin, &Routers::new()).unwrap();
        assert!(mapped.file.ends_with(b"\"jos\xe9\",\"jos\xe9\",\"pppoe\"\n"));
    }

    #[test]
    fn a_fault_is_told_in_the_words_of_their_table() {
        let mapped = of("username,service_type,hotspot_username\nana,hotspot,h\n");
        let fault =
            |row, column: &str| Fault { row, column: Some(column.to_owned()), detail: "no".to_owned() };
        let told = |row, column| mapped.in_their_words(fault(row, column));
        assert_eq!(told(2, "login"), Fault { detail: "ana: no".to_owned(), ..fault(2, "hotspot_username") });
        assert_eq!(told(2, "scope").column.unwrap(), "mikrotik_id");
        assert_eq!(told(9, "service"), fault(9, "service_type"));
    }

    #[test]
    fn a_row_that_does_not_fit_is_a_fault_with_its_line() {
        let faults = mapped(b"username,service_type\n\nana\nbob,pppoe,x\n", &Routers::new()).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.row).collect::<Vec<_>>(), [3, 4]);
    }
}
