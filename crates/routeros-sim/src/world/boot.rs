//! What one boot of the router numbers anew: item ids and PPP session ids.

/// First `.id` of dynamic interfaces: high, as captured (routeros.md §2.5).
const FIRST_DYNAMIC_INTERFACE: u64 = 0xF0_0000;
/// First `.id` of server rows where they are numbered apart (U13): overlaps the interface ids on purpose.
const FIRST_SERVER_ROW: u64 = FIRST_DYNAMIC_INTERFACE + 1;
/// First `.id` of `/ppp/active`: low, as captured (routeros.md §7 capture 18).
const FIRST_ACTIVE: u64 = 0x1;
/// First `.id` of the hotspot's rows where they are in sequence.
const FIRST_HOTSPOT: u64 = 0xA;
/// The two leading hex digits of PPP session ids, as captured.
const SESSION_SERVICE: u32 = 0x81;

#[derive(Debug)]
pub(crate) struct Boot {
    /// 0 for the first.
    pub(crate) number: u32,
    pub(crate) began_us: u64,
    /// Until then the API does not answer.
    pub(crate) silent_until_us: u64,
    first_digit: u8,
    next_interface: u64,
    next_server: u64,
    next_active: u64,
    next_hotspot: u64,
    next_session: u32,
}

impl Boot {
    pub(crate) fn first(first_digit: u8) -> Self {
        Self::numbered(0, 0, 0, first_digit)
    }

    pub(crate) fn after(&self, now_us: u64, silent_until_us: u64) -> Self {
        Self::numbered(self.number + 1, now_us, silent_until_us, self.first_digit)
    }

    fn numbered(number: u32, began_us: u64, silent_until_us: u64, first_digit: u8) -> Self {
        Self {
            number,
            began_us,
            silent_until_us,
            first_digit,
            next_interface: FIRST_DYNAMIC_INTERFACE,
            next_server: FIRST_SERVER_ROW,
            next_active: FIRST_ACTIVE,
            next_hotspot: FIRST_HOTSPOT,
            next_session: 0,
        }
    }

    pub(crate) fn interface_id(&mut self) -> u64 {
        take(&mut self.next_interface)
    }

    pub(crate) fn server_id(&mut self) -> u64 {
        take(&mut self.next_server)
    }

    pub(crate) fn active_id(&mut self) -> u64 {
        take(&mut self.next_active)
    }

    pub(crate) fn hotspot_id(&mut self) -> u64 {
        take(&mut self.next_hotspot)
    }

    /// Two hex digits for the service, one for the boot (wraps after 16), five that count (routeros.md §2.3).
    pub(crate) fn session_id(&mut self) -> u32 {
        let counted = self.next_session & 0xF_FFFF;
        self.next_session = self.next_session.wrapping_add(1);
        let boot_digit = (self.number + u32::from(self.first_digit)) & 0xF;
        SESSION_SERVICE << 24 | boot_digit << 20 | counted
    }
}

fn take(next: &mut u64) -> u64 {
    let id = *next;
    *next += 1;
    id
}

#[cfg(test)]
mod tests {
    use super::Boot;

    #[test]
    fn session_ids_follow_the_captured_scheme_and_the_boot_digit_wraps() {
        let mut boot = Boot::first(1);
        assert_eq!(boot.session_id(), 0x8110_0000);
        assert_eq!(boot.session_id(), 0x8110_0001);
        let mut boot = (0..15).fold(boot, |boot, _| boot.after(0, 0));
        assert_eq!(boot.session_id(), 0x8100_0000);
    }
}
