//! Makes a change in a text and leaves every other byte of it alone.
//!
//! The lossless parser `yaml-edit` says where each key and value stands; the change becomes a
//! handful of splices. The result is read again with `serde-saphyr` and must say exactly what
//! was meant, unknown keys included.

use std::ops::Range;
use std::str::FromStr as _;

use yaml_edit::{Mapping, Sequence, YamlFile, YamlNode};

use super::FormatError;
use super::change::{Change, ItemChange, KeyChange, MapChange, apply, place_of};
use super::emit::{self, Written};
use super::node::{self, Node};

/// The text after a change; `what` names the file's kind in errors.
pub(super) fn edit(text: &str, change: &Change, what: &str) -> Result<String, FormatError> {
    if *change == Change::Keep {
        return Ok(text.to_owned());
    }
    let before = node::parse(text)?;
    let meant = apply(&before, change);
    if meant.same(&before) {
        return Ok(text.to_owned());
    }
    if let Some(edited) = spliced(text, &before, change)
        && node::parse(&edited).is_ok_and(|read| read.same(&meant))
    {
        return Ok(edited);
    }
    // Written anew, everything that the file says is kept, but not what it remarks.
    let bare = !text.contains(['#', '&', '*', '%', '!']) || !remarks(text);
    let whole = emit::document(&meant);
    if bare && node::parse(&whole).is_ok_and(|read| read.same(&meant)) {
        return Ok(with_line_ends_of(text, &whole));
    }
    Err(FormatError::cannot_keep(what))
}

/// Whether the text has comments, anchors, tags or directives: things that a tree of values does
/// not hold. Errs on the side of yes.
fn remarks(text: &str) -> bool {
    text.lines().any(|line| {
        let line = line.trim_start();
        line.starts_with(['#', '%', '!', '&', '*'])
            || [" #", " &", " *", " !"]
                .iter()
                .any(|mark| line.contains(mark))
    })
}

fn with_line_ends_of(text: &str, new: &str) -> String {
    if has_crlf(text) {
        new.replace('\n', "\r\n")
    } else {
        new.to_owned()
    }
}

fn has_crlf(text: &str) -> bool {
    text.split_once('\n')
        .is_some_and(|(first, _)| first.ends_with('\r'))
}

fn spliced(text: &str, before: &Node, change: &Change) -> Option<String> {
    let bom = if text.starts_with('\u{feff}') { 3 } else { 0 };
    let body = text.get(bom..)?;
    let file = YamlFile::from_str(body).ok()?;
    let mut documents = file.documents();
    let document = documents.next()?;
    if documents.next().is_some() {
        return None;
    }
    let root = document.as_mapping()?;
    let mut editor = Editor {
        text: body,
        splices: Vec::new(),
    };
    let Change::Map(map) = change else {
        return None;
    };
    editor.map(&root, before, map, true)?;
    let edited = apply_splices(body, editor.splices, has_crlf(body))?;
    Some(format!("{}{edited}", text.get(..bom)?))
}

/// Replaces a range of the text.
#[derive(Debug)]
struct Splice {
    range: Range<usize>,
    with: String,
}

fn apply_splices(text: &str, mut splices: Vec<Splice>, crlf: bool) -> Option<String> {
    // New lines behind a line that goes stand where that line stood.
    let gone: Vec<Range<usize>> = splices
        .iter()
        .filter(|splice| splice.with.is_empty())
        .map(|splice| splice.range.clone())
        .collect();
    for splice in splices.iter_mut().filter(|splice| splice.range.is_empty()) {
        let at = splice.range.start;
        if let Some(gone) = gone.iter().find(|gone| gone.start < at && at < gone.end)
            && let Some(lines) = splice.with.strip_prefix('\n')
        {
            splice.with = format!("{lines}\n");
            splice.range = gone.end..gone.end;
        }
    }
    splices.sort_by_key(|splice| (splice.range.start, splice.range.end));
    let mut out = String::with_capacity(text.len() + 256);
    let mut at = 0;
    for splice in splices {
        if splice.range.start < at {
            return None;
        }
        out.push_str(text.get(at..splice.range.start)?);
        if crlf {
            out.push_str(&splice.with.replace("\r\n", "\n").replace('\n', "\r\n"));
        } else {
            out.push_str(&splice.with);
        }
        at = splice.range.end;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}

struct Editor<'a> {
    text: &'a str,
    splices: Vec<Splice>,
}

