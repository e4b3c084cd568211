//! Two voices: a humanist sans for the interface, a monospace for the wire; and icons.

use std::sync::Arc;

use egui::{FontData, FontDefinitions, FontFamily, FontId};

use super::metrics::{TEXT_BODY, TEXT_MONO};

const SANS: &str = "Noto Sans";
const SANS_BOLD: &str = "Noto Sans Bold";
const ICONS: &str = "Lucide";

/// The sans and its bold cut before egui's own fallbacks (Hack, emoji), and a family of icons.
/// What none of them has, the window asks the system for.
pub(super) fn definitions() -> FontDefinitions {
    let mut fonts = FontDefinitions::default();
    for (name, bytes) in [
        (SANS, notosans::REGULAR_TTF),
        (SANS_BOLD, notosans::BOLD_TTF),
        (ICONS, lucide_icons::LUCIDE_FONT_BYTES),
    ] {
        fonts
            .font_data
            .insert(name.to_owned(), Arc::new(FontData::from_static(bytes)));
    }
    let fallbacks = fonts
        .families
        .get(&FontFamily::Proportional)
        .cloned()
        .unwrap_or_default();
    let behind = |first: &[&str]| -> Vec<String> {
        first
            .iter()
            .map(|name| (*name).to_owned())
            .chain(fallbacks.iter().cloned())
            .collect()
    };
    fonts
        .families
        .insert(FontFamily::Proportional, behind(&[SANS]));
    fonts
        .families
        .insert(family(SANS_BOLD), behind(&[SANS_BOLD, SANS]));
    fonts
        .families
        .insert(family(ICONS), vec![ICONS.to_owned(), SANS.to_owned()]);
    if let Some(mono) = fonts.families.get_mut(&FontFamily::Monospace) {
        // Hack lacks some letters that the sans has.
        mono.insert(1, SANS.to_owned());
    }
    fonts
}

fn family(name: &'static str) -> FontFamily {
    FontFamily::Name(name.into())
}

/// The bold cut, for headings and what is chosen.
pub fn bold(size: f32) -> FontId {
    FontId::new(size, family(SANS_BOLD))
}

/// The font of [`super::Icon`].
pub fn icon_font(size: f32) -> FontId {
    FontId::new(size, family(ICONS))
}

/// The monospace, `scale` times as large.
pub fn code(scale: f32) -> FontId {
    FontId::monospace(TEXT_MONO * scale)
}

/// The sans, `scale` times as large.
pub(super) fn body() -> FontId {
    FontId::proportional(TEXT_BODY)
}
