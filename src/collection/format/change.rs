//! What is to change in a file: a tree beside the file's own that names only what is touched.

use super::node::Node;

/// A change of one value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// It stays byte for byte.
    Keep,
    /// It becomes this.
    Set(Node),
    /// Some keys of a map change.
    Map(MapChange),
    /// A list gets new entries, another order, or changes within entries.
    List(Vec<ItemChange>),
}

/// What becomes of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum KeyChange {
    /// Its value changes; a missing key is added.
    Change(Change),
    /// It goes.
    Remove,
}

/// Changes of a map's keys.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct MapChange {
    /// The format's order of keys: decides where a new one stands.
    pub(super) order: &'static [&'static str],
    /// The touched keys.
    pub(super) keys: Vec<(&'static str, KeyChange)>,
}

/// An entry of the new list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ItemChange {
    /// The old entry of this index, perhaps changed within.
    Old(usize, Change),
    /// A new one.
    New(Node),
}

impl MapChange {
    pub(super) fn new(order: &'static [&'static str]) -> Self {
        Self {
            order,
            keys: Vec::new(),
        }
    }

    /// Notes a change, unless it is none.
    pub(super) fn put(&mut self, key: &'static str, change: Change) {
        if change != Change::Keep {
            self.keys.push((key, KeyChange::Change(change)));
        }
    }

    /// Notes that a key gets a value.
    pub(super) fn set(&mut self, key: &'static str, value: Node) {
        self.put(key, Change::Set(value));
    }

    /// Notes that a key goes, if it is there.
    pub(super) fn remove(&mut self, old: Option<&Node>, key: &'static str) {
        if old.is_some_and(|old| old.get(key).is_some()) {
            self.keys.push((key, KeyChange::Remove));
        }
    }

    /// The changes as one of the map's value; what was no map is replaced.
    pub(super) fn into_change(self, old: Option<&Node>) -> KeyChange {
        if self.keys.is_empty() {
            return KeyChange::Change(Change::Keep);
        }
        let changed = apply_map(old.unwrap_or(&Node::Map(Vec::new())), &self);
        match (&changed, old) {
            (Node::Map(entries), _) if entries.is_empty() => KeyChange::Remove,
            (_, Some(Node::Map(_))) => KeyChange::Change(Change::Map(self)),
            (_, _) => KeyChange::Change(Change::Set(changed)),
        }
    }

    /// Notes what becomes of a part that is itself a map.
    pub(super) fn put_part(&mut self, old: Option<&Node>, key: &'static str, part: Self) {
        let old_part = old.and_then(|old| old.get(key));
        match part.into_change(old_part) {
            KeyChange::Change(change) => self.put(key, change),
            KeyChange::Remove => self.remove(old, key),
        }
    }
}

/// The value after the change.
pub(super) fn apply(old: &Node, change: &Change) -> Node {
    match change {
        Change::Keep => old.clone(),
        Change::Set(value) => value.clone(),
        Change::Map(map) => apply_map(old, map),
        Change::List(items) => Node::List(
            items
                .iter()
                .map(|item| match item {
                    ItemChange::Old(index, change) => {
                        apply(old.items().get(*index).unwrap_or(&Node::Null), change)
                    }
                    ItemChange::New(value) => value.clone(),
                })
                .collect(),
        ),
    }
}

fn apply_map(old: &Node, change: &MapChange) -> Node {
    let mut entries = match old {
        Node::Map(entries) => entries.clone(),
        Node::Null | Node::Text(_) | Node::Plain(_) | Node::List(_) => Vec::new(),
    };
    for (key, change_of_key) in &change.keys {
        let at = entries.iter().position(|(candidate, _)| candidate == key);
        match (change_of_key, at) {
            (KeyChange::Remove, _) => entries.retain(|(candidate, _)| candidate != key),
            (KeyChange::Change(inner), Some(at)) => {
                if let Some((_, value)) = entries.get_mut(at) {
                    *value = apply(value, inner);
                }
            }
            (KeyChange::Change(inner), None) => {
                let keys: Vec<&str> = entries.iter().map(|(key, _)| key.as_str()).collect();
                let place = place_of(key, &keys, change.order);
                entries.insert(place, ((*key).to_owned(), apply(&Node::Null, inner)));
            }
        }
    }
    Node::Map(entries)
}

/// Where a new key stands among the present ones: after the last that the order puts before it.
pub(super) fn place_of(key: &str, present: &[&str], order: &[&str]) -> usize {
    let Some(rank) = order.iter().position(|candidate| *candidate == key) else {
        return present.len();
    };
    let before = order.get(..rank).unwrap_or_default();
    present
        .iter()
        .rposition(|candidate| before.contains(candidate))
        .map_or(0, |last| last + 1)
}
