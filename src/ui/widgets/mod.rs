//! The house's widgets: every panel is built from these, so that the window looks like one thing.
//!
//! They know egui and the theme, and no word of the domain. Each interactive one has a name for
//! screen readers, takes the keyboard, shows the focus ring and can carry a tooltip.

mod badge;
mod banner;
mod button;
mod check_box;
mod code_editor;
mod code_view;
mod dialog;
mod disclosure;
mod drop_down;
mod empty_state;
mod heading;
mod highlight;
mod icon_button;
mod json_colours;
mod key_value_table;
mod menu;
mod method_menu;
mod paint;
mod secret_field;
mod segmented;
mod split;
mod tab;
mod text_field;
mod toast;
mod tooltip;
mod tree_row;
mod wrap_index;

pub use badge::{Tone, badge, chip};
pub use banner::Banner;
pub use button::{Button, ButtonKind};
pub use check_box::CheckBox;
pub use code_editor::CodeEditor;
pub use code_view::{CodeLanguage, CodeView, Rows};
pub use dialog::{Dialog, DialogResponse};
pub use disclosure::Disclosure;
pub use drop_down::DropDown;
pub use empty_state::EmptyState;
pub use heading::{field_label, field_row, note, section_heading, section_heading_with};
pub use highlight::{Highlight, SpanKind, TextSpan, highlighted_job};
pub use icon_button::IconButton;
pub use json_colours::json_job;
pub use key_value_table::{EndSwitch, KeyValueChange, KeyValueRow, KeyValueTable, PointedRow};
pub use menu::{MenuItem, menu_button, menu_heading, menu_separator};
pub use method_menu::method_menu;
pub use paint::{focus_ring, horizontal_line, paint_icon, rich_icon};
pub use secret_field::SecretField;
pub use segmented::segmented;
pub use split::{Side, Split};
pub use tab::{Tab, TabResponse, tab_row};
pub use text_field::{PointedText, TextField};
pub use toast::{ToastId, Toasts};
pub use tooltip::WithTip;
pub use tree_row::{TreeRow, TreeRowResponse};
