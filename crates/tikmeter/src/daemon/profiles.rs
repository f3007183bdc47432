//! `[vouchers] profiles`: the plans are kept to what that file has, from the start and whenever it or a plan changes.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use operations::{Operations, ProfileBoard, ProfileConflict, ProfileState, ProfileView, ProfilesSeen};
use serde_json::Value;
use store::Profile;
use tokio_util::sync::CancellationToken;

use crate::profiles_file;

/// Between two looks at the file. It is small: it is read, and the plans compared with it, each time.
const EVERY: Duration = Duration::from_secs(2);

/// The file, and where it is shown how it stands.
pub(super) struct ProfileFile {
    path: PathBuf,
    board: ProfileBoard,
}

impl ProfileFile {
    /// Nothing is read yet.
    pub(super) fn new(path: PathBuf) -> Self {
        ProfileFile { path, board: ProfileBoard::default() }
    }

    /// Where it is shown how it stands.
    pub(super) fn board(&self) -> &ProfileBoard {
        &self.board
    }

    /// Keeps the plans to it until `stop`. A file that cannot be taken leaves them as they are.
    pub(super) async fn keep(self, operations: Arc<Operations>, stop: CancellationToken) {
        let mut seen = ProfilesSeen { file: self.path.display().to_string(), ..ProfilesSeen::default() };
        let mut taken = Vec::new();
        loop {
            let now = look(&self.path, &operations, (seen.clone(), &mut taken)).await;
            tell(&seen, &now);
            self.board.show(now.clone());
            seen = now;
            if stop.run_until_cancelled(tokio::time::sleep(EVERY)).await.is_none() {
                return;
            }
        }
    }
}

/// `taken`: what was taken of the file last.
async fn look(
    path: &Path,
    operations: &Operations,
    (before, taken): (ProfilesSeen, &mut Vec<Profile>),
) -> ProfilesSeen {
    match take(path, operations, taken).await {
        Ok(profiles) => {
            ProfilesSeen { taken_at: Some(operations.clock.now()), trouble: None, profiles, ..before }
        }
        Err(trouble) => ProfilesSeen { trouble: Some(trouble), ..before },
    }
}

async fn take(
    path: &Path,
    operations: &Operations,
    before: &mut Vec<Profile>,
) -> Result<Vec<ProfileView>, String> {
    let owned = path.to_owned();
    let read = tokio::task::spawn_blocking(move || profiles_file::read(&owned)).await;
    let profiles = read.map_err(|broken| broken.to_string()).flatten()?;
    let taken = operations.take_profiles(&profiles, before).await;
    let views = taken.map_err(|error| format!("{} is not taken: {error}", path.display()))?;
    *before = profiles;
    Ok(views)
}

/// Says what is new.
fn tell(before: &ProfilesSeen, now: &ProfilesSeen) {
    if before.trouble != now.trouble {
        match &now.trouble {
            Some(trouble) => tracing::error!("the plans stay as they are: {trouble}"),
            None => tracing::info!(file = now.file, "the file of profiles is taken again"),
        }
    }
    for view in now.profiles.iter().filter(|view| !before.profiles.contains(view)) {
        match view.state {
            ProfileState::Added => tracing::info!(plan = view.name, "the file of profiles adds a plan"),
            ProfileState::Changed => tracing::info!(plan = view.name, "the file of profiles changes a plan"),
            ProfileState::Conflict => tracing::warn!("{}", conflicts(view)),
            ProfileState::Same => {}
        }
    }
}

fn conflicts(view: &ProfileView) -> String {
    let shown = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    let one = |conflict: &ProfileConflict| {
        format!(
            "{}: {} in the file, {} in the plan",
            conflict.field,
            shown(&conflict.file),
            shown(&conflict.plan)
        )
    };
    let all: Vec<String> = view.conflicts.iter().map(one).collect();
    format!(
        "the plan {} was changed by hand, or by the file of another process, and is left so ({}). Change one of the two; tikmeter plan \
         profiles shows how",
        view.name,
        all.join("; ")
    )
}