/// A value with the end of the `:` or `-` before it.
struct Slot {
    /// The column of its key or dash.
    column: usize,
    /// Just behind the `:` or `-`.
    head: usize,
    node: Option<YamlNode>,
}

impl Editor<'_> {
    fn splice(&mut self, range: Range<usize>, with: impl Into<String>) {
        self.splices.push(Splice {
            range,
            with: with.into(),
        });
    }

    fn value(&mut self, slot: &Slot, old: &Node, change: &Change, in_flow: bool) -> Option<()> {
        match (change, &slot.node) {
            (Change::Keep, _) => Some(()),
            (Change::Map(map), Some(YamlNode::Mapping(mapping))) => {
                self.map(mapping, old, map, false)
            }
            (Change::List(items), Some(YamlNode::Sequence(sequence))) => {
                self.list(sequence, old, items)
            }
            _ => self.replace(slot, &apply(old, change), in_flow),
        }
    }

    fn map(&mut self, mapping: &Mapping, old: &Node, change: &MapChange, top: bool) -> Option<()> {
        let mut entries: Vec<(String, Range<usize>, Slot)> = Vec::new();
        for entry in mapping.entries() {
            let key_range = range_of(&entry.key_node()?);
            let key = entry.key_node()?.as_scalar()?.as_string();
            let head = self.colon_after(key_range.end)?;
            let slot = Slot {
                column: self.column(key_range.start)?,
                head,
                node: entry.value_node(),
            };
            entries.push((key, key_range, slot));
        }
        let is_flow = mapping.is_flow_style();
        let present = |key: &str| entries.iter().any(|(candidate, ..)| candidate == key);
        let structural = change
            .keys
            .iter()
            .any(|(key, change)| matches!(change, KeyChange::Remove) || !present(key));
        if is_flow && structural {
            let range = self.trimmed(range_of(&YamlNode::Mapping(mapping.clone())));
            if self.text.get(range.clone())?.contains('#') {
                return None;
            }
            let meant = apply(old, &Change::Map(change.clone()));
            self.splice(range, emit::flow(&meant));
            return Some(());
        }
        let names: Vec<&str> = entries.iter().map(|(key, ..)| key.as_str()).collect();
        // New keys, by the place where they go in.
        let mut fresh: Vec<(usize, &str, Node)> = Vec::new();
        for (key, key_change) in &change.keys {
            let at = entries.iter().position(|(candidate, ..)| candidate == key);
            match (key_change, at) {
                (KeyChange::Remove, None) => {}
                (KeyChange::Remove, Some(at)) => self.remove_entry(&entries, at)?,
                (KeyChange::Change(inner), Some(at)) => {
                    let (_, _, slot) = entries.get(at)?;
                    let value = old.get(key).unwrap_or(&Node::Null);
                    self.value(slot, value, inner, is_flow)?;
                }
                (KeyChange::Change(inner), None) => {
                    let place = place_of(key, &names, change.order);
                    let value = apply(old.get(key).unwrap_or(&Node::Null), inner);
                    fresh.push((place, key, value));
                }
            }
        }
        let rank = |key: &str| change.order.iter().position(|candidate| *candidate == key);
        fresh.sort_by_key(|(place, key, _)| (*place, rank(key)));
        let (_, first_key, first_slot) = entries.first()?;
        let column = first_slot.column;
        let mut places: Vec<usize> = fresh.iter().map(|(place, ..)| *place).collect();
        places.dedup();
        for place in places {
            let mut lines: Vec<String> = Vec::new();
            for (_, key, value) in fresh.iter().filter(|(candidate, ..)| *candidate == place) {
                if top && emit::is_block(key) && (place > 0 || !lines.is_empty()) {
                    lines.push(String::new());
                }
                lines.extend(emit::entry(key, value, column));
            }
            let removed = |key: &str| {
                change
                    .keys
                    .iter()
                    .any(|(name, change)| *name == key && *change == KeyChange::Remove)
            };
            let before = entries
                .get(..place)
                .unwrap_or_default()
                .iter()
                .rev()
                .find(|(key, ..)| !removed(key));
            let after = || entries.iter().find(|(key, ..)| !removed(key));
            if let Some((_, key, slot)) = before {
                let end = self.line_end(self.entry_end(key, slot));
                self.splice(end..end, format!("\n{}", lines.join("\n")));
            } else if let Some((_, key, _)) = after() {
                let joined = lines.join("\n");
                let gap = if top { "\n" } else { "" };
                self.splice(
                    key.start..key.start,
                    format!("{}\n{gap}{:column$}", joined.trim_start_matches(' '), ""),
                );
            } else {
                // All that was there goes.
                let start = self.line_start(first_key.start);
                if !self.text.get(start..first_key.start)?.trim().is_empty() {
                    return None;
                }
                self.splice(start..start, format!("{}\n", lines.join("\n")));
            }
        }
        Some(())
    }

    /// Takes an entry of a block map out, with its line and not its neighbours' comments.
    fn remove_entry(&mut self, entries: &[(String, Range<usize>, Slot)], at: usize) -> Option<()> {
        let (_, key, slot) = entries.get(at)?;
        let end = self.line_end(self.entry_end(key, slot));
        let line_start = self.line_start(key.start);
        let own_line = self.text.get(line_start..key.start)?.trim().is_empty();
        if own_line {
            // An empty line before it goes too, so that none stand doubled.
            let start = if line_start > 0 && self.is_blank_before(line_start) && slot.column == 0 {
                self.line_start(line_start - 1)
            } else {
                line_start
            };
            let end = self.next_line(end);
            if end == self.text.len() && !self.text.ends_with('\n') && start > 0 {
                let before = self.text.get(..start)?;
                let start = before.trim_end_matches(['\n', '\r']).len();
                self.splice(start..end, "");
            } else {
                self.splice(start..end, "");
            }
        } else {
            // `- name: x`: the next key moves up to the dash.
            let (_, next, _) = entries.get(at + 1)?;
            if self.text.get(end..next.start)?.contains('#') {
                return None;
            }
            self.splice(key.start..next.start, "");
        }
        Some(())
    }

    fn list(&mut self, sequence: &Sequence, old: &Node, items: &[ItemChange]) -> Option<()> {
        let whole = self.trimmed(range_of(&YamlNode::Sequence(sequence.clone())));
        if sequence.is_flow_style() {
            if self.text.get(whole.clone())?.contains('#') {
                return None;
            }
            let meant = apply(old, &Change::List(items.to_vec()));
            self.splice(whole, emit::flow(&meant));
            return Some(());
        }
        let slots = self.list_slots(sequence, whole.start)?;
        if slots.len() != old.items().len() {
            return None;
        }
        let kept: Vec<usize> = items
            .iter()
            .filter_map(|item| match item {
                ItemChange::Old(index, _) => Some(*index),
                ItemChange::New(_) => None,
            })
            .collect();
        let in_order = kept.iter().zip(kept.iter().skip(1)).all(|(a, b)| a < b);
        if !in_order {
            return self.reordered(&slots, old, items);
        }
        for item in items {
            if let ItemChange::Old(index, change) = item {
                let slot = slots.get(*index)?;
                self.value(slot, old.items().get(*index)?, change, false)?;
            }
        }
        for (index, slot) in slots.iter().enumerate() {
            if !kept.contains(&index) {
                let start = self.line_start(slot.head - 1);
                let end = self.next_line(self.line_end(self.slot_end(slot)));
                self.splice(start..end, "");
            }
        }
        // New entries stand behind the kept one before them.
        let column = slots.first()?.column;
        let mut before: Option<usize> = None;
        let mut lines: Vec<String> = Vec::new();
        for item in items {
            match item {
                ItemChange::New(value) => lines.extend(emit::item(value, column)),
                ItemChange::Old(index, _) => {
                    self.insert_items(&slots, before, &std::mem::take(&mut lines))?;
                    before = Some(*index);
                }
            }
        }
        self.insert_items(&slots, before, &lines)
    }

    fn insert_items(
        &mut self,
        slots: &[Slot],
        before: Option<usize>,
        lines: &[String],
    ) -> Option<()> {
        if lines.is_empty() {
            return Some(());
        }
        if let Some(before) = before {
            let end = self.line_end(self.slot_end(slots.get(before)?));
            self.splice(end..end, format!("\n{}", lines.join("\n")));
        } else {
            let start = self.line_start(slots.first()?.head - 1);
            self.splice(start..start, format!("{}\n", lines.join("\n")));
        }
        Some(())
    }

    /// Writes a list's lines in another order; each entry takes the comments above it along.
    fn reordered(&mut self, slots: &[Slot], old: &Node, items: &[ItemChange]) -> Option<()> {
        let mut chunks: Vec<Range<usize>> = Vec::new();
        let mut start = self.line_start(slots.first()?.head - 1);
        for slot in slots {
            let end = self.next_line(self.line_end(self.slot_end(slot)));
            chunks.push(start..end);
            start = end;
        }
        let region = chunks.first()?.start..self.line_end(self.slot_end(slots.last()?));
        let column = slots.first()?.column;
        let mut out = String::new();
        for item in items {
            match item {
                ItemChange::New(value) => {
                    out.push_str(&emit::item(value, column).join("\n"));
                }
                ItemChange::Old(index, change) => {
                    let chunk = chunks.get(*index)?.clone();
                    let mut inner = Editor {
                        text: self.text,
                        splices: Vec::new(),
                    };
                    inner.value(slots.get(*index)?, old.items().get(*index)?, change, false)?;
                    let mut splices = inner.splices;
                    for splice in &mut splices {
                        splice.range.start = splice.range.start.checked_sub(chunk.start)?;
                        splice.range.end = splice.range.end.checked_sub(chunk.start)?;
                    }
                    let moved = apply_splices(self.text.get(chunk)?, splices, false)?;
                    out.push_str(&moved.replace("\r\n", "\n"));
                }
            }
            if !out.ends_with('\n') {
                out.push('\n');
            }
        }
        // The last line's end stays in the text, so that what follows can be put there.
        out.truncate(out.len() - 1);
        self.splice(region, out);
        Some(())
    }

    fn list_slots(&self, sequence: &Sequence, start: usize) -> Option<Vec<Slot>> {
        let mut slots = Vec::new();
        let mut at = start;
        for node in sequence.values() {
            let value = range_of(&node);
            let dash = self.dash_in(at, value.start)?;
            slots.push(Slot {
                column: self.column(dash)?,
                head: dash + 1,
                node: Some(node),
            });
            at = self.trimmed(value).end.max(dash + 1);
        }
        Some(slots)
    }

    /// The dash of a list's entry: the first on a line of its own start, comments passed over.
    fn dash_in(&self, from: usize, to: usize) -> Option<usize> {
        let mut at = from;
        while at < to.max(from + 1) {
            let rest = self.text.get(at..)?;
            let next = rest.chars().next()?;
            match next {
                '-' => return Some(at),
                '#' => at = self.line_end(at),
                c if c.is_whitespace() => at += c.len_utf8(),
                _ => return None,
            }
        }
        None
    }

    /// Writes a value in place of another one.
    fn replace(&mut self, slot: &Slot, value: &Node, in_flow: bool) -> Option<()> {
        if in_flow {
            let range = self.trimmed(range_of(slot.node.as_ref()?));
            if range.is_empty() {
                self.splice(slot.head..slot.head, format!(" {}", emit::flow(value)));
            } else {
                self.splice(range, emit::flow(value));
            }
            return Some(());
        }
        let written = emit::value_at(value, slot.column);
        let head_end = self.line_end(slot.head);
        let node = slot
            .node
            .as_ref()
            .map(|node| (node, self.trimmed(range_of(node))))
            .filter(|(_, range)| !range.is_empty());
        let Some((node, range)) = node else {
            // Nothing stood there.
            let Written { inline, below } = written;
            if !inline.is_empty() {
                self.splice(slot.head..slot.head, format!(" {inline}"));
            }
            if !below.is_empty() {
                self.splice(head_end..head_end, format!("\n{}", below.join("\n")));
            }
            return Some(());
        };
        let first_line_end = self.line_end(range.start);
        let is_block_scalar = node.as_scalar().is_some_and(yaml_edit::Scalar::is_block);
        let (inline, below) = if range.start > head_end {
            // A block collection: it begins on a line below.
            (slot.head..slot.head, head_end..self.line_end(range.end))
        } else if is_block_scalar {
            let header = self.text.get(range.start..first_line_end)?;
            let length = header
                .find(|c: char| !matches!(c, '|' | '>' | '+' | '-' | '0'..='9'))
                .unwrap_or(header.len());
            let keeps = header.get(..length)?.contains('+');
            let end = if keeps {
                self.blank_lines_end(self.line_end(range.end))
            } else {
                self.line_end(range.end).max(first_line_end)
            };
            (range.start..range.start + length, first_line_end..end)
        } else if range.end > first_line_end {
            // A scalar or flow collection over several lines: what follows it stays.
            let end = self.line_end(range.end);
            if !self.text.get(range.end..end)?.trim().is_empty() && !written.below.is_empty() {
                return None;
            }
            (range.clone(), end..end)
        } else {
            (range.clone(), first_line_end..first_line_end)
        };
        let with = match (inline.is_empty(), written.inline.is_empty()) {
            (true, false) => format!(" {}", written.inline),
            (false, true) => {
                // The space before it goes too.
                let start = slot.head.max(inline.start.saturating_sub(
                    inline.start - self.text.get(..inline.start)?.trim_end_matches(' ').len(),
                ));
                self.splice(start..inline.end, "");
                self.splice_below(below, &written.below);
                return Some(());
            }
            _ => written.inline,
        };
        if !inline.is_empty() || !with.is_empty() {
            self.splice(inline, with);
        }
        self.splice_below(below, &written.below);
        Some(())
    }

    fn splice_below(&mut self, range: Range<usize>, lines: &[String]) {
        let with = if lines.is_empty() {
            String::new()
        } else {
            format!("\n{}", lines.join("\n"))
        };
        if !range.is_empty() || !with.is_empty() {
            self.splice(range, with);
        }
    }

    fn entry_end(&self, key: &Range<usize>, slot: &Slot) -> usize {
        self.slot_end(slot).max(key.end)
    }

    fn slot_end(&self, slot: &Slot) -> usize {
        slot.node.as_ref().map_or(slot.head, |node| {
            let range = self.trimmed(range_of(node));
            if range.is_empty() {
                slot.head
            } else if ends_with_keeping_block(node, self.text) {
                self.blank_lines_end(self.line_end(range.end))
            } else {
                range.end.max(slot.head)
            }
        })
    }

    /// A range without the white space and own-line comments at its end.
    fn trimmed(&self, range: Range<usize>) -> Range<usize> {
        let slice = self.text.get(range.clone()).unwrap_or_default();
        // White space of other scripts belongs to a text.
        range.start..range.start + slice.trim_end_matches([' ', '\t', '\r', '\n']).len()
    }

    fn colon_after(&self, key_end: usize) -> Option<usize> {
        let rest = self.text.get(key_end..)?;
        let offset = rest.find(|c: char| !matches!(c, ' ' | '\t'))?;
        rest.get(offset..)?
            .starts_with(':')
            .then_some(key_end + offset + 1)
    }

    fn column(&self, at: usize) -> Option<usize> {
        let start = self.line_start(at);
        Some(self.text.get(start..at)?.chars().count())
    }

    fn line_start(&self, at: usize) -> usize {
        self.text
            .get(..at)
            .and_then(|head| head.rfind('\n'))
            .map_or(0, |newline| newline + 1)
    }

    /// The end of the line, before its line end.
    fn line_end(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        let line = rest.split('\n').next().unwrap_or_default();
        at + line.strip_suffix('\r').unwrap_or(line).len()
    }

    /// The start of the next line.
    fn next_line(&self, at: usize) -> usize {
        let rest = self.text.get(at..).unwrap_or_default();
        at + rest.find('\n').map_or(rest.len(), |newline| newline + 1)
    }

    fn is_blank_before(&self, line_start: usize) -> bool {
        let head = self.text.get(..line_start).unwrap_or_default();
        let head = head.strip_suffix('\n').unwrap_or(head);
        head.rsplit('\n')
            .next()
            .is_some_and(|line| line.trim().is_empty())
    }

    /// The end of the last of the empty lines that follow.
    fn blank_lines_end(&self, line_end: usize) -> usize {
        let rest = self.text.get(line_end..).unwrap_or_default();
        let blank = rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
        let blank = rest.get(..blank).unwrap_or_default();
        line_end + blank.rfind('\n').unwrap_or(0)
    }
}

fn range_of(node: &YamlNode) -> Range<usize> {
    let range = node.byte_range();
    range.start as usize..range.end as usize
}

/// Whether the last scalar of a value is a `|+` block, which owns the empty lines below it.
fn ends_with_keeping_block(node: &YamlNode, text: &str) -> bool {
    match node {
        YamlNode::Scalar(scalar) => {
            scalar.is_block()
                && text
                    .get(range_of(node))
                    .and_then(|slice| slice.lines().next())
                    .is_some_and(|header| header.starts_with(['|', '>']) && header.contains('+'))
        }
        YamlNode::Mapping(mapping) => mapping
            .entries()
            .last()
            .and_then(|entry| entry.value_node())
            .is_some_and(|last| ends_with_keeping_block(&last, text)),
        YamlNode::Sequence(sequence) => sequence
            .last()
            .is_some_and(|last| ends_with_keeping_block(&last, text)),
        YamlNode::Alias(_) | YamlNode::TaggedNode(_) => false,
    }
}
