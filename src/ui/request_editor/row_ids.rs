//! Ids that stay with the rows of a table while they are shown, so that the keyboard stays in the
//! row that it is in when another one goes.

use crate::ui::widgets::KeyValueChange;

/// One id for each row, in the rows' order.
#[derive(Debug, Default)]
pub(in crate::ui) struct RowIds {
    ids: Vec<u64>,
}

impl RowIds {
    /// The ids of so many rows; rows that came from elsewhere get new ones at the end.
    pub(in crate::ui) fn of(&mut self, rows: usize) -> &[u64] {
        self.ids.truncate(rows);
        while self.ids.len() < rows {
            self.ids.push(self.next());
        }
        &self.ids
    }

    /// Follows what was done to the table.
    pub(in crate::ui) fn follow(&mut self, change: KeyValueChange) {
        match change {
            KeyValueChange::Removed(index) if index < self.ids.len() => {
                self.ids.remove(index);
            }
            KeyValueChange::Added(_) => self.ids.push(self.next()),
            KeyValueChange::Removed(_)
            | KeyValueChange::Edited(_)
            | KeyValueChange::Toggled(_)
            | KeyValueChange::EndSwitched(_) => {}
        }
    }

    /// The id that the table gives to a new row: one above all others.
    fn next(&self) -> u64 {
        self.ids.iter().max().map_or(0, |most| most + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_stay_with_their_rows() {
        let mut ids = RowIds::default();
        assert_eq!(ids.of(3), [0, 1, 2]);
        ids.follow(KeyValueChange::Removed(0));
        assert_eq!(ids.of(2), [1, 2]);
        ids.follow(KeyValueChange::Added(2));
        assert_eq!(ids.of(3), [1, 2, 3]);
        assert_eq!(ids.of(4), [1, 2, 3, 4]);
    }
}
