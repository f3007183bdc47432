//! The tables of counters that a router keeps. An id names a row of one table only, so the handle of a counter holds
//! both: the table in its top byte, the router's id below. That costs no memory, and one index finds every counter.

/// Which of a router's tables a counter is a row of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Table {
    /// Interfaces of PPP sessions; their owners are named by other tables.
    Interface = 0,
    /// Hotspot logins; a row names its owner itself.
    HotspotActive = 1,
    /// Interfaces that face one subscriber each; whose they are an enrolment says.
    Facing = 2,
    /// Queues that one subscriber's traffic passes; whose they are an enrolment says.
    Queue = 3,
    /// Devices that the hotspot lets through without a login; a row names its owner itself.
    HotspotHost = 4,
}

/// Bits of a handle that are the router's id. Ids seen so far have 32 (routeros.md §7).
const ID_BITS: u32 = 56;

impl Table {
    /// Every table, in the order of their numbers.
    pub const ALL: [Table; 5] =
        [Table::Interface, Table::HotspotActive, Table::Facing, Table::Queue, Table::HotspotHost];

    /// How many there are.
    pub const COUNT: usize = Table::ALL.len();

    /// Its number: its place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The handle of the row with this id; `None` for an id that no router is known to give.
    pub fn handle(self, id: u64) -> Option<u64> {
        (id >> ID_BITS == 0).then_some((self as u64) << ID_BITS | id)
    }

    /// True where nobody connects: a counter is its owner's for as long as the enrolment lasts, and outlives every
    /// session there could be.
    pub const fn is_standing(self) -> bool {
        matches!(self, Table::Facing | Table::Queue)
    }

    /// The table a handle belongs to; one that no table has is none of the session tables' and taken for an interface.
    pub fn of(handle: u64) -> Table {
        match handle >> ID_BITS {
            1 => Table::HotspotActive,
            2 => Table::Facing,
            3 => Table::Queue,
            4 => Table::HotspotHost,
            _ => Table::Interface,
        }
    }

    /// The stable name of what a look at it covers, in the database.
    pub const fn source(self) -> &'static str {
        match self {
            Table::Interface => "ppp",
            Table::HotspotActive => "hotspot",
            Table::Facing => "interface",
            Table::Queue => "queue",
            Table::HotspotHost => "hotspot_host",
        }
    }

    /// The router's id within a handle.
    pub fn id(handle: u64) -> u64 {
        handle & ((1 << ID_BITS) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_handle_tells_its_table_and_its_id() {
        for (index, table) in Table::ALL.into_iter().enumerate() {
            let handle = table.handle(0xA05_0002).unwrap();
            assert_eq!((table.index(), Table::of(handle), Table::id(handle)), (index, table, 0xA05_0002));
        }
        assert_eq!(Table::HotspotActive.handle(1 << ID_BITS), None);
    }
}
