//! The table of names and values.

use egui::{
    Align2, Color32, Frame, Id, Margin, Rect, Response, RichText, Stroke, TextEdit, Ui, UiBuilder,
    vec2,
};

use super::check_box::CheckBox;
use super::highlight::{Highlight, show_span_tip};
use super::icon_button::IconButton;
use super::paint::focus_ring;
use super::text_field::layouter;
use super::tooltip::WithTip as _;
use crate::ui::theme::{CONTROL_HEIGHT, Icon, Tokens, code};

/// The width of the column of switches at the end.
const END_SWITCH_WIDTH: f32 = 60.0;

/// A row of a [`KeyValueTable`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyValueRow {
    /// Stays with the row while it is shown; the keyboard follows it.
    pub id: u64,
    /// Whether it counts.
    pub enabled: bool,
    /// The name.
    pub name: String,
    /// The value.
    pub value: String,
    /// Why it cannot be changed here, if it cannot: where it is inherited from.
    pub lock: Option<String>,
    /// What is wrong with it, if something is.
    pub problem: Option<String>,
    /// What belongs to it is pointed at elsewhere.
    pub is_lit: bool,
    /// A switch of its own at the end, see [`KeyValueTable::end_switch`].
    pub end_switch: Option<EndSwitch>,
}

/// A switch at the end of a row.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndSwitch {
    /// Whether it is on.
    pub is_on: bool,
    /// Whether it can be switched.
    pub is_enabled: bool,
    /// What screen readers call it.
    pub name: String,
    /// Why it stands as it does.
    pub tip: String,
}

impl KeyValueRow {
    /// A row that counts.
    pub fn new(id: u64, name: impl Into<String>, value: impl Into<String>) -> Self {
        Self {
            id,
            enabled: true,
            name: name.into(),
            value: value.into(),
            lock: None,
            problem: None,
            is_lit: false,
            end_switch: None,
        }
    }
}

/// What the user did to the rows; it is done to them already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyValueChange {
    /// A row was added at the end.
    Added(usize),
    /// A name or value was edited.
    Edited(usize),
    /// A row was switched on or off.
    Toggled(usize),
    /// The row that stood there was removed.
    Removed(usize),
    /// The switch at the row's end was switched.
    EndSwitched(usize),
}

/// Rows of name and value: on or off, a cross when the pointer is there, and an empty row at the
/// end that becomes one of them when it is typed into.
#[must_use = "show it"]
pub struct KeyValueTable<'a> {
    name: &'a str,
    name_title: &'a str,
    value_title: &'a str,
    highlight: Option<Highlight<'a>>,
    mark: Option<Color32>,
    end_switch: Option<&'a str>,
    can_add: bool,
    can_switch: bool,
    can_rename: bool,
    pointed: Option<&'a mut PointedRow>,
}

/// Which rows the pointer and the keyboard are in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PointedRow {
    /// The one under the pointer.
    pub hovered: Option<usize>,
    /// The one with the keyboard.
    pub focused: Option<usize>,
}

impl<'a> KeyValueTable<'a> {
    /// A table; `name` tells it from others and begins what screen readers say: `Header`.
    pub fn new(name: &'a str) -> Self {
        Self {
            name,
            name_title: "Name",
            value_title: "Value",
            highlight: None,
            mark: None,
            end_switch: None,
            can_add: true,
            can_switch: true,
            can_rename: true,
            pointed: None,
        }
    }

    /// The id by which the keyboard can be given to a row's name, in the `ui` that the table is
    /// shown in.
    pub fn name_id(ui: &Ui, table: &str, row: u64) -> Id {
        ui.make_persistent_id((table, row)).with("name")
    }

    /// The titles of the two columns.
    pub fn titles(mut self, name: &'a str, value: &'a str) -> Self {
        self.name_title = name;
        self.value_title = value;
        self
    }

    /// Colours pieces of names and values.
    pub fn highlight(mut self, highlight: Highlight<'a>) -> Self {
        self.highlight = Some(highlight);
        self
    }

    /// A thin mark in the margin of every row that counts: the hue of its provenance.
    pub fn mark(mut self, colour: Color32) -> Self {
        self.mark = Some(colour);
        self
    }

    /// A column with a switch for each row that has one, under a title.
    pub fn end_switch(mut self, title: &'a str) -> Self {
        self.end_switch = Some(title);
        self
    }

    /// The rows are given by something else: only values can be edited, none added, none removed.
    pub fn fixed(mut self) -> Self {
        self.can_add = false;
        self.can_switch = false;
        self.can_rename = false;
        self
    }

    /// Every row is locked: what locks it stands where the switch would.
    pub fn locked(mut self) -> Self {
        self.can_add = false;
        self.can_rename = false;
        self
    }

    /// Tells which rows the pointer and the keyboard are in.
    pub fn pointed(mut self, pointed: &'a mut PointedRow) -> Self {
        self.pointed = Some(pointed);
        self
    }

