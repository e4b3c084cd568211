//! Draws the page.

use egui::{
    CornerRadius, Frame, Label, Layout, Margin, Rect, RichText, Sense, Stroke, StrokeKind, Ui,
    UiBuilder, vec2,
};

use super::changes::{Changes, Other};
use super::comparison::{Comparison, Differences, differing_range};
use super::detail::detail;
use super::line::{Emphasis, LineResponse, StepLine, margin};
use super::page::{Block, Fact, KeyAccess, Line, Page, Step, Warning};
use super::part::{SigningPart, share};
use super::{SigningViewAction, SigningViewState};
use crate::ui::theme::{CORNER, Icon, TEXT_BODY, TEXT_HEADING, TEXT_SMALL, Tokens, bold, code};
use crate::ui::widgets::{Banner, Button, IconButton, Tone, WithTip as _, focus_ring, paint_icon};

/// In place of a line that one side has not.
const NO_LINE: &str = "(no such line)";

/// All that the page is drawn from.
pub(super) struct Drawing<'a> {
    pub(super) page: &'a Page,
    pub(super) comparison: &'a Comparison,
    /// What differs from the other page, if that is to be shown.
    pub(super) changes: Option<&'a Changes>,
    /// What the other page is, in a word.
    pub(super) other: &'a str,
    pub(super) state: &'a mut SigningViewState,
    pub(super) action: &'a mut Option<SigningViewAction>,
    /// What lights up: known since the last frame.
    lit: Vec<SigningPart>,
    /// What the line with the keyboard is about.
    focused: Vec<SigningPart>,
    /// The line that the page is to be moved to: a step, 0 for the facts, and what it is about.
    wanted: Option<(u8, SigningPart)>,
}

impl<'a> Drawing<'a> {
    pub(super) fn new(
        page: &'a Page,
        comparison: &'a Comparison,
        state: &'a mut SigningViewState,
        action: &'a mut Option<SigningViewAction>,
    ) -> Self {
        Self {
            page,
            comparison,
            changes: None,
            other: "",
            wanted: state.scroll_to.take(),
            state,
            action,
            lit: Vec::new(),
            focused: Vec::new(),
        }
    }

    /// The page from the facts to step 5.
    pub(super) fn show(mut self, ui: &mut Ui) {
        let hovered_before = std::mem::take(&mut self.state.hovered);
        self.lit = if hovered_before.is_empty() {
            self.state.lit.clone()
        } else {
            hovered_before.clone()
        };
        let page = self.page;
        self.facts(ui);
        for warning in &page.warnings {
            ui.add_space(8.0);
            let banner = Banner::warning(&warning.text);
            match warning.link {
                Some(link) => banner.show(ui, |ui| link_button(ui, "Read more", link)),
                None => banner.show_plain(ui),
            }
        }
        verdict(ui, page, self.comparison);
        for (index, step) in page.steps.iter().enumerate() {
            self.step(ui, index, step);
        }
        ui.add_space(24.0);
        if self.state.hovered.is_empty() {
            self.state.hovered = std::mem::take(&mut self.focused);
        }
        if self.state.hovered != hovered_before {
            // What the pointer is on is known only now; what belongs to it lights up in the next
            // frame.
            ui.request_repaint();
        }
    }

    fn scale(&self) -> f32 {
        self.state.scale
    }

    fn facts(&mut self, ui: &mut Ui) {
        let page = self.page;
        for (index, fact) in page.facts.iter().enumerate() {
            self.fact(ui, index, fact);
            for warning in &fact.warnings {
                warning_note(ui, warning, self.scale());
            }
        }
    }

