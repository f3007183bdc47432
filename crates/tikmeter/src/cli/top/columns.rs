//! Which columns fit.

use super::answer::Sort;

/// A column of the screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Column {
    Login,
    Rate(Sort),
    Age,
    Over,
    Router,
    Subscriber,
    Service,
    Address,
}

/// Columns and their widths, those left out first that matter least; one space lies between two.
pub(super) fn fitting(width: u16, sort: Sort) -> Vec<(Column, u16)> {
    let mut columns: Vec<(Column, u16)> = Vec::new();
    for column in by_weight(sort) {
        let needed: u16 = columns.iter().map(|(_, width)| width + 1).sum();
        if needed + least(column) > width && !columns.is_empty() {
            break;
        }
        columns.push((column, least(column).min(width)));
    }
    for (wide, most) in
        [(Column::Login, 24), (Column::Router, 16), (Column::Subscriber, 20), (Column::Login, 40)]
    {
        let taken: u16 = columns.iter().map(|(_, width)| width + 1).sum();
        let left = (width + 1).saturating_sub(taken);
        if let Some((_, width)) = columns.iter_mut().find(|(column, _)| *column == wide) {
            *width = (*width + left).min(most.max(*width));
        }
    }
    columns.sort_by_key(|(column, _)| place(*column));
    columns
}

fn by_weight(sort: Sort) -> impl Iterator<Item = Column> {
    let others = [Sort::Download, Sort::Upload].into_iter().filter(move |other| *other != sort);
    let rest =
        [Column::Age, Column::Over, Column::Router, Column::Subscriber, Column::Service, Column::Address];
    [Column::Login, Column::Rate(sort)].into_iter().chain(others.map(Column::Rate)).chain(rest)
}

fn least(column: Column) -> u16 {
    match column {
        Column::Login => 6,
        Column::Rate(_) => 13,
        Column::Age | Column::Over => 7,
        Column::Router | Column::Subscriber => 10,
        Column::Service => 9,
        Column::Address => 15,
    }
}

fn place(column: Column) -> u8 {
    match column {
        Column::Login => 0,
        Column::Rate(Sort::Download) => 1,
        Column::Rate(Sort::Upload) => 2,
        Column::Rate(Sort::Total) => 3,
        Column::Router => 4,
        Column::Subscriber => 5,
        Column::Service => 6,
        Column::Address => 7,
        Column::Over => 8,
        Column::Age => 9,
    }
}

impl Column {
    /// What stands above it.
    pub(super) fn heading(self) -> &'static str {
        match self {
            Column::Login => "login",
            Column::Rate(sort) => sort.as_str(),
            Column::Age => "age",
            Column::Over => "over",
            Column::Router => "router",
            Column::Subscriber => "subscriber",
            Column::Service => "service",
            Column::Address => "address",
        }
    }

    /// Whether it has figures, which stand to the right.
    pub(super) fn has_figures(self) -> bool {
        matches!(self, Column::Rate(_) | Column::Age | Column::Over)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(width: u16, sort: Sort) -> Vec<&'static str> {
        fitting(width, sort).into_iter().map(|(column, _)| column.heading()).collect()
    }

    #[test]
    fn the_narrowest_shows_who_and_how_much() {
        assert_eq!(names(20, Sort::Upload), ["login", "upload"]);
        assert_eq!(names(3, Sort::Upload), ["login"]);
        assert_eq!(names(0, Sort::Total), ["login"]);
    }

    #[test]
    fn eighty_columns_show_the_time_a_rate_is_of() {
        assert_eq!(
            names(80, Sort::Download),
            ["login", "download", "upload", "router", "subscriber", "over", "age"]
        );
        assert_eq!(names(80, Sort::Total), ["login", "download", "upload", "total", "router", "over", "age"]);
        assert_eq!(names(140, Sort::Total).len(), 10);
    }

    #[test]
    fn no_width_is_exceeded() {
        for width in 0..300 {
            for sort in [Sort::Download, Sort::Upload, Sort::Total] {
                let columns = fitting(width, sort);
                let taken: u16 = columns.iter().map(|(_, width)| width + 1).sum();
                assert!(taken <= width + 1, "{width}: {columns:?}");
            }
        }
    }
}
