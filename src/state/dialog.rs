//! Which dialog is open; what is typed in it belongs to the panel that shows it.

use super::TabId;
use crate::collection::ItemPath;

/// A dialog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Dialog {
    /// Type the path of a collection, or choose it.
    OpenCollection,
    /// Name a new request in a folder; with a tab, that tab's draft is saved there.
    NewRequest {
        /// The folder.
        folder: ItemPath,
        /// The tab whose draft gets the file.
        tab: Option<TabId>,
    },
    /// Name a new folder.
    NewFolder {
        /// The folder above.
        folder: ItemPath,
    },
    /// Another name.
    Rename {
        /// The item.
        path: ItemPath,
    },
    /// Delete for good?
    ConfirmDelete {
        /// The item.
        path: ItemPath,
    },
    /// Save, discard, or stay?
    UnsavedChanges {
        /// The tab.
        tab: TabId,
    },
    /// Close the window though something is not saved?
    QuitUnsaved,
    /// The variables of an environment.
    Environment {
        /// The environment.
        name: String,
    },
    /// The profiles.
    Profiles,
    /// What the practice gateway answered.
    GatewayLog,
}
