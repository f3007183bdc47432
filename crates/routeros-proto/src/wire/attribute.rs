//! The words both sides understand alike: `=name=value` and `.tag=…` (`routeros.md` §1.2).

/// `=name=value` into name and value. The value may hold more `=`; `=name` alone has an empty value.
#[inline]
pub(crate) fn split(word: &[u8]) -> Option<(&[u8], &[u8])> {
    let pair = word.strip_prefix(b"=")?;
    let (name, rest) = match pair.iter().position(|byte| *byte == b'=') {
        Some(at) => pair.split_at(at),
        None => (pair, [].as_slice()),
    };
    Some((name, rest.strip_prefix(b"=").unwrap_or(rest)))
}

/// The value when `word` is `=name=…`. Cheaper than [`split`] because most words differ in the byte after the name.
#[inline]
pub(crate) fn value_of<'a>(word: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let end = name.len() + 1;
    match word.get(end) {
        Some(b'=') if word.first() == Some(&b'=') && word.get(1..end) == Some(name) => word.get(end + 1..),
        None if word.len() == end => {
            word.strip_prefix(b"=").filter(|rest| *rest == name).map(|_| [].as_slice())
        }
        _ => None,
    }
}

/// The tag when `word` is `.tag=…`.
#[inline]
pub(crate) fn tag(word: &[u8]) -> Option<&[u8]> {
    if word.first() == Some(&b'.') { word.strip_prefix(b".tag=") } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_second_equals_sign_splits_and_later_ones_belong_to_the_value() {
        assert_eq!(split(b"=a=b=c"), Some((&b"a"[..], &b"b=c"[..])));
        assert_eq!(split(b"=on-up=:log info\n:set x=1"), Some((&b"on-up"[..], &b":log info\n:set x=1"[..])));
        assert_eq!(split(b"=a="), Some((&b"a"[..], &b""[..])));
        assert_eq!(split(b"=once"), Some((&b"once"[..], &b""[..])));
        assert_eq!(split(b"==x"), Some((&b""[..], &b"x"[..])));
        assert_eq!(split(b"a=b"), None);
        assert_eq!(split(b""), None);
    }

    #[test]
    fn one_name_is_found_and_its_neighbours_are_not() {
        assert_eq!(value_of(b"=rx-byte=5=6", b"rx-byte"), Some(&b"5=6"[..]));
        assert_eq!(value_of(b"=rx-byte=", b"rx-byte"), Some(&b""[..]));
        assert_eq!(value_of(b"=rx-byte", b"rx-byte"), Some(&b""[..]));
        for other in [&b"=rx-bytes=5"[..], b"=tx-byte=5", b"=rx-byt=5", b"=fp-rx-byte=5", b"!rx-byte=5", b"="]
        {
            assert_eq!(value_of(other, b"rx-byte"), None, "{other:?}");
        }
    }

    #[test]
    fn only_the_api_attribute_is_a_tag() {
        assert_eq!(tag(b".tag=a=b"), Some(&b"a=b"[..]));
        assert_eq!(tag(b"=.tag=3"), None);
        assert_eq!(tag(b".tags=3"), None);
    }
}
