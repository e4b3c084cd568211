//! Colours by what they mean.

use std::sync::LazyLock;

use egui::{Color32, Theme};
use serde::{Deserialize as _, Deserializer, de::Error as _};

static DARK: LazyLock<Tokens> =
    LazyLock::new(|| read(include_str!("../../../assets/theme/dark.toml")));
static LIGHT: LazyLock<Tokens> =
    LazyLock::new(|| read(include_str!("../../../assets/theme/light.toml")));

fn read(text: &str) -> Tokens {
    toml::from_str(text).expect("the embedded theme files are checked by a test")
}

fn colour<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Color32, D::Error> {
    let text = String::deserialize(deserializer)?;
    Color32::from_hex(&text)
        .map_err(|error| D::Error::custom(format!("`{text}` is no colour: {error:?}")))
}

macro_rules! colours {
    ($(#[$of:meta])* $name:ident { $($(#[$doc:meta])* $field:ident,)* $(; $($(#[$group_doc:meta])* $group:ident: $type:ty,)*)? }) => {
        $(#[$of])*
        #[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $($(#[$doc])* #[serde(deserialize_with = "colour")] pub $field: Color32,)*
            $($($(#[$group_doc])* pub $group: $type,)*)?
        }
    };
}

colours! {
    /// Every colour of a theme. Text colours reach 4.5 : 1 on the surfaces they stand on.
    Tokens {
        /// Side bar, title bar, status bar.
        surface_side,
        /// Panes.
        surface,
        /// Inputs and code.
        surface_sunken,
        /// Menus, dialogs, tooltips.
        surface_raised,
        /// Lines between panes and rows.
        separator,
        /// Lines around inputs.
        outline,
        /// The same under the pointer.
        outline_hover,
        /// What is read first.
        text,
        /// Labels and what stands beside the first.
        text_secondary,
        /// Notes, hints, line numbers.
        text_muted,
        /// What cannot be used now.
        text_disabled,
        /// The thing to do next, and what is chosen.
        accent,
        /// The same under the pointer.
        accent_hover,
        /// The same while pressed.
        accent_pressed,
        /// Text on the accent.
        on_accent,
        /// The ring around what has the keyboard.
        focus,
        /// A fill under the pointer.
        hover,
        /// A fill while pressed.
        pressed,
        /// A fill behind what is chosen.
        selected,
        /// Behind selected text.
        text_selection,
        /// Over everything behind a dialog.
        scrim,
        /// Below menus and dialogs.
        shadow,
        /// It went well.
        success,
        /// A row that went well.
        success_tint,
        /// Take care.
        warning,
        /// A row to take care of.
        warning_tint,
        /// It went wrong, or cannot be undone.
        danger,
        /// A row that is wrong.
        danger_tint,
        /// A button that destroys.
        danger_fill,
        /// Text on such a button.
        on_danger,
        /// A note.
        info,
        /// A row with a note.
        info_tint,
        ;
        /// Methods.
        method: MethodColours,
        /// Status codes.
        status: StatusColours,
        /// Parts of a request.
        provenance: ProvenanceColours,
        /// Code.
        code: CodeColours,
    }
}

colours! {
    /// Colours of the methods' names.
    MethodColours {
        /// GET.
        get,
        /// POST.
        post,
        /// PUT.
        put,
        /// PATCH.
        patch,
        /// DELETE.
        delete,
        /// Any other.
        other,
    }
}

colours! {
    /// Colours of the status codes, by hundreds.
    StatusColours {
        /// 1xx.
        informational,
        /// 2xx.
        success,
        /// 3xx.
        redirect,
        /// 4xx.
        client_error,
        /// 5xx.
        server_error,
    }
}

colours! {
    /// The five hues that tell parts of a request apart, the same wherever they are shown.
    ProvenanceColours {
        /// The method.
        method,
        /// The path.
        path,
        /// The query.
        query,
        /// A header.
        header,
        /// The body.
        body,
    }
}

colours! {
    /// Colours of code.
    CodeColours {
        /// A name in an object.
        key,
        /// A string.
        string,
        /// A number.
        number,
        /// `true`, `false`, `null`.
        keyword,
        /// Brackets, commas, colons.
        punctuation,
        /// Line numbers.
        line_number,
        /// A variable that has a value.
        variable,
        /// Behind such a variable.
        variable_tint,
        /// A variable that has none.
        unknown_variable,
        /// Behind such a variable.
        unknown_variable_tint,
        /// Behind what a search found.
        search_tint,
    }
}

/// A part of a request that a line can come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Provenance {
    /// The method.
    Method,
    /// The path.
    Path,
    /// The query.
    Query,
    /// A header.
    Header,
    /// The body.
    Body,
}

impl Tokens {
    /// Those of the theme in which a `Ui` is drawn.
    pub fn of(ui: &egui::Ui) -> &'static Self {
        Self::for_theme(if ui.visuals().dark_mode {
            Theme::Dark
        } else {
            Theme::Light
        })
    }

    /// Those of a theme.
    pub fn for_theme(theme: Theme) -> &'static Self {
        match theme {
            Theme::Dark => &DARK,
            Theme::Light => &LIGHT,
        }
    }

    /// The colour of a method's name.
    pub fn method(&self, method: &str) -> Color32 {
        match method {
            "GET" => self.method.get,
            "POST" => self.method.post,
            "PUT" => self.method.put,
            "PATCH" => self.method.patch,
            "DELETE" => self.method.delete,
            _ => self.method.other,
        }
    }

    /// The colour of a status code.
    pub fn status(&self, status: u16) -> Color32 {
        match status {
            200..300 => self.status.success,
            300..400 => self.status.redirect,
            400..500 => self.status.client_error,
            500..600 => self.status.server_error,
            _ => self.status.informational,
        }
    }

    /// The hue of a part of a request.
    pub fn provenance(&self, part: Provenance) -> Color32 {
        match part {
            Provenance::Method => self.provenance.method,
            Provenance::Path => self.provenance.path,
            Provenance::Query => self.provenance.query,
            Provenance::Header => self.provenance.header,
            Provenance::Body => self.provenance.body,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use egui::Rgba;

    /// A tint as it looks on a surface.
    fn over(tint: Color32, surface: Color32) -> Color32 {
        surface.blend(tint)
    }

    /// The contrast ratio of WCAG 2.2.
    fn contrast(a: Color32, b: Color32) -> f32 {
        let luminance = |colour: Color32| {
            let rgba = Rgba::from(colour);
            0.2126 * rgba.r() + 0.7152 * rgba.g() + 0.0722 * rgba.b()
        };
        let (a, b) = (luminance(a), luminance(b));
        (a.max(b) + 0.05) / (a.min(b) + 0.05)
    }

    #[test]
    fn black_on_white_is_21_to_1() {
        assert!((contrast(Color32::BLACK, Color32::WHITE) - 21.0).abs() < 0.01);
    }

    #[test]
    fn text_can_be_read_on_every_surface() {
        for theme in [Theme::Dark, Theme::Light] {
            let t = Tokens::for_theme(theme);
            let surfaces = [
                t.surface,
                t.surface_side,
                t.surface_sunken,
                t.surface_raised,
                over(t.hover, t.surface),
                over(t.selected, t.surface_side),
            ];
            let mut wrong = Vec::new();
            let mut check = |name: &str, text: Color32, surface: Color32, least: f32| {
                let ratio = contrast(text, surface);
                if ratio < least {
                    wrong.push(format!(
                        "{theme:?}: {name} on {surface:?} is only {ratio:.2}"
                    ));
                }
            };
            for surface in surfaces {
                for (name, text) in [
                    ("text", t.text),
                    ("text_secondary", t.text_secondary),
                    ("text_muted", t.text_muted),
                    ("accent", t.accent),
                    ("success", t.success),
                    ("warning", t.warning),
                    ("danger", t.danger),
                    ("info", t.info),
                    ("get", t.method.get),
                    ("post", t.method.post),
                    ("put", t.method.put),
                    ("patch", t.method.patch),
                    ("delete", t.method.delete),
                    ("other", t.method.other),
                    ("1xx", t.status.informational),
                    ("3xx", t.status.redirect),
                    ("4xx", t.status.client_error),
                    ("5xx", t.status.server_error),
                    ("from the method", t.provenance.method),
                    ("from the path", t.provenance.path),
                    ("from the query", t.provenance.query),
                    ("from a header", t.provenance.header),
                    ("from the body", t.provenance.body),
                ] {
                    check(name, text, surface, 4.5);
                }
                check("focus ring", t.focus, surface, 3.0);
            }
            for (name, text) in [
                ("key", t.code.key),
                ("string", t.code.string),
                ("number", t.code.number),
                ("keyword", t.code.keyword),
                ("punctuation", t.code.punctuation),
            ] {
                check(name, text, t.surface_sunken, 4.5);
                check(name, text, t.surface, 4.5);
            }
            check("line_number", t.code.line_number, t.surface_sunken, 3.0);
            for (name, text, tint) in [
                ("success row", t.success, t.success_tint),
                ("warning row", t.warning, t.warning_tint),
                ("danger row", t.danger, t.danger_tint),
                ("info row", t.info, t.info_tint),
                ("variable", t.code.variable, t.code.variable_tint),
                (
                    "unknown variable",
                    t.code.unknown_variable,
                    t.code.unknown_variable_tint,
                ),
                ("text in a danger row", t.text, t.danger_tint),
                ("note in a danger row", t.text_muted, t.danger_tint),
                ("found text", t.text, t.code.search_tint),
                ("selected text", t.text, t.text_selection),
            ] {
                check(name, text, over(tint, t.surface_sunken), 4.5);
            }
            check("on_accent", t.on_accent, t.accent, 4.5);
            check("on_accent, hover", t.on_accent, t.accent_hover, 4.5);
            check("on_accent, pressed", t.on_accent, t.accent_pressed, 4.5);
            check("on_danger", t.on_danger, t.danger_fill, 4.5);
            assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
    }

    #[test]
    fn the_five_hues_differ() {
        for theme in [Theme::Dark, Theme::Light] {
            let p = &Tokens::for_theme(theme).provenance;
            let hues = [p.method, p.path, p.query, p.header, p.body];
            for (i, a) in hues.iter().enumerate() {
                for b in &hues[i + 1..] {
                    let distance: i32 = (0..3)
                        .map(|c| (i32::from(a[c]) - i32::from(b[c])).abs())
                        .sum();
                    assert!(distance > 60, "{theme:?}: {a:?} and {b:?}");
                }
            }
        }
    }
}
