//! The palette: every command and every request by its name.

use egui::{Align2, Key, Modifiers, vec2};
use strum::IntoEnumIterator as _;

use super::theme::Tokens;
use super::widgets::{TextField, TreeRow};
use super::{Panels, UiCommand, UiContext};
use crate::collection::{Item, ItemPath};
use crate::state::{Command, Tabs};

/// How many hits are shown.
const MOST_HITS: usize = 60;

/// The palette's own state.
#[derive(Debug, Default)]
pub struct Palette {
    is_open: bool,
    was_opened: bool,
    query: String,
    chosen: usize,
}

impl Palette {
    /// Opens or closes it.
    pub fn toggle(&mut self) {
        *self = Self {
            is_open: !self.is_open,
            was_opened: !self.is_open,
            ..Self::default()
        };
    }

    /// Whether it is open.
    pub fn is_open(&self) -> bool {
        self.is_open
    }
}

/// What a row of the palette does.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Hit {
    Command(UiCommand),
    Request {
        path: ItemPath,
        method: String,
        name: String,
    },
}

impl Hit {
    fn text(&self) -> &str {
        match self {
            Self::Command(command) => command.text(),
            Self::Request { name, .. } => name,
        }
    }
}

/// Draws the palette if it is open.
pub(super) fn command_palette_ui(
    ui: &mut egui::Ui,
    ctx: &UiContext<'_>,
    tabs: &Tabs,
    panels: &mut Panels,
) {
    if !panels.palette.is_open {
        return;
    }
    let hits = hits(ctx, tabs, &panels.palette.query);
    let last = hits.len().saturating_sub(1);
    let pressed = |ui: &egui::Ui, key| ui.input_mut(|i| i.consume_key(Modifiers::NONE, key));
    let mut is_moved = false;
    if pressed(ui, Key::ArrowDown) {
        panels.palette.chosen = (panels.palette.chosen + 1).min(last);
        is_moved = true;
    }
    if pressed(ui, Key::ArrowUp) {
        panels.palette.chosen = panels.palette.chosen.saturating_sub(1);
        is_moved = true;
    }
    panels.palette.chosen = panels.palette.chosen.min(last);
    let mut done = pressed(ui, Key::Enter)
        .then(|| hits.get(panels.palette.chosen).cloned())
        .flatten();
    let palette = &mut panels.palette;
    let top = ui.ctx().content_rect().top() + 72.0;
    let modal = egui::Modal::new(egui::Id::unique("command palette"))
        .area(
            egui::Modal::default_area(egui::Id::unique("command palette"))
                .anchor(Align2::CENTER_TOP, vec2(0.0, top)),
        )
        .show(ui.ctx(), |ui| {
            ui.set_width(520.0);
            let response = ui.add(
                TextField::new("Find a command or request", &mut palette.query)
                    .hint("A command or a request"),
            );
            if palette.was_opened {
                response.request_focus();
                palette.was_opened = false;
            }
            if response.changed() {
                palette.chosen = 0;
            }
            ui.add_space(4.0);
            if hits.is_empty() {
                ui.weak("Nothing of that name");
            }
            let t = Tokens::of(ui);
            egui::ScrollArea::vertical()
                .id_salt("hits")
                .max_height(364.0)
                .auto_shrink([false, true])
                .show(ui, |ui| {
                    ui.spacing_mut().item_spacing.y = 0.0;
                    for (index, hit) in hits.iter().enumerate() {
                        let shortcut = match hit {
                            Hit::Command(command) => command.shortcut_text(ui.ctx()),
                            Hit::Request { .. } => String::new(),
                        };
                        let mut row = TreeRow::new(hit.text()).selected(index == palette.chosen);
                        if let Hit::Request { method, .. } = hit {
                            row = row.leading(method, t.method(method));
                        }
                        if !shortcut.is_empty() {
                            row = row.trailing(&shortcut, t.text_muted);
                        }
                        let id = match hit {
                            Hit::Command(command) => format!("{command:?}"),
                            Hit::Request { path, .. } => path.0.clone(),
                        };
                        let response = ui.push_id(id, |ui| row.show(ui)).inner.response;
                        if response.clicked() {
                            done = Some(hit.clone());
                        }
                        if is_moved && index == palette.chosen {
                            response.scroll_to_me(None);
                        }
                    }
                });
        });
    if modal.should_close() {
        panels.palette.is_open = false;
    }
    match done {
        Some(Hit::Request { path, .. }) => {
            panels.palette.is_open = false;
            ctx.send(Command::OpenRequest(path));
        }
        Some(Hit::Command(command)) => {
            panels.palette.is_open = false;
            let is_dark = ui.visuals().dark_mode;
            command.perform(ctx, tabs, panels, is_dark);
        }
        None => {}
    }
}

/// The commands that can be done now and the requests whose names fit, the best fits first.
fn hits(ctx: &UiContext<'_>, tabs: &Tabs, query: &str) -> Vec<Hit> {
    let commands = UiCommand::iter()
        .filter(|command| *command != UiCommand::Palette && command.is_enabled(ctx, tabs))
        .map(Hit::Command);
    let mut requests = Vec::new();
    if let Some(collection) = ctx.workspace.collection() {
        gather(&collection.items, &mut requests);
    }
    let mut found: Vec<(u32, Hit)> = commands
        .chain(requests)
        .filter_map(|hit| Some((fit(query, hit.text())?, hit)))
        .collect();
    // Stable: equal fits stay in the order of the catalogue and the tree.
    found.sort_by_key(|(fit, _)| *fit);
    found
        .into_iter()
        .map(|(_, hit)| hit)
        .take(MOST_HITS)
        .collect()
}

fn gather(items: &[Item], into: &mut Vec<Hit>) {
    for item in items {
        match item {
            Item::Folder(folder) => gather(&folder.items, into),
            Item::Request(request) => into.push(Hit::Request {
                path: request.path.clone(),
                method: request.draft.method.clone(),
                name: request.draft.name.clone(),
            }),
            Item::Damaged(_) => {}
        }
    }
}

/// How badly a name fits what was typed: 0 is best; `None` when its letters do not occur in order.
fn fit(query: &str, name: &str) -> Option<u32> {
    let query = query.trim().to_lowercase();
    let name = name.to_lowercase();
    if query.is_empty() {
        return Some(0);
    }
    if name.starts_with(&query) {
        return Some(0);
    }
    if name.split_whitespace().any(|word| word.starts_with(&query)) {
        return Some(1);
    }
    if name.contains(&query) {
        return Some(2);
    }
    let mut letters = name.chars();
    query
        .chars()
        .filter(|c| !c.is_whitespace())
        .all(|wanted| letters.any(|c| c == wanted))
        .then_some(3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_a_name_fits_the_smaller_the_number() {
        assert_eq!(fit("", "Send"), Some(0));
        assert_eq!(fit("se", "Send"), Some(0));
        assert_eq!(fit("pets", "GET pets"), Some(1));
        assert_eq!(fit("ets", "GET pets"), Some(2));
        assert_eq!(fit("gpt", "GET pets"), Some(3));
        assert_eq!(fit("petz", "GET pets"), None);
    }
}
