//! What goes into a statement.

/// A value as both databases take it. `None` is NULL, of a known type all the same: PostgreSQL wants to know of what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'v> {
    /// A signed integer, or a truth as 0 or 1.
    Int(Option<i64>),
    /// Text.
    Text(Option<&'v str>),
    /// Raw bytes.
    Bytes(Option<&'v [u8]>),
}

/// The values of a statement, in the order of its `?1`, `?2`...
pub(crate) type Values<'v> = &'v [&'v dyn ToValue];

/// Makes [`Values`] of expressions.
macro_rules! params {
    ($($value:expr),* $(,)?) => {
        &[$(&$value as &dyn $crate::sql::value::ToValue),*] as &[&dyn $crate::sql::value::ToValue]
    };
}
pub(crate) use params;

/// What can be a value.
pub(crate) trait ToValue {
    /// As one.
    fn to_value(&self) -> Value<'_>;
}

/// What may be lacking.
pub(crate) trait MayLack: ToValue {
    /// The value of a lacking one.
    const NULL: Value<'static>;
}

macro_rules! whole_numbers {
    ($($number:ty)*) => {
        $(impl ToValue for $number {
            fn to_value(&self) -> Value<'_> {
                Value::Int(Some(i64::from(*self)))
            }
        }
        impl MayLack for $number {
            const NULL: Value<'static> = Value::Int(None);
        })*
    };
}
whole_numbers!(i64 u32 u16 u8 bool);

macro_rules! texts_and_bytes {
    ($($given:ty, $kind:ident;)*) => {
        $(impl ToValue for $given {
            fn to_value(&self) -> Value<'_> {
                Value::$kind(Some(self))
            }
        }
        impl MayLack for $given {
            const NULL: Value<'static> = Value::$kind(None);
        })*
    };
}
texts_and_bytes! {
    str, Text;
    String, Text;
    Box<str>, Text;
    [u8], Bytes;
    Vec<u8>, Bytes;
    Box<[u8]>, Bytes;
}

impl<const N: usize> ToValue for [u8; N] {
    fn to_value(&self) -> Value<'_> {
        Value::Bytes(Some(self))
    }
}

impl<const N: usize> MayLack for [u8; N] {
    const NULL: Value<'static> = Value::Bytes(None);
}

impl<T: ToValue + ?Sized> ToValue for &T {
    fn to_value(&self) -> Value<'_> {
        (**self).to_value()
    }
}

impl<T: MayLack + ?Sized> MayLack for &T {
    const NULL: Value<'static> = T::NULL;
}

impl<T: MayLack> ToValue for Option<T> {
    fn to_value(&self) -> Value<'_> {
        self.as_ref().map_or(T::NULL, ToValue::to_value)
    }
}
