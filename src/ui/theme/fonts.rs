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
    for (name, font) in [
        (
            SANS,
            FontData::from_owned(without_glyph_classes(notosans::REGULAR_TTF)),
        ),
        (
            SANS_BOLD,
            FontData::from_owned(without_glyph_classes(notosans::BOLD_TTF)),
        ),
        (
            ICONS,
            FontData::from_static(lucide_icons::LUCIDE_FONT_BYTES),
        ),
    ] {
        fonts.font_data.insert(name.to_owned(), Arc::new(font));
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

/// This cut of Noto Sans classes the backtick, `U+0060`, as a combining mark, and it would be drawn
/// onto the letter before. Without the table of classes, `GDEF`, Unicode's own classes count. The
/// table is hidden by another tag at the same place of the sorted directory
/// ([OpenType, Table Directory](https://learn.microsoft.com/en-us/typography/opentype/spec/otff#table-directory)).
fn without_glyph_classes(font: &[u8]) -> Vec<u8> {
    let mut font = font.to_vec();
    let tables = usize::from(u16::from_be_bytes([
        font.get(4).copied().unwrap_or_default(),
        font.get(5).copied().unwrap_or_default(),
    ]));
    let directory = font.get_mut(12..12 + 16 * tables).unwrap_or_default();
    for record in directory.as_chunks_mut::<16>().0 {
        if record.starts_with(b"GDEF")
            && let Some(last) = record.get_mut(3)
        {
            *last = b'E';
        }
    }
    font
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backtick_takes_its_own_place() {
        let ctx = egui::Context::default();
        ctx.set_fonts(definitions());
        let mut widths = Vec::new();
        let mut output = ctx.run_ui(egui::RawInput::default(), |ui| {
            for font in [body(), bold(TEXT_BODY)] {
                for text in ["hh", "h`h"] {
                    let galley = ui.painter().layout_no_wrap(
                        text.to_owned(),
                        font.clone(),
                        egui::Color32::WHITE,
                    );
                    widths.push(galley.size().x);
                }
            }
        });
        output.textures_delta.clear();
        for pair in widths.as_chunks::<2>().0 {
            assert!(pair[1] > pair[0] + 2.0, "{pair:?}");
        }
    }
}
