//! Adding, setting and removing items of configurable tables (routeros.md §1.10). What is refused changes nothing.

use routeros_proto::{Request, value};

use super::answer::Complaint;
use super::schema::{Initial, Schema, Setting};
use crate::world::{Item, NO_ITEM, World, items};

type Sent = Vec<(&'static Setting, Vec<u8>)>;

/// `add`; gives the new `.id`.
pub(crate) fn add(world: &mut World, schema: &Schema, request: &Request<'_>) -> Result<Vec<u8>, Complaint> {
    let mut sent = sent(world, schema, request)?;
    for setting in schema.settings {
        if sent.iter().any(|(known, _)| known.name == setting.name) {
            continue;
        }
        match setting.initial {
            Initial::Required => return Err((None, format!("missing ={}=", setting.name))),
            Initial::Unset => {}
            Initial::Value(value) => sent.push((setting, value.as_bytes().to_vec())),
        }
    }
    check_unique(world, schema, &sent, &[])?;
    let kept = sent.into_iter().filter(|sent| !takes_away(sent));
    let settings = kept.map(|(setting, value)| (setting.name, value)).collect();
    let mut id = Vec::new();
    value::write_item_id(world.add_configured(schema.path, settings), &mut id);
    Ok(id)
}

/// `set`, on one item or several.
pub(crate) fn set(world: &mut World, schema: &Schema, request: &Request<'_>) -> Result<(), Complaint> {
    let items = called(world, schema, request)?;
    let sent = sent(world, schema, request)?;
    check_unique(world, schema, &sent, &items)?;
    for item in items {
        world.edit_configured(schema.path, item, |settings| {
            for sent in &sent {
                if takes_away(sent) {
                    settings.remove(sent.0.name);
                } else {
                    settings.insert(sent.0.name, sent.1.clone());
                }
            }
        });
    }
    Ok(())
}

/// `remove`, of one item or several.
pub(crate) fn remove(world: &mut World, schema: &Schema, request: &Request<'_>) -> Result<(), Complaint> {
    for item in called(world, schema, request)? {
        world.remove_configured(schema.path, item);
    }
    Ok(())
}

/// The items a request names by `.id` or `numbers`.
pub(crate) fn named<'a>(request: &'a Request<'_>) -> &'a [u8] {
    request.get(b".id").or_else(|| request.get(b"numbers")).unwrap_or_default()
}

/// The items a request names, by `.id` or by name where the schema lets it.
pub(crate) fn called(world: &World, schema: &Schema, request: &Request<'_>) -> Result<Vec<u32>, Complaint> {
    let rows = world.configured(schema.path);
    let by_name = |word: &[u8]| rows.find(|item| schema.unique == "name" && item.get("name") == Some(word));
    let by_id = |word: &[u8]| value::item_id(word).and_then(|id| rows.find(|item| item.id == id));
    let words = items(named(request)).map_err(|message| (None, message.to_owned()))?;
    let found: Option<Vec<u32>> = words.map(|word| by_id(word).or_else(|| by_name(word))).collect();
    found.ok_or_else(|| (None, NO_ITEM.to_owned()))
}

/// What a request sets, each value as it will be kept.
fn sent(world: &World, schema: &Schema, request: &Request<'_>) -> Result<Sent, Complaint> {
    let mut sent = Sent::new();
    for (name, value) in request.attributes().filter(|(name, _)| !matches!(*name, b".id" | b"numbers")) {
        let setting = schema.settings.iter().find(|setting| setting.name.as_bytes() == name);
        let setting = setting.ok_or_else(|| (None, format!("unknown parameter {}", name.escape_ascii())))?;
        let kept = if value.is_empty() && matches!(setting.initial, Initial::Unset) {
            Vec::new()
        } else {
            (setting.take)(world, setting.name, value)?
        };
        sent.retain(|(known, _)| known.name != setting.name);
        sent.push((setting, kept));
    }
    Ok(sent)
}

fn takes_away((setting, value): &(&Setting, Vec<u8>)) -> bool {
    value.is_empty() && matches!(setting.initial, Initial::Unset)
}

/// The trap's words follow the captured ones (routeros.md §1.4).
fn check_unique(world: &World, schema: &Schema, sent: &Sent, items: &[u32]) -> Result<(), Complaint> {
    let Some((_, value)) = sent.iter().find(|(setting, _)| setting.name == schema.unique) else {
        return Ok(());
    };
    let rows = world.configured(schema.path);
    let others = |item: &Item| items.iter().all(|&own| rows.item(own).id != item.id);
    let taken = rows.find(|item| others(item) && item.get(schema.unique) == Some(value));
    if taken.is_some() || items.len() > 1 {
        return Err((None, format!("already have such {}", schema.unique)));
    }
    Ok(())
}
