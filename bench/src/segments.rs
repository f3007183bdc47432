//! The kernel's own count of TCP segments: what really left, whatever a program believes it wrote at once.

use crate::figure::Result;

const COUNTER: &str = "TCPOrigDataSent";

/// Segments with data sent so far in this network namespace, repeated ones not counted.
pub(crate) fn sent() -> Result<u64> {
    let text = std::fs::read_to_string("/proc/self/net/netstat")?;
    find(&text).ok_or_else(|| format!("the kernel does not tell {COUNTER}").into())
}

/// Names stand in one line, their values in the next.
fn find(text: &str) -> Option<u64> {
    let lines: Vec<&str> = text.lines().collect();
    lines.chunks_exact(2).find_map(|pair| {
        let (names, values) = (pair[0].split(' '), pair[1].split(' '));
        names.zip(values).find(|(name, _)| *name == COUNTER)?.1.parse().ok()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_value_under_the_name_is_found() {
        let text = "TcpExt: A TCPOrigDataSent B\nTcpExt: 1 42 3\nIpExt: C\nIpExt: 7\n";
        assert_eq!(find(text), Some(42));
        assert_eq!(find("IpExt: C\nIpExt: 7\n"), None);
    }
}
