//! The PPP services a subscriber can dial in with.

/// A PPP server of the router; the names are RouterOS's own (routeros.md §2.4, §2.5).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Service {
    /// PPP over Ethernet; `caller-id` is the client's MAC address.
    Pppoe,
    /// L2TP; `caller-id` is the client's IP address.
    L2tp,
    /// PPTP; `caller-id` is the client's IP address.
    Pptp,
    /// SSTP.
    Sstp,
    /// OpenVPN.
    Ovpn,
}

/// How a subscriber reaches the router.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// By dialling in.
    Ppp(Service),
    /// By a login at the hotspot.
    Hotspot,
    /// Through the hotspot without a login (`ip-binding type=bypassed`).
    Bypassed,
}

impl Service {
    /// Every service, in the order of their menus in this crate.
    pub const ALL: [Self; 5] = [Self::Pppoe, Self::L2tp, Self::Pptp, Self::Sstp, Self::Ovpn];

    /// As in the `service` attribute of `/ppp/active`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pppoe => "pppoe",
            Self::L2tp => "l2tp",
            Self::Pptp => "pptp",
            Self::Sstp => "sstp",
            Self::Ovpn => "ovpn",
        }
    }

    /// As in the `type` attribute of `/interface` (routeros.md §2.5).
    #[must_use]
    pub const fn interface_type(self) -> &'static str {
        match self {
            Self::Pppoe => "pppoe-in",
            Self::L2tp => "l2tp-in",
            Self::Pptp => "pptp-in",
            Self::Sstp => "sstp-in",
            Self::Ovpn => "ovpn-in",
        }
    }

    pub(crate) const fn mtu(self) -> u32 {
        match self {
            Self::Pppoe => 1480,
            Self::L2tp | Self::Pptp => 1450,
            Self::Sstp | Self::Ovpn => 1500,
        }
    }
}
