//! Commands as a person types them in a terminal of the router. `[find ...]` names rows by what they say, because ids may be others' when
//! somebody comes to type them (routeros.md §8, trap 9).

/// A value between quotes, as the terminal reads it: `"`, `\`, `$` and what cannot be typed are written with a `\` (routeros.md §1.12).
pub fn router_value(value: &[u8]) -> String {
    let mut written = String::from("\"");
    for &byte in value {
        match byte {
            b'"' | b'\\' | b'$' | b'?' => written.extend(['\\', char::from(byte)]),
            b' '..=b'~' => written.push(char::from(byte)),
            _ => written.push_str(&format!("\\{byte:02X}")),
        }
    }
    written + "\""
}

/// A command about the rows that say so.
pub fn router_command(command: &str, finds: &[(&str, &[u8])], settings: &str) -> String {
    let find: Vec<String> =
        finds.iter().map(|(name, value)| format!("{name}={}", router_value(value))).collect();
    let typed = format!("{command} [find {}] {settings}", find.join(" "));
    typed.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_cannot_say_more_than_itself() {
        assert_eq!(router_value(b"a\"; /system reboot"), "\"a\\\"; /system reboot\"");
        assert_eq!(router_value(b"$x\\\n\xff"), "\"\\$x\\\\\\0A\\FF\"");
        let typed = router_command("/queue/simple/set", &[("name", b"all out")], "disabled=yes");
        assert_eq!(typed, "/queue/simple/set [find name=\"all out\"] disabled=yes");
        assert_eq!(router_command("/x/remove", &[("a", b"b")], ""), "/x/remove [find a=\"b\"]");
    }
}
