//! What is kept between runs: the only thing that the window hands to eframe.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde::{Deserialize, Serialize};

/// The settings' form; one that is newer than this is not read.
pub const SETTINGS_VERSION: u32 = 1;

/// The side bar's width at first.
const SIDEBAR_WIDTH: f32 = 280.0;

/// The side bar is no narrower.
pub const SIDEBAR_LEAST: f32 = 180.0;

/// The side bar is no wider.
pub const SIDEBAR_MOST: f32 = 440.0;

/// Which colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ThemeChoice {
    /// As the desktop says.
    #[default]
    System,
    /// Dark.
    Dark,
    /// Light.
    Light,
}

/// Preferences. No secret, no request and no answer is ever in here.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Settings {
    /// The form of this struct.
    pub version: u32,
    /// The colours.
    pub theme: ThemeChoice,
    /// Whether everything is drawn large.
    pub presenter: bool,
    /// The collection that was open last.
    pub last_collection: Option<PathBuf>,
    /// The environment chosen in each collection, by the collection's id.
    pub environments: BTreeMap<String, String>,
    /// The editor's share of the height.
    pub editor_share: f32,
    /// The answer's share of the width beside the signing view.
    pub response_share: f32,
    /// The side bar's width in points.
    pub sidebar_width: f32,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            version: SETTINGS_VERSION,
            theme: ThemeChoice::default(),
            presenter: false,
            last_collection: None,
            environments: BTreeMap::new(),
            editor_share: 0.3,
            response_share: 0.5,
            sidebar_width: SIDEBAR_WIDTH,
        }
    }
}

impl Settings {
    /// Takes over what an earlier run kept; settings of a newer form are left alone and the
    /// defaults count.
    #[must_use]
    pub fn checked(self) -> Self {
        if self.version > SETTINGS_VERSION {
            return Self::default();
        }
        Self {
            version: SETTINGS_VERSION,
            editor_share: share(self.editor_share, 0.3),
            response_share: share(self.response_share, 0.5),
            sidebar_width: if self.sidebar_width.is_finite() {
                self.sidebar_width.clamp(SIDEBAR_LEAST, SIDEBAR_MOST)
            } else {
                SIDEBAR_WIDTH
            },
            ..self
        }
    }
}

/// A share that leaves room for both sides.
fn share(value: f32, fallback: f32) -> f32 {
    if value.is_finite() {
        value.clamp(0.1, 0.9)
    } else {
        fallback
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn old_settings_are_read_and_newer_ones_left_alone() {
        let old: Settings =
            serde_json::from_str(r#"{"theme":"dark","editor_share":7.0,"sidebar_width":9.0}"#)
                .unwrap();
        let old = old.checked();
        assert_eq!(old.theme, ThemeChoice::Dark);
        assert!((old.editor_share - 0.9).abs() < f32::EPSILON);
        assert!((old.sidebar_width - SIDEBAR_LEAST).abs() < f32::EPSILON);
        let newer: Settings = serde_json::from_str(r#"{"version":99,"theme":"dark"}"#).unwrap();
        assert_eq!(newer.checked(), Settings::default());
    }
}
