//! Sizes, in points, on a grid of four.

/// The step of the grid.
pub const GRID: f32 = 4.0;
/// The space between a pane's edge and its content.
pub const INSET: f32 = 12.0;
/// The radius of controls.
pub const CORNER: u8 = 5;
/// The radius of small things: badges, tree rows.
pub const CORNER_SMALL: u8 = 4;
/// The height of a row in a tree or a menu.
pub const TREE_HEIGHT: f32 = 28.0;
/// The height of inputs and buttons.
pub const CONTROL_HEIGHT: f32 = 32.0;
/// The height of a row of tabs and of a status line.
pub const TAB_HEIGHT: f32 = 36.0;
/// The size of an icon.
pub const ICON: f32 = 16.0;
/// The size of interface text.
pub const TEXT_BODY: f32 = 13.5;
/// The size of badges and notes.
pub const TEXT_SMALL: f32 = 12.0;
/// The size of headings.
pub const TEXT_HEADING: f32 = 15.0;
/// The size of everything that goes over the wire.
pub const TEXT_MONO: f32 = 12.5;
