//! Query words applied to items, with the router's stack (`routeros.md` §1.6).

use std::borrow::Cow;
use std::cmp::Ordering;

use crate::value;

/// Compiled query words. Only `print`-like commands take them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    steps: Vec<Step>,
    /// Without stack operators the query is a plain AND, which needs no stack.
    has_operators: bool,
}

/// A word that is no query.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{word}` is not a query word of the RouterOS API: {why}")]
pub struct QueryError {
    /// The word, escaped to ASCII.
    pub word: String,
    /// What is wrong with it.
    pub why: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Step {
    Has(Box<[u8]>),
    Lacks(Box<[u8]>),
    Compare {
        name: Box<[u8]>,
        wanted: Ordering,
        operand: Box<[u8]>,
    },
    Not,
    And,
    Or,
    /// Push a copy of the value at this index; 0 is the top.
    Copy(usize),
    /// Replace the whole stack by the value at this index.
    Keep(usize),
}

impl Query {
    /// Compiles words in the order received, each with its leading `?`.
    ///
    /// # Errors
    /// Names the first word that is no query.
    pub fn compile<'a>(words: impl Iterator<Item = &'a [u8]>) -> Result<Query, QueryError> {
        let mut query = Self::default();
        for word in words {
            let body = word.strip_prefix(b"?").ok_or_else(|| error(word, "it does not begin with `?`"))?;
            match body.strip_prefix(b"#") {
                Some(operations) => query.operators(operations).map_err(|why| error(word, why))?,
                None => query.steps.push(test(body).ok_or_else(|| error(word, "it names no property"))?),
            }
        }
        Ok(query)
    }

    /// Whether the item passes; `lookup` gives the value of a property of it, or `None` when it lacks it.
    pub fn matches<'v>(&self, lookup: impl Fn(&[u8]) -> Option<Cow<'v, [u8]>>) -> bool {
        if !self.has_operators {
            return self.steps.iter().all(|step| step.test(&lookup));
        }
        let mut stack = Stack::default();
        for step in &self.steps {
            match step {
                Step::Not => {
                    let top = stack.pop();
                    stack.push(!top);
                }
                Step::And => stack.combine(|a, b| a && b),
                Step::Or => stack.combine(|a, b| a || b),
                Step::Copy(index) => stack.push(stack.at(*index)),
                Step::Keep(index) => stack.0 = vec![stack.at(*index)],
                test => stack.push(test.test(&lookup)),
            }
        }
        stack.0.iter().all(|value| *value)
    }

    /// The one property that all tests ask for: an item passes by its value alone.
    pub fn only_property(&self) -> Option<&[u8]> {
        let mut names = self.steps.iter().filter_map(Step::property);
        let first = names.next()?;
        names.all(|name| name == first).then_some(first)
    }

    /// Whether there is no query word, so that every item passes.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// The word behind `?#`. An index counts when its digits end; `.` after one does nothing, elsewhere it copies the
    /// top.
    fn operators(&mut self, mut rest: &[u8]) -> Result<(), &'static str> {
        self.has_operators = true;
        while let Some((first, tail)) = rest.split_first() {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits > 0 {
                let (index, tail) = rest.split_at(digits);
                // An index beyond all that fits points to one of the endless `true` values below the stack.
                let index = value::unsigned(index).and_then(|n| n.try_into().ok()).unwrap_or(usize::MAX);
                self.steps.push(if tail.is_empty() { Step::Keep(index) } else { Step::Copy(index) });
                rest = tail.strip_prefix(b".").unwrap_or(tail);
                continue;
            }
            self.steps.push(match first {
                b'!' => Step::Not,
                b'&' => Step::And,
                b'|' => Step::Or,
                b'.' => Step::Copy(0),
                _ => return Err("behind `?#` only digits and `!`, `&`, `|`, `.` may stand"),
            });
            rest = tail;
        }
        Ok(())
    }
}

impl Step {
    /// What a test asks for; operators ask for nothing.
    fn property(&self) -> Option<&[u8]> {
        match self {
            Self::Has(name) | Self::Lacks(name) | Self::Compare { name, .. } => Some(name),
            Self::Not | Self::And | Self::Or | Self::Copy(_) | Self::Keep(_) => None,
        }
    }

    /// The value a test pushes. Operators are never asked.
    fn test<'v>(&self, lookup: &impl Fn(&[u8]) -> Option<Cow<'v, [u8]>>) -> bool {
        match self {
            Self::Has(name) => lookup(name).is_some(),
            Self::Lacks(name) => lookup(name).is_none(),
            Self::Compare { name, wanted, operand } => {
                lookup(name).is_some_and(|value| compare(&value, operand) == *wanted)
            }
            Self::Not | Self::And | Self::Or | Self::Copy(_) | Self::Keep(_) => true,
        }
    }
}

/// A stack that begins as infinitely many `true`; the top is the last.
#[derive(Default)]
struct Stack(Vec<bool>);

impl Stack {
    fn push(&mut self, value: bool) {
        self.0.push(value);
    }

    fn pop(&mut self) -> bool {
        self.0.pop().unwrap_or(true)
    }

    fn at(&self, index: usize) -> bool {
        self.0.iter().rev().nth(index).copied().unwrap_or(true)
    }

    fn combine(&mut self, operation: impl Fn(bool, bool) -> bool) {
        let (second, first) = (self.pop(), self.pop());
        self.push(operation(first, second));
    }
}

/// `name`, `-name`, `name=x`, `=name=x`, `<name=x`, `>name=x`.
fn test(body: &[u8]) -> Option<Step> {
    let (wanted, named) = match body.split_first()? {
        (b'-', name) => return Some(Step::Lacks(property(name)?)),
        (b'<', named) => (Ordering::Less, named),
        (b'>', named) => (Ordering::Greater, named),
        (b'=', named) => (Ordering::Equal, named),
        _ => (Ordering::Equal, body),
    };
    match named.iter().position(|byte| *byte == b'=') {
        Some(at) => {
            let name = property(named.get(..at)?)?;
            Some(Step::Compare { name, wanted, operand: named.get(at + 1..)?.into() })
        }
        None if named.len() == body.len() => Some(Step::Has(property(named)?)),
        None => None,
    }
}

fn property(name: &[u8]) -> Option<Box<[u8]>> {
    (!name.is_empty()).then(|| name.into())
}

/// Numbers by value, booleans whichever way they are spelled, everything else by its bytes. How the router orders
/// other kinds of values is not documented.
fn compare(value: &[u8], operand: &[u8]) -> Ordering {
    if let (Some(a), Some(b)) = (value::unsigned(value), value::unsigned(operand)) {
        return a.cmp(&b);
    }
    if let (Some(a), Some(b)) = (value::boolean(value), value::boolean(operand)) {
        return a.cmp(&b);
    }
    value.cmp(operand)
}

fn error(word: &[u8], why: &'static str) -> QueryError {
    QueryError { word: word.escape_ascii().to_string(), why }
}