    fn fact(&mut self, ui: &mut Ui, index: usize, fact: &Fact) {
        let t = Tokens::of(ui);
        let scale = self.scale();
        let height = 22.0 * scale;
        let (rect, response) =
            ui.allocate_exact_size(vec2(ui.available_width(), height), Sense::click());
        let from = match &fact.from {
            Some(from) => format!("from {from}"),
            None => String::new(),
        };
        response.widget_info(|| {
            let name = format!("{}: {} {from}", fact.name, fact.value);
            egui::WidgetInfo::labeled(egui::Role::Button, ui.is_enabled(), name.trim())
        });
        let parts = std::slice::from_ref(&fact.part);
        let is_hovered = ui.rect_contains_pointer(rect);
        let fill = if share(parts, &self.lit) {
            t.selected
        } else if is_hovered {
            t.hover
        } else {
            egui::Color32::TRANSPARENT
        };
        let ground = rect.expand2(vec2(6.0, 0.0));
        ui.painter()
            .rect_filled(ground, CornerRadius::same(CORNER - 1), fill);
        focus_ring(ui, ground, &response);
        let mut row = ui.new_child(
            egui::UiBuilder::new()
                .id_salt(("fact", index))
                .max_rect(rect)
                .layout(Layout::left_to_right(egui::Align::Center)),
        );
        row.spacing_mut().item_spacing.x = 8.0 * scale;
        let quiet = |text: &str| {
            RichText::new(text)
                .size(TEXT_SMALL * scale)
                .color(t.text_muted)
        };
        let start = row.cursor().left();
        row.add(Label::new(quiet(fact.name)).selectable(false));
        let gap = 72.0 * scale - (row.cursor().left() - start);
        row.add_space(gap.max(0.0));
        let value = match fact.from {
            Some(_) => RichText::new(&fact.value).font(code(scale)),
            None => RichText::new(&fact.value).size(TEXT_BODY * scale),
        };
        let colour = if fact.warnings.is_empty() {
            t.text
        } else {
            t.warning
        };
        let label = row.add(Label::new(value.color(colour)).truncate());
        if !from.is_empty() {
            row.add(Label::new(quiet(&from)).selectable(false).truncate());
        }
        if is_hovered {
            self.state.hovered = parts.to_vec();
        } else if response.has_focus() {
            self.focused = parts.to_vec();
        }
        if self.is_wanted(0, parts) {
            scroll_there(ui, &response);
        }
        if (response.clicked() || label.clicked())
            && let Some(source) = fact.source
        {
            *self.action = Some(SigningViewAction::Reveal(source));
        }
        if let Some(source) = fact.source {
            response.tip(source.words());
        }
    }

    /// Whether the page is to be moved to a line.
    fn is_wanted(&self, step: u8, parts: &[SigningPart]) -> bool {
        self.wanted
            .as_ref()
            .is_some_and(|(wanted, part)| *wanted == step && parts.first() == Some(part))
    }

    fn step(&mut self, ui: &mut Ui, index: usize, step: &Step) {
        let scale = self.scale();
        heading(ui, step, scale, self.action);
        for (b, block) in step.blocks.iter().enumerate() {
            if b > 0 {
                ui.add_space(6.0 * scale);
            }
            if let Some(title) = block.title {
                ui.add_space(4.0 * scale);
                small_note(ui, title, scale);
                ui.add_space(4.0 * scale);
            }
            ground(ui, |ui| self.block(ui, (index, b), step, block));
            self.size(ui, block);
        }
        for note in &step.notes {
            small_note(ui, note, scale);
        }
        if step.number == 3 {
            self.keys(ui);
        }
    }

    /// How long a block's text is.
    fn size(&self, ui: &mut Ui, block: &Block) {
        let Some(bytes) = block.bytes.filter(|_| self.state.are_invisibles_shown) else {
            return;
        };
        let text = format!("{} lines, {bytes} bytes", block.lines.len());
        small_note(ui, &text, self.scale());
    }

    fn block(&mut self, ui: &mut Ui, (s, b): (usize, usize), step: &Step, block: &Block) {
        let comparison = self.comparison;
        let differences = match (step.number, b) {
            (1, 0) => comparison.of_canonical_request(),
            (2, 0) => comparison.of_string_to_sign(),
            _ => None,
        };
        let last = block.lines.len().saturating_sub(1);
        for (l, line) in block.lines.iter().enumerate() {
            // What is opened above a line does not make it another one: it keeps the keyboard.
            let id = ui.scope_id().with(("line", s, b, l));
            ui.scope_builder(UiBuilder::new().scope_id(id), |ui| {
                self.line(ui, (s, b, l), step, line, differences);
            });
        }
        if let Some(theirs) = differences.filter(|d| d.first > last) {
            self.gateway_saw(ui, "", theirs);
        }
        if let Some(changes) = self.changes {
            for text in changes.gone(s, b) {
                self.other_line(ui, text, None);
            }
        }
    }