    /// Draws the rows and says what was done.
    pub fn show(mut self, ui: &mut Ui, rows: &mut Vec<KeyValueRow>) -> Option<KeyValueChange> {
        let mut change = None;
        let spacing = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        self.header(ui);
        let mut removed = None;
        let mut pointed = PointedRow::default();
        for (index, row) in rows.iter_mut().enumerate() {
            let outcome = self.row(ui, row, index, false);
            if outcome.hovered {
                pointed.hovered = Some(index);
            }
            if outcome.focused {
                pointed.focused = Some(index);
            }
            if outcome.removed {
                removed = Some(index);
            } else if outcome.toggled {
                change = Some(KeyValueChange::Toggled(index));
            } else if outcome.edited {
                change = Some(KeyValueChange::Edited(index));
            } else if outcome.end_switched {
                change = Some(KeyValueChange::EndSwitched(index));
            }
        }
        if let Some(index) = removed {
            rows.remove(index);
            change = Some(KeyValueChange::Removed(index));
        }
        if self.can_add {
            // The placeholder already has the id of the row that it will become, so the keyboard
            // stays in it.
            let id = rows.iter().map(|row| row.id + 1).max().unwrap_or(0);
            let mut placeholder = KeyValueRow::new(id, "", "");
            let index = rows.len();
            self.row(ui, &mut placeholder, index, true);
            if !placeholder.name.is_empty() || !placeholder.value.is_empty() {
                rows.push(placeholder);
                change = Some(KeyValueChange::Added(index));
            }
        }
        ui.spacing_mut().item_spacing.y = spacing;
        if let Some(out) = self.pointed.take() {
            *out = pointed;
        }
        change
    }

    fn columns(&self, rect: Rect) -> Columns {
        let switch = if self.can_switch { 32.0 } else { 8.0 };
        // Columns of switches stand below each other, whether rows can be removed or not.
        let end = if self.can_add || self.end_switch.is_some() {
            32.0
        } else {
            4.0
        };
        let end_switch = if self.end_switch.is_some() {
            END_SWITCH_WIDTH
        } else {
            0.0
        };
        let text = (rect.width() - switch - end_switch - end).max(80.0);
        let name_width = (text * 0.38).min(280.0).round();
        let at = |left: f32, right: f32| {
            Rect::from_min_max(
                egui::pos2(rect.left() + left, rect.top()),
                egui::pos2(rect.left() + right, rect.bottom()),
            )
        };
        Columns {
            switch: at(0.0, switch),
            name: at(switch, switch + name_width),
            value: at(switch + name_width, switch + text),
            end_switch: at(switch + text, switch + text + end_switch),
            end: at(switch + text + end_switch, switch + text + end_switch + end),
        }
    }

