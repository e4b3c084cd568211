//! How everything looks: colours, type, spacing. The only place that names a colour.
//!
//! ```text
//! assets/theme/{dark,light}.toml ─▶ Tokens ─┬─▶ egui::Style, both themes whole   (install)
//!                                           └─▶ Tokens::of(ui) in every widget
//! ```

mod fonts;
mod icon;
mod metrics;
mod style;
mod tokens;

pub use fonts::{bold, code, icon_font};
pub use icon::window_icon;
pub use lucide_icons::Icon;
pub use metrics::{
    CONTROL_HEIGHT, CORNER, CORNER_SMALL, GRID, ICON, INSET, TAB_HEIGHT, TEXT_BODY, TEXT_HEADING,
    TEXT_MONO, TEXT_SMALL, TREE_HEIGHT,
};
pub use tokens::{
    CodeColours, MethodColours, Provenance, ProvenanceColours, StatusColours, Tokens,
};

/// Sets fonts and the styles of both themes. Once, before the first frame.
pub fn install(ctx: &egui::Context) {
    ctx.set_fonts(fonts::definitions());
    for theme in [egui::Theme::Dark, egui::Theme::Light] {
        ctx.set_style_of(theme, style::of(theme));
    }
}
