//! Making the plans agree with a file of profiles.

use std::collections::HashMap;

use serde_json::Value;
use store::{Profile, ProfilePlan, ProfileWrite};

use super::merge::{ProfileView, judge};
use crate::error::OperationError;
use crate::operations::Operations;

/// Who it is in the journal.
const ACTOR: &str = "profiles file";

impl Operations {
    /// Makes the plans agree with `profiles`, all or none, and answers what became of each. A plan whose profile vanished stays; what
    /// somebody changed by hand too. `before`: what this process took of the file last, none at its start: what has not changed in the
    /// file since is left as the file of another process made it. `Conflict` when somebody changes a plan in the same moment.
    pub async fn take_profiles(
        &self,
        profiles: &[Profile],
        before: &[Profile],
    ) -> Result<Vec<ProfileView>, OperationError> {
        let plans = self.store.profile_plans().await?;
        let plans: HashMap<&str, &ProfilePlan> =
            plans.iter().map(|found| (found.plan.name.as_str(), found)).collect();
        let (mut views, mut writes) = (Vec::new(), Vec::new());
        for profile in profiles {
            let found = plans.get(profile.name.as_str()).copied();
            let before = before.iter().find(|before| before.name == profile.name);
            let judged = judge((profile, before), found);
            if let Some(now) = judged.now {
                let detail = Value::from(judged.taken);
                let changed = found.is_none_or(|found| found.plan != now.plan);
                let act = changed.then(|| self.act(ACTOR, "plan.profile", &profile.name, detail));
                writes.push(ProfileWrite { seen: found.cloned(), now, act });
            }
            views.push(judged.view);
        }
        if !writes.is_empty() {
            self.store.write_profiles(writes).await?;
        }
        Ok(views)
    }
}
