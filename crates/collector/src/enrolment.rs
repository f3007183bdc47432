//! Looks at interfaces and queues before somebody enrols them, with one login of its own. Nothing is counted and nothing on
//! the router is changed.
//!
//! * `interfaces`, `queues`: what the router has
//! * `counted`: what counts for somebody already, and what would count the same traffic

mod counted;
mod interfaces;
mod queues;

use accounting::table::Table;
use operations::CounterLook;
use store::Asked;

use crate::link::{Link, LinkError, Target};

use counted::Counted;
use interfaces::Interfaces;
use queues::Queues;

/// What the router says of each of these, in their order, where `enrolled` counts for somebody already, and each of them that
/// fits counts for somebody from there on. As many prints for all of them as for one.
///
/// # Errors
/// What kept the router from saying.
pub async fn look(
    target: &Target,
    counters: &[(Table, Vec<u8>)],
    enrolled: &[Asked],
) -> Result<Vec<CounterLook>, LinkError> {
    let mut link = Link::open(target).await?;
    let of_queue = |table: Table| table == Table::Queue;
    let facing: Vec<&[u8]> =
        counters.iter().filter(|(table, _)| !of_queue(*table)).map(|(_, name)| &**name).collect();
    let interfaces = Interfaces::read(&mut link, &facing).await?;
    let queues_matter = counters.iter().any(|(table, _)| of_queue(*table))
        || interfaces.any_fits() && enrolled.iter().any(|one| of_queue(one.table));
    let queues = if queues_matter { Queues::read(&mut link).await? } else { Queues::default() };
    let mut counted = Counted::new(&queues, enrolled);
    let look = |(table, name): &(Table, Vec<u8>)| {
        let look = match (table, interfaces.look(name)) {
            (Table::Queue, _) => counted.look_at_queue(name),
            (_, CounterLook::Fit) => counted.look_at_interface(name),
            (_, wrong) => wrong,
        };
        if look == CounterLook::Fit {
            counted.add(*table, name);
        }
        look
    };
    Ok(counters.iter().map(look).collect())
}