    fn line(
        &mut self,
        ui: &mut Ui,
        place: (usize, usize, usize),
        step: &Step,
        line: &Line,
        differences: Option<&Differences>,
    ) {
        let t = Tokens::of(ui);
        let scale = self.scale();
        let (_, block, index) = place;
        let is_empty = line.text.is_empty();
        let is_end_of_headers = line.part().is_some_and(|part| {
            *part == SigningPart::Request(crate::sigv4::CanonicalPart::EndOfHeaders)
        });
        let text = match () {
            () if is_end_of_headers => "",
            () if is_empty => "(empty)",
            () => line.text.as_str(),
        };
        let is_different = differences.is_some_and(|d| d.lines.contains(&index));
        let theirs = differences.filter(|d| d.first == index);
        let other = self.changes.and_then(|changes| changes.at(place));
        let is_lit = share(&line.parts, &self.lit);
        let marked = match (theirs.and_then(|d| d.theirs.as_deref()), other) {
            (Some(theirs), _) => Some(differing_range(text, theirs).0),
            (None, Some(Other::Text(other))) => Some(differing_range(text, other).0),
            (None, _) => None,
        };
        let key = (step.number, block, index);
        let is_open = self.state.open == Some(key);
        let what = if line.word.is_empty() {
            &line.text
        } else {
            line.word
        };
        let name = format!("{what}: {}", line.why);
        let shown = StepLine {
            text,
            words: line.words,
            word: line.word,
            name: Some(&name),
            hue: line.hue.map(|part| t.provenance(part)),
            pieces: &line.pieces,
            emphasis: if is_different {
                Emphasis::Different
            } else if is_lit {
                Emphasis::Lit
            } else if other.is_some() {
                Emphasis::Changed
            } else {
                Emphasis::None
            },
            marked,
            is_quiet: is_empty || line.is_missing,
            ends_with_feed: line.ends_with_feed,
            are_invisibles_shown: self.state.are_invisibles_shown && line.is_verbatim,
            is_open,
            indent: if line.is_continued { 16.0 } else { 0.0 },
            ..StepLine::default()
        }
        .show(ui, scale);
        self.react(ui, key, line, &shown);
        if let Some(key) = &line.key {
            StepLine {
                text: key.expose(),
                is_quiet: true,
                is_kept: self.page.keys != KeyAccess::Examples,
                ..StepLine::default()
            }
            .show(ui, scale);
        }
        if let Some(theirs) = theirs {
            self.gateway_saw(ui, text, theirs);
        }
        match other {
            Some(Other::Text(other)) => self.other_line(ui, other, Some(text)),
            Some(Other::Nothing) => self.other_line(ui, NO_LINE, None),
            None => {}
        }
        for warning in &line.warnings {
            warning_note(ui, warning, scale);
        }
        if is_open {
            detail(ui, line, self.state, self.action);
        }
    }

    /// What follows from what was done to a line.
    fn react(&mut self, ui: &Ui, key: (u8, usize, usize), line: &Line, shown: &LineResponse) {
        if shown.is_hovered {
            self.state.hovered.clone_from(&line.parts);
        } else if shown.has_focus {
            self.focused.clone_from(&line.parts);
        }
        if self.is_wanted(key.0, &line.parts) {
            scroll_there(ui, &shown.response);
        }
        if shown.toggled {
            let closes = self.state.open == Some(key);
            self.state.open = (!closes).then_some(key);
            self.state.has_opened = !closes;
        }
        let scale = self.scale();
        // Beside the page: below it would hide the next lines.
        let mut tooltip = egui::Tooltip::for_enabled(&shown.response);
        tooltip.popup = tooltip
            .popup
            .align(egui::RectAlign::LEFT_START)
            .align_alternatives(&[egui::RectAlign::BOTTOM_START]);
        tooltip.show(|ui| {
            ui.set_max_width(ui.spacing().tooltip_width);
            ui.spacing_mut().item_spacing.y = 4.0;
            let t = Tokens::of(ui);
            let body = |text: &str| RichText::new(text).size(TEXT_BODY * scale.min(1.3));
            ui.label(body(line.rule));
            if !line.why.is_empty() {
                ui.label(body(&line.why).color(t.text_secondary));
            }
            ui.label(
                body("Press to open it: its rule, and the way to where it comes from")
                    .color(t.text_muted),
            );
            if let Some(bytes) = line.bytes {
                ui.label(
                    RichText::new(bytes_in_words(bytes))
                        .small()
                        .color(t.text_muted),
                );
            }
        });
    }

