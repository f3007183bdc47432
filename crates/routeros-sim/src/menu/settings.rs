//! Adding, setting and removing items of configurable tables (routeros.md §1.10). What is refused changes nothing.

use routeros_proto::{Request, value};

use super::answer::Complaint;
use super::schema::{Initial, Schema, Setting};
use crate::world::{Item, NO_ITEM, Place, World, items};

type Sent = Vec<(&'static Setting, Vec<u8>)>;

/// The argument of `add` that says where the new item goes.
const PLACE_BEFORE: &[u8] = b"place-before";
/// What is said of an item that the router made itself (routeros.md §7 capture 41).
const DYNAMIC: &str = "failure: can not change dynamic";

/// `add`; gives the new `.id`.
pub(crate) fn add(world: &mut World, schema: &Schema, request: &Request<'_>) -> Result<Vec<u8>, Complaint> {
    let besides = schema.ordered.map(|_| PLACE_BEFORE);
    let mut sent = sent(world, schema, request, besides.as_slice())?;
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
    let place = place(world, schema, request)?;
    let kept = sent.into_iter().filter(|sent| !takes_away(sent));
    let settings = kept.map(|(setting, value)| (setting.name, value)).collect();
    let mut id = Vec::new();
    let item = world.put_configured(schema.path, settings, place);
    value::write_item_id(world.configured(schema.path).item(item).id, &mut id);
    Ok(id)
}

/// `set`, on one item or several.
pub(crate) fn set(world: &mut World, schema: &Schema, request: &Request<'_>) -> Result<(), Complaint> {
    let items = changeable(world, schema, request)?;
    let sent = sent(world, schema, request, &[b".id", b"numbers"])?;
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
    for item in changeable(world, schema, request)? {
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
    known(world, schema, named(request))
}

/// The same, where clients may change them all.
fn changeable(world: &World, schema: &Schema, request: &Request<'_>) -> Result<Vec<u32>, Complaint> {
    let items = called(world, schema, request)?;
    let rows = world.configured(schema.path);
    let is_fixed = items.iter().any(|&item| rows.item(item).is_dynamic());
    if is_fixed { Err((None, DYNAMIC.to_owned())) } else { Ok(items) }
}

fn place(world: &World, schema: &Schema, request: &Request<'_>) -> Result<Place, Complaint> {
    let (Some(may_stand_before), Some(word)) = (schema.ordered, request.get(PLACE_BEFORE)) else {
        return Ok(Place::Last);
    };
    let [item] = known(world, schema, word)?[..] else { return Err((None, NO_ITEM.to_owned())) };
    may_stand_before(world, world.configured(schema.path).item(item))?;
    Ok(Place::Before(item))
}

/// The items that these words name.
fn known(world: &World, schema: &Schema, words: &[u8]) -> Result<Vec<u32>, Complaint> {
    let rows = world.configured(schema.path);
    let by_name = |word: &[u8]| rows.find(|item| schema.unique == "name" && item.get("name") == Some(word));
    let by_id = |word: &[u8]| value::item_id(word).and_then(|id| rows.find(|item| item.id == id));
    let words = items(words).map_err(|message| (None, message.to_owned()))?;
    let found: Option<Vec<u32>> = words.map(|word| by_id(word).or_else(|| by_name(word))).collect();
    found.ok_or_else(|| (None, NO_ITEM.to_owned()))
}

/// What a request sets, each value as it will be kept; `besides` are the words that set nothing.
fn sent(world: &World, schema: &Schema, request: &Request<'_>, besides: &[&[u8]]) -> Result<Sent, Complaint> {
    let mut sent = Sent::new();
    for (name, value) in request.attributes().filter(|(name, _)| !besides.contains(name)) {
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
        return Err((None, schema.taken.to_owned()));
    }
    Ok(())
}
