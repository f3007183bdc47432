//! What keys mean.

use crossterm::event::{Event, KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::answer::Sort;

/// What somebody wants who pressed a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Wish {
    /// To end.
    End,
    /// Another order.
    Sort(Sort),
    /// To go so many rows down, or up where it is negative.
    Move(i32),
    /// To go a screenful down, or up.
    Page(i32),
    /// To the first row.
    First,
    /// To the last row.
    Last,
    /// To watch the chosen one live, or no longer.
    Watch,
}

/// The wish that an event is; `None` of others, as of a changed size, after which all is drawn anew anyway.
pub(super) fn wish(event: &Event) -> Option<Wish> {
    let Event::Key(KeyEvent { code, modifiers, kind: KeyEventKind::Press | KeyEventKind::Repeat, .. }) =
        event
    else {
        return None;
    };
    if modifiers.contains(KeyModifiers::CONTROL) {
        return (*code == KeyCode::Char('c')).then_some(Wish::End);
    }
    Some(match code {
        KeyCode::Char('q') => Wish::End,
        KeyCode::Char('d') => Wish::Sort(Sort::Download),
        KeyCode::Char('u') => Wish::Sort(Sort::Upload),
        KeyCode::Char('t') => Wish::Sort(Sort::Total),
        KeyCode::Up | KeyCode::Char('k') => Wish::Move(-1),
        KeyCode::Down | KeyCode::Char('j') => Wish::Move(1),
        KeyCode::PageUp => Wish::Page(-1),
        KeyCode::PageDown => Wish::Page(1),
        KeyCode::Home | KeyCode::Char('g') => Wish::First,
        KeyCode::End | KeyCode::Char('G') => Wish::Last,
        KeyCode::Enter => Wish::Watch,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pressed(code: KeyCode, modifiers: KeyModifiers) -> Option<Wish> {
        wish(&Event::Key(KeyEvent::new(code, modifiers)))
    }

    #[test]
    fn with_control_only_c_means_something() {
        assert_eq!(pressed(KeyCode::Char('c'), KeyModifiers::CONTROL), Some(Wish::End));
        assert_eq!(pressed(KeyCode::Char('d'), KeyModifiers::CONTROL), None);
        assert_eq!(pressed(KeyCode::Char('d'), KeyModifiers::NONE), Some(Wish::Sort(Sort::Download)));
        assert_eq!(pressed(KeyCode::Char('c'), KeyModifiers::NONE), None);
        assert_eq!(pressed(KeyCode::Char('G'), KeyModifiers::SHIFT), Some(Wish::Last));
        assert_eq!(wish(&Event::Resize(20, 5)), None);
    }
}