    fn gateway_saw(&self, ui: &mut Ui, ours: &str, differences: &Differences) {
        let (text, marked) = match &differences.theirs {
            Some(theirs) => (theirs.as_str(), Some(differing_range(ours, theirs).1)),
            None => (NO_LINE, None),
        };
        StepLine {
            text: if text.is_empty() { "(empty)" } else { text },
            word: "gateway saw",
            emphasis: Emphasis::Theirs,
            marked,
            is_quiet: text.is_empty() || differences.theirs.is_none(),
            are_invisibles_shown: self.state.are_invisibles_shown,
            ..StepLine::default()
        }
        .show(ui, self.scale());
    }

    /// What the other page has here.
    fn other_line(&self, ui: &mut Ui, text: &str, ours: Option<&str>) {
        StepLine {
            text: if text.is_empty() { "(empty)" } else { text },
            word: self.other,
            emphasis: Emphasis::Other,
            marked: ours.map(|ours| differing_range(ours, text).1),
            is_quiet: text.is_empty() || text == NO_LINE,
            are_invisibles_shown: self.state.are_invisibles_shown,
            ..StepLine::default()
        }
        .show(ui, self.scale());
    }

    /// The way to the bytes of the keys.
    fn keys(&mut self, ui: &mut Ui) {
        let scale = self.scale();
        if self.page.keys == KeyAccess::None {
            small_note(ui, "No key takes part before sending.", scale);
            return;
        }
        ui.add_space(6.0 * scale);
        let are_shown = self.state.are_keys_shown;
        let is_guarded = self.page.keys == KeyAccess::Guarded;
        let (text, icon) = match (are_shown, is_guarded) {
            (true, _) => ("Hide the keys", Icon::EyeOff),
            (false, true) => ("Show the keys…", Icon::Eye),
            (false, false) => ("Show the keys", Icon::Eye),
        };
        let tip = if is_guarded {
            "Asks first: whoever sees them can sign."
        } else {
            "These are the example credentials of AWS's documentation: no secret."
        };
        let button = Button::secondary(text).icon(icon).small().tip(tip);
        if ui.add(button).clicked() {
            if are_shown {
                self.state.are_keys_shown = false;
            } else if is_guarded {
                self.state.asks_for_keys = true;
            } else {
                self.state.are_keys_shown = true;
            }
            ui.request_repaint();
        }
    }
}

/// Moves the page to a line and gives it the keyboard.
fn scroll_there(ui: &Ui, response: &egui::Response) {
    response.request_focus();
    ui.scroll_to_rect_animation(
        response.rect,
        Some(egui::Align::Center),
        egui::style::ScrollAnimation::none(),
    );
}

/// What the comparison with the gateway says.
fn verdict(ui: &mut Ui, page: &Page, comparison: &Comparison) {
    let (tone, title, body) = match comparison {
        Comparison::None => return,
        Comparison::CanonicalRequest(differences) => (
            Tone::Danger,
            format!(
                "Line {} of the canonical request differs: {}",
                differences.first + 1,
                differences.what
            ),
            "The gateway computed another canonical request from what it received. The lines that differ are marked in step 1."
                .to_owned(),
        ),
        Comparison::StringToSign(differences) => (
            Tone::Danger,
            format!(
                "Line {} of the string to sign differs: {}",
                differences.first + 1,
                differences.what
            ),
            "The canonical requests are the same; the gateway signs with another time or scope. The line is marked in step 2."
                .to_owned(),
        ),
        Comparison::Same => {
            let who = page
                .facts
                .first()
                .map(|fact| format!(" of {}", fact.value))
                .unwrap_or_default();
            (
                Tone::Warning,
                "Canonical request and string to sign agree with the gateway's".to_owned(),
                format!(
                    "So the signing keys differ: the secret access key{who} is not the one that the gateway has for this key id."
                ),
            )
        }
    };
    ui.add_space(8.0);
    Banner::new(tone, &title).body(&body).show_plain(ui);
}

