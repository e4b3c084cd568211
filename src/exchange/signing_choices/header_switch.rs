//! The switch of each header: signed or not, written into the two lists.

use super::{ChoiceName, set, without};
use crate::collection::Variable;
use crate::sigv4::{HeaderChoice, Placement, SignedHeadersRule, choose_headers};
use crate::template::{Origin, Value, VariableSet};

/// Switches headers where variables are edited.
#[derive(Clone, Copy, Debug)]
pub struct HeaderSwitch<'a> {
    /// The variables that are seen there.
    pub variables: &'a VariableSet,
    /// The place that is edited.
    pub place: &'a Origin,
    /// Where the signature goes: a presigned URL signs fewer headers by default.
    pub placement: Placement,
}

impl HeaderSwitch<'_> {
    /// Whether a header (lower-case name) can be switched at all.
    pub fn can_switch(&self, header: &str) -> bool {
        let rule = SignedHeadersRule {
            signed: vec![header.to_owned()],
            ..SignedHeadersRule::default()
        };
        self.choice(header, &rule)
            .is_some_and(|choice| choice.is_signed)
    }

    /// Signs a header (lower-case name), or leaves it out. What the rules say by themselves is not
    /// written down: the name goes from the lists, and a list that says what is inherited goes as
    /// a whole. `true` when the variables changed.
    pub fn switch(&self, own: &mut Vec<Variable>, header: &str, is_signed: bool) -> bool {
        let by_default = self
            .choice(header, &SignedHeadersRule::default())
            .is_some_and(|choice| choice.is_signed);
        let mut changed = false;
        for (list, is_listed) in [
            (ChoiceName::SignedHeaders, is_signed && !by_default),
            (ChoiceName::UnsignedHeaders, !is_signed && by_default),
        ] {
            let inherited = without(self.place, self.variables);
            let inherited = text(&inherited, list).unwrap_or_default();
            let now = text(self.variables, list).unwrap_or_default();
            let mut names = names(now);
            names.retain(|name| !name.eq_ignore_ascii_case(header));
            if is_listed {
                names.push(header);
            }
            let value = Some(names.join(", ")).filter(|_| names != self::names(inherited));
            changed |= set(own, list.variable(), value.as_deref());
        }
        changed
    }

    fn choice(&self, header: &str, rule: &SignedHeadersRule) -> Option<HeaderChoice> {
        choose_headers([header], rule, self.placement).pop()
    }
}

/// The text of a list, variables in it not filled in.
fn text(variables: &VariableSet, list: ChoiceName) -> Option<&str> {
    match variables.lookup(list.variable())? {
        (Value::Plain(text), _) => Some(text),
        (Value::Secret(_) | Value::SecretNotAtHand, _) => None,
    }
}

fn names(list: &str) -> Vec<&str> {
    list.split([',', ';', ' '])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .collect()
}
