//! This machine: room for the data folder, and whether the database keeps up.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::code::FindingCode;
use super::finding::{Finding, MendPlace, Seen, Unseen};
use crate::operations::Operations;
use crate::shell_word::shell_word;

/// Less room than that is too little.
const LEAST_OCTETS: u64 = 512 << 20;
/// On a small disk: less than this part of it.
const LEAST_PART: u64 = 20;
/// A database that takes longer for one small question does not keep up.
const SLOW_US: u64 = 2_000_000;

/// How much room a disk has, octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Room {
    /// For whoever is not root.
    pub free: u64,
    /// In all.
    pub size: u64,
}

/// Finds out how much room there is where a folder is.
type Measure = Arc<dyn Fn(&Path) -> std::io::Result<Room> + Send + Sync>;

/// What the doctor has to know of the process and its machine.
#[derive(Clone)]
pub struct House {
    /// Where the data are; `None`: not looked at.
    pub data: Option<PathBuf>,
    /// The port of the portal; `None` where it is not served.
    pub portal_port: Option<u16>,
    /// Whether the pollers of this process run: what they would know is asked only then.
    pub(super) polls: bool,
    measure: Measure,
}

impl House {
    /// With its data there, and its portal at that port.
    pub fn new(data: Option<PathBuf>, portal_port: Option<u16>) -> House {
        House { data, portal_port, polls: true, measure: Arc::new(measured) }
    }

    /// The same, where no server runs.
    #[must_use]
    pub fn alone(self) -> House {
        House { polls: false, ..self }
    }

    /// The same, with another way to find out how much room there is.
    #[must_use]
    pub fn measuring(
        self,
        measure: impl Fn(&Path) -> std::io::Result<Room> + Send + Sync + 'static,
    ) -> House {
        House { measure: Arc::new(measure), ..self }
    }
}

fn measured(folder: &Path) -> std::io::Result<Room> {
    let disk = rustix::fs::statvfs(folder)?;
    Ok(Room {
        free: disk.f_bavail.saturating_mul(disk.f_frsize),
        size: disk.f_blocks.saturating_mul(disk.f_frsize),
    })
}

impl Operations {
    pub(super) async fn look_around_the_house(&self, house: &House) -> Seen {
        let mut seen = Seen::default();
        seen.findings.extend((!house.polls).then(not_running));
        seen.findings.extend(self.database_lag(house).await);
        if let Some(folder) = &house.data {
            match (house.measure)(folder) {
                Ok(room) => seen.findings.extend(small_disk(folder, room)),
                Err(error) => seen.unseen.push(Unseen {
                    router: None,
                    why: format!("how much room {} has could not be read: {error}", folder.display()),
                }),
            }
        }
        seen
    }

    async fn database_lag(&self, house: &House) -> Option<Finding> {
        let asked = self.clock.host();
        let trouble = self.store_trouble().await;
        let took_us = self.clock.host().micros.saturating_sub(asked.micros);
        let what = match trouble {
            Err(error) => format!("The database does not answer: {error}."),
            Ok(Some(trouble)) => {
                format!("Readings wait for the database: {}", trouble.trim_end_matches('.')) + "."
            }
            Ok(None) if took_us > SLOW_US => {
                format!("The database took {} ms for one small question.", took_us / 1_000)
            }
            Ok(None) => return None,
        };
        let finding = Finding::new(FindingCode::DatabaseLag, what);
        Some(match &house.data {
            Some(data) if !self.store.is_shared() => {
                let file = shell_word(&data.join("tikmeter.db").display().to_string());
                finding.mended(MendPlace::Shell, format!("fuser -v {file}")).mended(
                    MendPlace::Admin,
                    "End whatever other program has the database open, and see to room and speed of its disk; what waits is written down by itself then.",
                )
            }
            _ => finding.mended(
                MendPlace::Admin,
                "See on the database server who waits for what (SELECT pid, state, wait_event, query FROM pg_stat_activity) and to its room; what waits is written down by itself then.",
            ),
        })
    }
}

fn not_running() -> Finding {
    Finding::new(FindingCode::NotRunning, "No server runs on this machine's database.")
        .mended(MendPlace::Shell, "systemctl start tikmeter")
}

fn small_disk(folder: &Path, room: Room) -> Option<Finding> {
    let least = LEAST_OCTETS.min(room.size / LEAST_PART);
    if room.free >= least {
        return None;
    }
    let place = shell_word(&folder.display().to_string());
    let what = format!(
        "{} MiB are free where {} is, of {} MiB.",
        room.free >> 20,
        folder.display(),
        room.size >> 20
    );
    Some(
        Finding::new(FindingCode::SmallDisk, what)
            .mended(MendPlace::Shell, format!("df -h {place}"))
            .mended(MendPlace::Admin, "Make room on that disk, or move the data folder to a larger one."),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(free: u64, size: u64) -> Option<FindingCode> {
        small_disk(Path::new("/data"), Room { free, size }).map(|finding| finding.code)
    }

    #[test]
    fn a_disk_is_small_by_its_room_and_a_small_one_by_its_part() {
        assert_eq!(found(511 << 20, 1 << 40), Some(FindingCode::SmallDisk));
        assert_eq!(found(512 << 20, 1 << 40), None);
        assert_eq!(found(9 << 20, 200 << 20), Some(FindingCode::SmallDisk));
        assert_eq!(found(11 << 20, 200 << 20), None);
    }

    #[test]
    fn the_room_of_a_folder_is_measured() {
        let room = measured(Path::new("/")).unwrap();
        assert!(room.size > 0 && room.free <= room.size, "{room:?}");
        assert!(measured(Path::new("/there/is/no/such/folder")).is_err());
    }
}