    fn header(&self, ui: &mut Ui) {
        let t = Tokens::of(ui);
        let width = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(width, 24.0), egui::Sense::hover());
        let columns = self.columns(rect);
        for (column, title) in [
            (columns.name, self.name_title),
            (columns.value, self.value_title),
        ]
        .into_iter()
        .chain(self.end_switch.map(|title| (columns.end_switch, title)))
        {
            let text = RichText::new(title).small().color(t.text_muted);
            let mut cell = cell_ui(ui, column.shrink2(vec2(8.0, 0.0)), title);
            cell.label(text);
        }
        line_below(ui, rect);
    }

    fn row(
        &self,
        ui: &mut Ui,
        row: &mut KeyValueRow,
        index: usize,
        is_placeholder: bool,
    ) -> Outcome {
        let t = Tokens::of(ui);
        let mut outcome = Outcome::default();
        let width = ui.available_width();
        let (rect, _) = ui.allocate_exact_size(vec2(width, CONTROL_HEIGHT), egui::Sense::hover());
        let columns = self.columns(rect);
        let is_locked = row.lock.is_some();
        let is_hovered = ui.rect_contains_pointer(rect);
        outcome.hovered = is_hovered;
        if row.problem.is_some() {
            ui.painter().rect_filled(rect, 0, t.danger_tint);
        } else if row.is_lit {
            ui.painter().rect_filled(rect, 0, t.selected);
        }
        if let Some(colour) = self.mark.filter(|_| row.enabled && !is_placeholder) {
            let bar = Rect::from_min_size(rect.min + vec2(0.0, 8.0), vec2(2.0, 16.0));
            ui.painter().rect_filled(bar, 1, colour);
        }
        let id = ui.make_persistent_id((self.name, row.id));
        let number = index + 1;
        if self.can_switch && !is_placeholder && !is_locked {
            let mut cell = cell_ui(ui, columns.switch.shrink2(vec2(4.0, 0.0)), (id, "on"));
            let name = format!("{} {number} on", self.name);
            outcome.toggled = cell.add(CheckBox::bare(&mut row.enabled, &name)).changed();
        }
        if is_locked {
            let mut cell = cell_ui(ui, columns.switch.shrink2(vec2(8.0, 0.0)), (id, "lock"));
            let lock = super::paint::rich_icon(Icon::Lock, t.text_muted);
            cell.label(lock.size(13.0))
                .tip(row.lock.as_deref().unwrap_or_default());
        }
        let is_faded = !row.enabled || is_locked;
        let name_hint = if is_placeholder { self.name_title } else { "" };
        let value_hint = if is_placeholder { self.value_title } else { "" };
        let name = CellSpec {
            rect: columns.name,
            id: id.with("name"),
            label: format!("{} {number} name", self.name),
            hint: name_hint,
            is_faded,
            is_editable: self.can_rename && !is_locked,
        };
        let value = CellSpec {
            rect: columns.value,
            id: id.with("value"),
            label: format!("{} {number} value", self.name),
            hint: value_hint,
            is_faded,
            is_editable: !is_locked,
        };
        let problem = row.problem.clone();
        for (spec, text) in [(name, &mut row.name), (value, &mut row.value)] {
            let mut response = self.cell(ui, &spec, text);
            outcome.edited |= response.changed();
            outcome.focused |= response.has_focus();
            if let Some(problem) = &problem {
                response = response.tip(problem);
            }
            drop(response);
        }
        if self.can_add && !is_placeholder && !is_locked {
            let mut cell = cell_ui(ui, columns.end.shrink2(vec2(4.0, 0.0)), (id, "end"));
            let colour = if is_hovered || outcome.focused {
                t.text_muted
            } else {
                // Still there for the keyboard, and shown when it arrives.
                Color32::TRANSPARENT
            };
            let name = format!("Remove {} {number}", self.name);
            let button = cell.add(IconButton::new(Icon::X, &name).small().colour(colour));
            outcome.removed = button.clicked();
        }
        if let (Some(_), Some(switch)) = (self.end_switch, &mut row.end_switch) {
            let mut cell = cell_ui(ui, columns.end_switch.shrink2(vec2(8.0, 0.0)), (id, "end"));
            if !switch.is_enabled {
                cell.disable();
            }
            let check = CheckBox::bare(&mut switch.is_on, &switch.name).tip(&switch.tip);
            outcome.end_switched = cell.add(check).changed();
        }
        let x = columns.value.left();
        ui.painter()
            .vline(x, rect.y_range(), Stroke::new(1.0, t.separator));
        line_below(ui, rect);
        outcome
    }

    fn cell(&self, ui: &mut Ui, spec: &CellSpec<'_>, text: &mut String) -> Response {
        let t = Tokens::of(ui);
        let mut cell = cell_ui(ui, spec.rect, spec.id);
        if spec.is_faded {
            cell.multiply_opacity(0.55);
        }
        if !spec.is_editable {
            cell.add_space(8.0);
            let shown = RichText::new(text.as_str()).font(code(1.0)).color(t.text);
            return cell.add(egui::Label::new(shown).truncate());
        }
        let mut layouter = layouter(self.highlight, code(1.0));
        let width = spec.rect.width();
        let output = TextEdit::singleline(text)
            .id(spec.id)
            .font(code(1.0))
            .hint_text(RichText::new(spec.hint).color(t.text_disabled))
            .frame(Frame::NONE.inner_margin(Margin::symmetric(8, 0)))
            .align(Align2::LEFT_CENTER)
            .desired_width(width)
            .min_size(vec2(width, CONTROL_HEIGHT))
            .layouter(&mut layouter)
            .show(&mut cell);
        let response = output
            .response
            .response
            .clone()
            .accessible_name(spec.label.as_str());
        focus_ring(&cell, spec.rect.shrink(1.0), &response);
        match self.highlight {
            Some(highlight) => show_span_tip(
                &cell,
                response,
                &output.galley,
                output.galley_pos,
                text,
                highlight,
            ),
            None => response,
        }
    }
}

/// Where the cells of a row are.
struct Columns {
    switch: Rect,
    name: Rect,
    value: Rect,
    end_switch: Rect,
    end: Rect,
}

/// What a cell is.
struct CellSpec<'a> {
    rect: Rect,
    id: Id,
    label: String,
    hint: &'a str,
    is_faded: bool,
    is_editable: bool,
}

/// What was done to a row.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "five things that can happen")]
struct Outcome {
    toggled: bool,
    edited: bool,
    hovered: bool,
    focused: bool,
    removed: bool,
    end_switched: bool,
}

fn cell_ui(ui: &mut Ui, rect: Rect, salt: impl egui::AsIdSalt) -> Ui {
    ui.new_child(
        UiBuilder::new()
            .id_salt(salt)
            .max_rect(rect)
            .layout(egui::Layout::left_to_right(egui::Align::Center)),
    )
}

fn line_below(ui: &Ui, rect: Rect) {
    ui.painter().hline(
        rect.x_range(),
        rect.bottom() - 0.5,
        Stroke::new(1.0, Tokens::of(ui).separator),
    );
}
