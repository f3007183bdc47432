//! The columns of the monitor's table: those that are taken, and what becomes of them.

use std::collections::HashMap;

use crate::cli::upload::Fault;

pub(super) const ID: &str = "id";
pub(super) const USERNAME: &str = "username";
pub(super) const NAME: &str = "name";
pub(super) const SERVICE_TYPE: &str = "service_type";
pub(super) const PPPOE_USERNAME: &str = "pppoe_username";
pub(super) const HOTSPOT_USERNAME: &str = "hotspot_username";
pub(super) const STATUS: &str = "status";
pub(super) const MIKROTIK_ID: &str = "mikrotik_id";

/// All that are taken.
pub(super) const TAKEN: [&str; 8] =
    [ID, USERNAME, NAME, SERVICE_TYPE, PPPOE_USERNAME, HOTSPOT_USERNAME, STATUS, MIKROTIK_ID];
/// Without them nobody can be told from another, or who is counted how.
const NEEDED: [&str; 2] = [USERNAME, SERVICE_TYPE];

/// Where which column is.
#[derive(Debug)]
pub(super) struct Columns {
    places: HashMap<&'static str, usize>,
    /// The names of those that are not taken.
    pub(super) left: Vec<String>,
}

impl Columns {
    /// Finds them by their headings.
    ///
    /// # Errors
    /// Every needed column that is not there, and every one that is there twice.
    pub(super) fn of<'h>(headings: impl Iterator<Item = &'h [u8]>) -> Result<Columns, Vec<Fault>> {
        let (mut columns, mut faults) = (Columns { places: HashMap::new(), left: Vec::new() }, Vec::new());
        for (place, heading) in headings.enumerate() {
            let heading = String::from_utf8_lossy(heading);
            match taken(&heading) {
                None if heading.trim().is_empty() => {}
                None => columns.left.push(heading.trim().to_owned()),
                Some(name) if columns.places.insert(name, place).is_some() => {
                    faults.push(fault(name, format!("there are two columns {name}")));
                }
                Some(_) => {}
            }
        }
        for name in NEEDED.into_iter().filter(|name| !columns.has(name)) {
            let said = format!("there is no column {name} in the first row, which must hold the headings");
            faults.push(fault(name, said));
        }
        if faults.is_empty() { Ok(columns) } else { Err(faults) }
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.places.contains_key(name)
    }

    /// Which cell of a row.
    pub(super) fn place(&self, name: &str) -> Option<usize> {
        self.places.get(name).copied()
    }
}

/// The column that a heading names, whatever its case and the blanks around it.
pub(super) fn taken(heading: &str) -> Option<&'static str> {
    TAKEN.into_iter().find(|name| heading.trim().eq_ignore_ascii_case(name))
}

/// One sentence for each password, one for all else that is left.
pub(super) fn sentences(left: &[String]) -> Vec<String> {
    let (passwords, others): (Vec<&str>, Vec<&str>) =
        left.iter().map(String::as_str).partition(|name| is_password(name));
    let mut sentences: Vec<String> =
        passwords.iter().map(|name| format!("{name} is not taken: Tikmeter never needs it")).collect();
    if !others.is_empty() {
        sentences.push(format!("Not taken, for a subscriber has nothing of the kind: {}", others.join(", ")));
    }
    sentences
}

fn is_password(name: &str) -> bool {
    name.to_ascii_lowercase().contains("pass")
}

fn fault(column: &str, detail: String) -> Fault {
    Fault { row: 1, column: Some(column.to_owned()), detail }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(headings: &str) -> Result<Columns, Vec<Fault>> {
        Columns::of(headings.split(',').map(str::as_bytes))
    }

    #[test]
    fn what_is_not_taken_is_named_and_a_password_plainly() {
        let columns = of(" Username,SERVICE_TYPE,pppoe_password,phone,,email").unwrap();
        assert_eq!((columns.place(USERNAME), columns.place(SERVICE_TYPE)), (Some(0), Some(1)));
        assert_eq!(
            sentences(&columns.left),
            [
                "pppoe_password is not taken: Tikmeter never needs it",
                "Not taken, for a subscriber has nothing of the kind: phone, email",
            ]
        );
        assert_eq!(sentences(&[]), [""; 0]);
    }

    #[test]
    fn a_needed_column_that_lacks_and_one_that_is_there_twice_are_faults() {
        let faults = of("username,status,STATUS").unwrap_err();
        let told: Vec<_> =
            faults.iter().map(|fault| (fault.column.as_deref(), &fault.detail[..12])).collect();
        assert_eq!(told, [(Some("status"), "there are tw"), (Some("service_type"), "there is no ")]);
    }
}
