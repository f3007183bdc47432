//! What is configured on a simulated router, as opposed to what happens on it.

use super::personality::{DateStyle, Personality, UptimeStyle};
use super::policies::Policies;
use super::switches::Switches;

/// How a device proves which one it is (routeros.md §2.2).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HardwareId {
    /// A routerboard: `serial-number` in `/system/routerboard`, `software-id` in `/system/license`.
    Serial {
        /// `serial-number`.
        serial: String,
        /// `software-id`.
        software_id: String,
    },
    /// A virtual router: `system-id` in `/system/license`, no serial number.
    License {
        /// `system-id`.
        system_id: String,
    },
}

/// One user of the router.
#[derive(Clone, PartialEq, Eq)]
pub struct User {
    /// Login name, raw bytes.
    pub name: Vec<u8>,
    /// Password, raw bytes.
    pub password: Vec<u8>,
    /// Rights.
    pub policies: Policies,
}

impl User {
    /// A user with these rights.
    pub fn new(name: impl Into<Vec<u8>>, password: impl Into<Vec<u8>>, policies: Policies) -> Self {
        Self { name: name.into(), password: password.into(), policies }
    }
}

impl std::fmt::Debug for User {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("User")
            .field("name", &self.name.escape_ascii().to_string())
            .field("policies", &self.policies)
            .finish_non_exhaustive()
    }
}

/// The configuration of one simulated router.
#[derive(Clone, Debug)]
pub struct Device {
    /// `/system/identity`.
    pub identity: Vec<u8>,
    /// Serial number or licence.
    pub hardware: HardwareId,
    /// The RouterOS release it pretends to be.
    pub personality: Personality,
    /// How it writes dates; by default as its release does.
    pub date_style: DateStyle,
    /// How it writes durations.
    pub uptime_style: UptimeStyle,
    /// Seconds since 1970 that the router's calendar shows at virtual time 0. Small values are the 1970
    /// calendar of a router without NTP (routeros.md §1.10).
    pub calendar_at_start: i64,
    /// The zone of its clock, and how far that is from UTC in seconds, east positive.
    pub zone: (&'static str, i64),
    /// Who may log in, besides those whom clients add in `/user`.
    pub users: Vec<User>,
    /// `max-sessions` of the API service (routeros.md §1.8).
    pub max_sessions: u32,
    /// The hex digit of PPP session ids that counts reboots, for the first boot (routeros.md §2.3).
    pub first_boot_digit: u8,
    /// How busy its processors are, in percent; `None`: now more, now less, never much.
    pub cpu_load: Option<u64>,
    /// Everything that is not established about real routers.
    pub switches: Switches,
    /// Seed of everything random on this device.
    pub seed: u64,
}

impl Device {
    /// The name of the user every fresh device has, with all rights.
    pub const DEFAULT_USER: &'static str = "admin";
    /// The password of that user.
    pub const DEFAULT_PASSWORD: &'static str = "simulated";

    /// A routerboard of this release, with a serial number made from `seed`.
    #[must_use]
    pub fn new(identity: &str, personality: Personality, seed: u64) -> Self {
        Self {
            identity: identity.as_bytes().to_vec(),
            hardware: HardwareId::Serial {
                serial: format!("SIM{:09X}", seed & 0xF_FFFF_FFFF),
                software_id: format!("{:04X}-SIMU", seed & 0xFFFF),
            },
            personality,
            date_style: personality.date_style(),
            uptime_style: UptimeStyle::default(),
            calendar_at_start: 1_763_700_000,
            zone: ("Etc/UTC", 0),
            users: vec![User::new(Self::DEFAULT_USER, Self::DEFAULT_PASSWORD, Policies::FULL)],
            max_sessions: 20,
            first_boot_digit: 1,
            cpu_load: None,
            switches: Switches::default(),
            seed,
        }
    }
}
