//! egui's style, whole, from the tokens.

use egui::epaint::Shadow;
use egui::style::{ScrollStyle, Selection, Spacing, TextCursorStyle, WidgetVisuals, Widgets};
use egui::{
    Color32, CornerRadius, FontFamily, FontId, Margin, Stroke, Style, TextStyle, Theme, Visuals,
    vec2,
};

use super::Tokens;
use super::fonts;
use super::metrics::{CORNER, GRID, INSET, TEXT_HEADING, TEXT_MONO, TEXT_SMALL, TREE_HEIGHT};

/// The style of a theme.
pub(super) fn of(theme: Theme) -> Style {
    let tokens = Tokens::for_theme(theme);
    Style {
        text_styles: [
            (TextStyle::Body, fonts::body()),
            (TextStyle::Button, fonts::body()),
            (
                TextStyle::Small,
                FontId::new(TEXT_SMALL, FontFamily::Proportional),
            ),
            (TextStyle::Heading, fonts::bold(TEXT_HEADING)),
            (
                TextStyle::Monospace,
                FontId::new(TEXT_MONO, FontFamily::Monospace),
            ),
        ]
        .into(),
        spacing: spacing(),
        visuals: visuals(theme, tokens),
        // Nothing moves unless the user did something, and then at once.
        animation_time: 0.0,
        ..Style::default()
    }
}

fn spacing() -> Spacing {
    Spacing {
        item_spacing: vec2(2.0 * GRID, GRID),
        window_margin: Margin::same(INSET as i8),
        button_padding: vec2(INSET, GRID),
        menu_margin: Margin::same(GRID as i8),
        indent: 16.0,
        interact_size: vec2(TREE_HEIGHT, 24.0),
        combo_width: 96.0,
        text_edit_width: 240.0,
        icon_width: 16.0,
        icon_width_inner: 10.0,
        icon_spacing: 2.0 * GRID,
        tooltip_width: 360.0,
        menu_width: 320.0,
        menu_spacing: GRID,
        combo_height: 320.0,
        scroll: ScrollStyle {
            bar_width: 8.0,
            floating_width: 6.0,
            handle_min_length: 24.0,
            foreground_color: false,
            dormant_handle_opacity: 1.0,
            ..ScrollStyle::floating()
        },
        ..Spacing::default()
    }
}

fn visuals(theme: Theme, t: &Tokens) -> Visuals {
    let shadow = Shadow {
        offset: [0, 6],
        blur: 20,
        spread: 0,
        color: t.shadow,
    };
    Visuals {
        override_text_color: None,
        weak_text_color: Some(t.text_muted),
        widgets: widgets(t),
        selection: Selection {
            bg_fill: t.text_selection,
            stroke: Stroke::new(1.0, t.text),
        },
        hyperlink_color: t.accent,
        faint_bg_color: t.hover,
        extreme_bg_color: t.surface_sunken,
        text_edit_bg_color: Some(t.surface_sunken),
        code_bg_color: t.surface_sunken,
        warn_fg_color: t.warning,
        error_fg_color: t.danger,
        window_corner_radius: CornerRadius::same(CORNER + 1),
        window_shadow: shadow,
        window_fill: t.surface_raised,
        window_stroke: Stroke::new(1.0, t.outline),
        menu_corner_radius: CornerRadius::same(CORNER + 1),
        panel_fill: t.surface,
        popup_shadow: shadow,
        text_cursor: TextCursorStyle {
            stroke: Stroke::new(1.5, t.accent),
            // A blinking cursor would draw frames without end.
            blink: false,
            ..TextCursorStyle::default()
        },
        button_frame: true,
        collapsing_header_frame: false,
        indent_has_left_vline: false,
        striped: false,
        image_loading_spinners: false,
        ..match theme {
            Theme::Dark => Visuals::dark(),
            Theme::Light => Visuals::light(),
        }
    }
}

fn widgets(t: &Tokens) -> Widgets {
    let state = |fill: Color32, outline: Color32, text: Color32| WidgetVisuals {
        bg_fill: fill,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, outline),
        corner_radius: CornerRadius::same(CORNER),
        fg_stroke: Stroke::new(1.0, text),
        expansion: 0.0,
    };
    Widgets {
        noninteractive: state(t.surface, t.separator, t.text),
        inactive: WidgetVisuals {
            // What egui draws with `bg_fill` (check boxes, sliders) needs one; buttons do not.
            bg_fill: t.pressed,
            ..state(Color32::TRANSPARENT, t.outline, t.text_secondary)
        },
        hovered: state(t.hover, t.outline_hover, t.text),
        active: state(t.pressed, t.focus, t.text),
        open: state(t.hover, t.outline_hover, t.text),
    }
}
