//! Item ids and session ids.

/// An item id, `*` and hexadecimal digits: `*A`, `*80020DCC`. Opaque; may mean another item after a reboot
/// (`routeros.md` §1.10).
pub fn item_id(b: &[u8]) -> Option<u64> {
    hexadecimal(b.strip_prefix(b"*")?)
}

/// Appends an item id as routers write it: upper case, no padding.
pub fn write_item_id(id: u64, out: &mut Vec<u8>) {
    let digits = (64 - (id | 1).leading_zeros()).div_ceil(4);
    out.push(b'*');
    out.extend((0..digits).rev().map(|place| {
        let digit = id >> (4 * place) & 0xF;
        // A digit is below 16.
        b"0123456789ABCDEF".get(usize::try_from(digit).unwrap_or(0)).copied().unwrap_or(b'0')
    }));
}

/// The `session-id` of a PPP session, `0x` and hexadecimal digits: `0x81100000` (`routeros.md` §2.3).
pub fn session_id(b: &[u8]) -> Option<u64> {
    hexadecimal(b.strip_prefix(b"0x")?)
}

fn hexadecimal(digits: &[u8]) -> Option<u64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_u64, |sum, digit| {
        let value = char::from(*digit).to_digit(16)?;
        sum.checked_mul(16)?.checked_add(u64::from(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captured_ids() {
        assert_eq!(item_id(b"*F00000"), Some(0xF0_0000));
        assert_eq!(item_id(b"*80020DCC"), Some(0x8002_0DCC));
        assert_eq!(item_id(b"*A"), Some(10));
        assert_eq!(session_id(b"0x81100000"), Some(0x8110_0000));
        assert_eq!(session_id(b"0x81E0000B"), Some(0x81E0_000B));
    }

    #[test]
    fn what_is_no_id() {
        for wrong in [&b""[..], b"*", b"A", b"**A", b"*G", b"*11112222333344445", b"* A", b"*-1", b"0x8"] {
            assert_eq!(item_id(wrong), None, "{wrong:?}");
        }
        for wrong in [&b""[..], b"0x", b"81100000", b"0xG", b"*8"] {
            assert_eq!(session_id(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn ids_are_written_like_a_router_does() {
        let mut out = b"server=".to_vec();
        write_item_id(0xF0_0000, &mut out);
        assert_eq!(out, b"server=*F00000");
        for id in [0, 1, 10, u64::MAX] {
            let mut out = Vec::new();
            write_item_id(id, &mut out);
            assert_eq!(item_id(&out), Some(id));
        }
    }
}