fn heading(ui: &mut Ui, step: &Step, scale: f32, action: &mut Option<SigningViewAction>) {
    let t = Tokens::of(ui);
    ui.add_space(20.0 * scale);
    let width = ui.available_width();
    let height = (24.0 * scale).max(24.0);
    let row = Layout::left_to_right(egui::Align::Center);
    ui.allocate_ui_with_layout(vec2(width, height), row, |ui| {
        ui.spacing_mut().item_spacing.x = 8.0 * scale;
        let side = 20.0 * scale;
        let (rect, _) = ui.allocate_exact_size(vec2(side, side), Sense::hover());
        ui.painter().rect(
            rect,
            CornerRadius::same((side / 2.0) as u8),
            egui::Color32::TRANSPARENT,
            Stroke::new(1.0, t.outline_hover),
            StrokeKind::Inside,
        );
        ui.painter().text(
            rect.center(),
            egui::Align2::CENTER_CENTER,
            step.number,
            bold(TEXT_SMALL * scale),
            t.text_secondary,
        );
        let name = RichText::new(step.name)
            .font(bold((TEXT_HEADING - 0.5) * scale))
            .color(t.text);
        let room = ui.available_width() - 64.0;
        ui.scope(|ui| {
            ui.set_max_width(room.max(40.0));
            ui.add(Label::new(name).selectable(false).truncate());
        });
        ui.with_layout(Layout::right_to_left(egui::Align::Center), |ui| {
            if let Some(copy) = &step.copy {
                let name = format!("Copy step {}", step.number);
                if ui.add(IconButton::new(Icon::Copy, &name).small()).clicked() {
                    *action = Some(SigningViewAction::Copy(copy.clone()));
                }
            }
            let name = format!("Step {} in AWS's document", step.number);
            if ui
                .add(IconButton::new(Icon::BookOpen, &name).small())
                .clicked()
            {
                ui.open_url(egui::OpenUrl::new_tab(step.doc.url));
            }
        });
    });
    ui.add_space(2.0 * scale);
    let rule = RichText::new(step.rule)
        .size(TEXT_BODY * scale)
        .color(t.text_muted);
    ui.label(rule);
    ui.add_space(8.0 * scale);
}

/// The ground on which the lines of a step stand.
fn ground(ui: &mut Ui, add_lines: impl FnOnce(&mut Ui)) {
    let t = Tokens::of(ui);
    let response = Frame::new()
        .fill(t.surface_sunken)
        .corner_radius(CornerRadius::same(CORNER))
        .inner_margin(Margin::symmetric(0, 4))
        .show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.spacing_mut().item_spacing.y = 0.0;
            add_lines(ui);
        });
    let rect: Rect = response.response.rect;
    ui.painter().rect_stroke(
        rect,
        CornerRadius::same(CORNER),
        Stroke::new(1.0, t.separator),
        StrokeKind::Inside,
    );
}

fn small_note(ui: &mut Ui, text: &str, scale: f32) {
    let t = Tokens::of(ui);
    ui.add_space(4.0 * scale);
    ui.label(
        RichText::new(text)
            .size(TEXT_SMALL * scale)
            .color(t.text_muted),
    );
}

/// What speaks against the line above.
fn warning_note(ui: &mut Ui, warning: &Warning, scale: f32) {
    let t = Tokens::of(ui);
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing.x = 6.0 * scale;
        ui.add_space(margin(scale) - 16.0 * scale);
        let size = 14.0 * scale;
        let (rect, _) = ui.allocate_exact_size(egui::Vec2::splat(size), Sense::hover());
        paint_icon(
            ui.painter(),
            rect.center(),
            Icon::TriangleAlert,
            size * 0.9,
            t.warning,
        );
        let text = RichText::new(&warning.text)
            .size(TEXT_SMALL * scale)
            .color(t.warning);
        ui.add(Label::new(text).wrap());
    });
    if let Some(link) = warning.link {
        link_button(ui, "Read more", link);
    }
}

/// A button that opens a page in the browser.
pub(super) fn link_button(ui: &mut Ui, text: &str, url: &str) {
    let button = Button::ghost(text)
        .icon(Icon::ExternalLink)
        .small()
        .tip(url);
    if ui.add(button).clicked() {
        ui.open_url(egui::OpenUrl::new_tab(url));
    }
}

/// A number of bytes in words.
pub(super) fn bytes_in_words(bytes: usize) -> String {
    if bytes == 1 {
        "1 byte".to_owned()
    } else {
        format!("{bytes} bytes")
    }
}
