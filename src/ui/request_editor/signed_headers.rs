//! The switch at each header: signed or not, and why.

use crate::collection::Variable;
use crate::exchange::{HeaderSwitch, ReadyPreview, SigningPreview};
use crate::request::{HeaderSource, ResolvedRequest};
use crate::sigv4::HeaderChoice;
use crate::state::Derived;
use crate::template::Origin;
use crate::ui::widgets::{EndSwitch, KeyValueChange, KeyValueTable};

/// What is known of the draft's signature; without one there are no switches.
pub(super) struct SignedHeaders<'a>(Option<Known<'a>>);

struct Known<'a> {
    request: &'a ResolvedRequest,
    ready: &'a ReadyPreview,
    switch: HeaderSwitch<'a>,
}

impl<'a> SignedHeaders<'a> {
    /// That of a draft.
    pub(super) fn of(derived: Option<&'a Derived>) -> Self {
        let known = derived.and_then(|derived| {
            let request = derived.preview.request.as_ref().ok()?;
            let SigningPreview::Ready(ready) = &derived.preview.signing else {
                return None;
            };
            Some(Known {
                request,
                ready,
                switch: HeaderSwitch {
                    variables: &derived.variables,
                    place: &Origin::Request,
                    placement: ready.steps.settings.placement,
                },
            })
        });
        Self(known)
    }

    /// The table with the column for the switches, if there are any.
    pub(super) fn column<'t>(&self, table: KeyValueTable<'t>) -> KeyValueTable<'t> {
        match self.0 {
            Some(_) => table.end_switch("Signed"),
            None => table,
        }
    }

    /// The switches of the draft's own rows; none for a row that is not sent.
    pub(super) fn of_rows(&self, rows: usize) -> Vec<Option<EndSwitch>> {
        let name = |row| self.name_of_row(row);
        (0..rows).map(|row| self.of_header(name(row)?)).collect()
    }

    /// The switch of a header (lower-case name).
    pub(super) fn of_header(&self, name: &str) -> Option<EndSwitch> {
        let choice = self.choice(name)?;
        Some(EndSwitch {
            is_on: choice.is_signed,
            is_enabled: self.0.as_ref()?.switch.can_switch(name),
            name: format!("Sign {name}"),
            tip: choice.reason.to_owned(),
        })
    }

    /// Follows a change of the draft's own rows.
    pub(super) fn follow_row(&self, own: &mut Vec<Variable>, change: KeyValueChange) {
        if let KeyValueChange::EndSwitched(row) = change
            && let Some(name) = self.name_of_row(row)
        {
            self.switch(own, name);
        }
    }

    /// Signs a header that is not signed, and the other way round.
    pub(super) fn switch(&self, own: &mut Vec<Variable>, name: &str) {
        if let (Some(known), Some(choice)) = (&self.0, self.choice(name)) {
            known.switch.switch(own, name, !choice.is_signed);
        }
    }

    fn choice(&self, name: &str) -> Option<&HeaderChoice> {
        let choices = &self.0.as_ref()?.ready.steps.header_choices;
        choices.iter().find(|choice| choice.name == name)
    }

    /// The name under which a row is sent.
    fn name_of_row(&self, row: usize) -> Option<&str> {
        let headers = self.0.as_ref()?.request.headers();
        headers
            .iter()
            .find(|header| header.source == HeaderSource::Row(row))
            .map(|header| header.name.as_str())
    }
}
