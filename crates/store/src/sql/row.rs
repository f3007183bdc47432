//! What comes out of a query.

use crate::error::StoreError;

/// A column of a row as both databases give it. Those of one column are in the order in which both databases sort them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cell<'r> {
    /// NULL.
    Null,
    /// A signed integer; a truth is 0 or 1.
    Int(i64),
    /// Text.
    Text(&'r str),
    /// Raw bytes.
    Bytes(&'r [u8]),
}

/// A row as a driver has it.
pub(crate) trait Cells {
    /// The column of that number, from 0.
    fn cell(&self, column: usize) -> Result<Cell<'_>, StoreError>;
}

/// A row of a query.
pub(crate) struct Row<'r> {
    cells: &'r dyn Cells,
    first: usize,
}

impl<'r> Row<'r> {
    /// Of a driver's own.
    pub(crate) fn of(cells: &'r dyn Cells) -> Row<'r> {
        Row { cells, first: 0 }
    }

    /// Without the columns before that one.
    pub(crate) fn beyond(&self, first: usize) -> Row<'r> {
        Row { cells: self.cells, first: self.first + first }
    }

    /// A column as what it should be.
    ///
    /// # Errors
    /// `Corrupt` when it is something else, or does not fit.
    pub(crate) fn get<T: FromCell<'r>>(&self, column: usize) -> Result<T, StoreError> {
        let cell = self.cells.cell(self.first + column)?;
        T::from_cell(cell).ok_or_else(|| {
            StoreError::Corrupt(format!("column {column} of a row is no {}", std::any::type_name::<T>()))
        })
    }
}

/// What a column can be read as.
pub(crate) trait FromCell<'r>: Sized {
    /// `None` when it is something else.
    fn from_cell(cell: Cell<'r>) -> Option<Self>;
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {
        $(impl FromCell<'_> for $number {
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                match cell {
                    Cell::Int(number) => number.try_into().ok(),
                    _ => None,
                }
            }
        })*
    };
}
whole_numbers!(i64 u32 u16 u8);

impl FromCell<'_> for bool {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        i64::from_cell(cell).map(|number| number != 0)
    }
}

/// Whatever it is.
impl<'r> FromCell<'r> for Cell<'r> {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        Some(cell)
    }
}

impl<'r> FromCell<'r> for &'r str {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        match cell {
            Cell::Text(text) => Some(text),
            _ => None,
        }
    }
}

impl<'r> FromCell<'r> for &'r [u8] {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        match cell {
            Cell::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }
}

macro_rules! made_of {
    ($($whole:ty, $borrowed:ty;)*) => {
        $(impl FromCell<'_> for $whole {
            fn from_cell(cell: Cell<'_>) -> Option<Self> {
                <$borrowed>::from_cell(cell).map(Into::into)
            }
        })*
    };
}
made_of! {
    String, &str;
    Box<str>, &str;
    Vec<u8>, &[u8];
    Box<[u8]>, &[u8];
}

impl<const N: usize> FromCell<'_> for [u8; N] {
    fn from_cell(cell: Cell<'_>) -> Option<Self> {
        <&[u8]>::from_cell(cell)?.try_into().ok()
    }
}

impl<'r, T: FromCell<'r>> FromCell<'r> for Option<T> {
    fn from_cell(cell: Cell<'r>) -> Option<Self> {
        match cell {
            Cell::Null => Some(None),
            cell => T::from_cell(cell).map(Some),
        }
    }
}
