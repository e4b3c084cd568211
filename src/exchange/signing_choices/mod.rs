//! The choices of signing as a form shows them: what counts, where it comes from, what is wrong
//! with it, and how a request says otherwise.
//!
//! They stand in the reserved `sigv4.*` variables, so they come from wherever variables do: the
//! request, a folder, the environment, the collection.

mod choice_name;
mod header_switch;

use strum::IntoEnumIterator as _;

pub use choice_name::ChoiceName;
pub use header_switch::HeaderSwitch;

use super::{DraftPreview, SigningPreview};
use crate::collection::{Variable, VariableValue};
use crate::request::{ResolvedAuth, SigningChoice};
use crate::sigv4::{
    Algorithm, DEFAULT_EXPIRES, Placement, SigningOverrides, SigningSettings, facts_of_host,
};
use crate::template::{Origin, Reveal, TemplateError, Value, VariableSet};

/// All choices of a request, or of what a folder hands down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SigningChoices {
    /// The service whose rules are the defaults; `None` while it is not known.
    pub service: Option<String>,
    /// One row for each choice, in the order of the form.
    pub rows: Vec<ChoiceRow>,
    /// Reserved variables that nobody understands, in words.
    pub not_understood: Vec<String>,
}

/// A choice: what counts and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceRow {
    /// Which one.
    pub name: ChoiceName,
    /// What counts, as the variable would say it; what the variable holds if that cannot be read.
    pub value: String,
    /// What counts if no variable says anything.
    pub default: String,
    /// What would count if the place that is edited said nothing.
    pub inherited: String,
    /// Where the value stands; `None` for the default.
    pub origin: Option<Origin>,
    /// The text of the place that is edited, variables not filled in.
    pub own: Option<String>,
    /// Why the value cannot be used.
    pub problem: Option<String>,
    /// Whether it matters, as the other choices are.
    pub is_in_use: bool,
}

impl ChoiceRow {
    /// Whether it is other than what the service's rules say.
    pub fn differs(&self) -> bool {
        self.is_in_use && self.value != self.default
    }
}

impl SigningChoices {
    /// Those of a request: the variables that it sees, and what they came to.
    pub fn of(variables: &VariableSet, preview: &DraftPreview) -> Self {
        Self::edited_at(&Origin::Request, variables, service_of(preview))
    }

    /// Those that are seen from one of the places where variables stand, to be edited there.
    pub fn edited_at(place: &Origin, variables: &VariableSet, service: Option<String>) -> Self {
        let rules = service.clone().unwrap_or_default();
        let reading = Reading::of(variables, &rules);
        let above = without(place, variables);
        let inherited = Reading::of(&above, &rules);
        let own = |name: ChoiceName| {
            let scopes = variables.scopes().iter();
            let mut values = scopes
                .filter(|scope| scope.origin == *place)
                .flat_map(|scope| scope.variables.iter().rev());
            let (_, value) = values.find(|(found, _)| found == name.variable())?;
            match value {
                Value::Plain(text) => Some(text.clone()),
                Value::Secret(_) | Value::SecretNotAtHand => None,
            }
        };
        let is_query = reading.settings.placement.is_query();
        let is_asymmetric = reading.settings.algorithm == Algorithm::EcdsaP256Sha256;
        let rows = ChoiceName::iter()
            .map(|name| {
                let own = own(name);
                let is_in_use = match name {
                    ChoiceName::Expires => is_query,
                    ChoiceName::RegionSet => is_asymmetric,
                    ChoiceName::ContentSha256Header => !is_query,
                    _ => true,
                };
                ChoiceRow {
                    name,
                    value: reading.shown(name),
                    default: reading.rule(name),
                    inherited: inherited.shown(name),
                    origin: variables
                        .lookup(name.variable())
                        .map(|(_, origin)| origin.clone()),
                    problem: reading.problem(name).map(str::to_owned),
                    own,
                    is_in_use,
                }
            })
            .collect();
        Self {
            service,
            rows,
            not_understood: reading.overrides.not_understood,
        }
    }

    /// The row of a choice.
    pub fn row(&self, name: ChoiceName) -> Option<&ChoiceRow> {
        self.rows.iter().find(|row| row.name == name)
    }

    /// The first thing that keeps a choice from being used, with the choice's title.
    pub fn problem(&self) -> Option<String> {
        self.rows.iter().find_map(|row| {
            let problem = row.problem.as_deref()?;
            Some(format!("{}: {problem}", row.name.title()))
        })
    }

    /// Where a row's value comes from, in words.
    pub fn origin_of(&self, row: &ChoiceRow) -> String {
        match (&row.origin, &self.service) {
            (Some(origin), _) => origin.to_string(),
            (None, Some(service)) => format!("default for {service}"),
            (None, None) => "default".to_owned(),
        }
    }

    /// For how many seconds a presigned URL of this request would count.
    pub fn expires(&self) -> u32 {
        self.row(ChoiceName::Expires)
            .filter(|row| row.problem.is_none())
            .and_then(|row| row.value.parse().ok())
            .unwrap_or(DEFAULT_EXPIRES)
    }

    /// All of it in a line, and whether it is what the service expects.
    pub fn summary(&self) -> String {
        let value = |name| self.row(name).map_or("", |row| row.value.as_str());
        let differs = |name| self.row(name).is_some_and(ChoiceRow::differs);
        let mut parts = vec![match value(ChoiceName::Placement) {
            "query" => format!("Presigned URL for {} s", value(ChoiceName::Expires)),
            _ => "Header".to_owned(),
        }];
        if value(ChoiceName::Algorithm) == Algorithm::EcdsaP256Sha256.name() {
            parts.push(match value(ChoiceName::RegionSet) {
                "" => "SigV4a".to_owned(),
                regions => format!("SigV4a for {regions}"),
            });
        }
        parts.push(match value(ChoiceName::Payload) {
            "unsigned" => "payload not signed".to_owned(),
            _ => "payload signed".to_owned(),
        });
        parts.push(match value(ChoiceName::DoubleEncode) {
            "false" => "path encoded once".to_owned(),
            _ => "path encoded twice".to_owned(),
        });
        if differs(ChoiceName::NormalizePath) {
            parts.push(match value(ChoiceName::NormalizePath) {
                "false" => "path segments kept".to_owned(),
                _ => "path normalised".to_owned(),
            });
        }
        if differs(ChoiceName::ContentSha256Header) {
            parts.push(match value(ChoiceName::ContentSha256Header) {
                "true" => "with x-amz-content-sha256".to_owned(),
                _ => "without x-amz-content-sha256".to_owned(),
            });
        }
        match value(ChoiceName::SessionToken) {
            "unsigned" => parts.push("session token not signed".to_owned()),
            "omit" => parts.push("session token left out".to_owned()),
            _ => {}
        }
        for (name, words) in [
            (ChoiceName::SignedHeaders, "with"),
            (ChoiceName::UnsignedHeaders, "without"),
            (ChoiceName::Host, "signed for"),
        ] {
            if differs(name) {
                parts.push(format!("{words} {}", value(name)));
            }
        }
        if differs(ChoiceName::ClockOffset) {
            parts.push(format!(
                "clock {} s",
                signed(value(ChoiceName::ClockOffset))
            ));
        }
        format!("{} — {}", parts.join(", "), self.verdict())
    }

    /// Whether this is what the service expects, and if not, where it differs.
    fn verdict(&self) -> String {
        let service = self.service.as_deref().unwrap_or("the service");
        let mut others: Vec<String> = self
            .rows
            .iter()
            // The URL's time is part of its placement.
            .filter(|row| row.differs() && row.name != ChoiceName::Expires)
            .map(|row| match row.name {
                ChoiceName::SignedHeaders | ChoiceName::UnsignedHeaders => {
                    "signed headers".to_owned()
                }
                name => name.title().to_lowercase(),
            })
            .collect();
        others.dedup();
        if others.is_empty() {
            format!("what {service} expects")
        } else {
            format!("not the default for {service}: {}", others.join(", "))
        }
    }

    /// Chooses a value where variables are edited, `None` for what is inherited; what is inherited
    /// anyway is not written down. What only went with the old value goes too. `true` when the
    /// variables changed.
    pub fn choose(
        &self,
        variables: &mut Vec<Variable>,
        name: ChoiceName,
        value: Option<&str>,
    ) -> bool {
        let inherited = self.row(name).map(|row| row.inherited.as_str());
        let value = value.filter(|value| Some(*value) != inherited);
        let counts = value.or(inherited).unwrap_or_default();
        let dependent = match (name, counts) {
            (ChoiceName::Placement, "header") => Some(ChoiceName::Expires),
            (ChoiceName::Algorithm, counts) if counts == Algorithm::HmacSha256.name() => {
                Some(ChoiceName::RegionSet)
            }
            _ => None,
        };
        let mut changed = set(variables, name.variable(), value);
        if let Some(dependent) = dependent {
            changed |= set(variables, dependent.variable(), None);
        }
        changed
    }

    /// Takes over a text as it is typed where variables are edited, right or wrong; an empty one is
    /// none. `true` when the variables changed.
    pub fn write(variables: &mut Vec<Variable>, name: ChoiceName, text: &str) -> bool {
        set(
            variables,
            name.variable(),
            Some(text).filter(|text| !text.is_empty()),
        )
    }
}

/// Writes a variable down, or takes it out; `true` when that changed something. One that is
/// switched off is left alone.
fn set(variables: &mut Vec<Variable>, name: &str, value: Option<&str>) -> bool {
    let Some(value) = value else {
        let before = variables.len();
        variables.retain(|variable| !variable.enabled || variable.name != name);
        return variables.len() != before;
    };
    let value = VariableValue::Plain(value.to_owned());
    let known = variables.iter_mut().rev();
    match known.into_iter().find(|v| v.enabled && v.name == name) {
        Some(variable) if variable.value == value => false,
        Some(variable) => {
            variable.value = value;
            true
        }
        None => {
            variables.push(Variable {
                value,
                ..Variable::plain(name, "")
            });
            true
        }
    }
}

/// The variables that would be seen if one place had none.
fn without(place: &Origin, variables: &VariableSet) -> VariableSet {
    let scopes = variables.scopes().iter();
    VariableSet::new(
        scopes
            .filter(|scope| scope.origin != *place)
            .cloned()
            .collect(),
    )
}

/// The service that a draft is signed for, as far as it is known: also while something else keeps
/// it from being signed.
fn service_of(preview: &DraftPreview) -> Option<String> {
    if let SigningPreview::Ready(ready) = &preview.signing {
        return Some(ready.scope.service.value.clone());
    }
    let request = preview.request.as_ref().ok()?;
    let own = match request.auth() {
        ResolvedAuth::AwsSigV4(auth) => auth.service.clone(),
        ResolvedAuth::Ready => None,
    };
    own.or_else(|| facts_of_host(request.host()).map(|facts| facts.service))
}

/// `90` as `+90`.
fn signed(seconds: &str) -> String {
    if seconds.starts_with('-') {
        seconds.to_owned()
    } else {
        format!("+{seconds}")
    }
}

/// What the variables come to, each read for itself so that one that cannot be read hides no other.
struct Reading {
    overrides: SigningOverrides,
    settings: SigningSettings,
    rules: SigningSettings,
    expires: Option<String>,
    bad: Vec<(String, String, String)>,
}

impl Reading {
    fn of(variables: &VariableSet, service: &str) -> Self {
        let mut good = Vec::new();
        let mut bad = Vec::new();
        for name in reserved(variables) {
            match rendered(variables, &name) {
                Ok(choice) => match SigningOverrides::from_choices(std::slice::from_ref(&choice)) {
                    Ok(_) => good.push(choice),
                    Err(error) => {
                        let problem = format!(
                            "`{}` cannot be used; it must be {}",
                            error.value, error.allowed
                        );
                        bad.push((name, choice.value, problem));
                    }
                },
                Err((text, errors)) => {
                    let errors: Vec<String> = errors.iter().map(ToString::to_string).collect();
                    bad.push((name, text, errors.join("; ")));
                }
            }
        }
        let expires = good
            .iter()
            .find(|choice| choice.name == ChoiceName::Expires.variable())
            .map(|choice| choice.value.trim().to_owned())
            .filter(|value| !value.is_empty());
        // Each of them was read well above.
        let overrides = SigningOverrides::from_choices(&good).unwrap_or_default();
        let settings = overrides.for_service(service);
        // What is right for the payload and the like may depend on the placement.
        let rules = SigningOverrides {
            placement: overrides.placement,
            ..SigningOverrides::default()
        }
        .for_service(service);
        Self {
            overrides,
            settings,
            rules,
            expires,
            bad,
        }
    }

    fn problem(&self, name: ChoiceName) -> Option<&str> {
        let mut bad = self.bad.iter();
        bad.find(|(found, ..)| found == name.variable())
            .map(|(_, _, problem)| problem.as_str())
    }

    /// What counts; what stands there if it cannot be read.
    fn shown(&self, name: ChoiceName) -> String {
        let mut bad = self.bad.iter();
        if let Some((_, value, _)) = bad.find(|(found, ..)| found == name.variable()) {
            return value.clone();
        }
        match name {
            ChoiceName::Expires => match (&self.expires, self.settings.placement) {
                (Some(expires), _) => expires.clone(),
                (None, Placement::Query { expires }) => expires.to_string(),
                (None, Placement::Header) => DEFAULT_EXPIRES.to_string(),
            },
            ChoiceName::RegionSet => self.overrides.region_set.clone().unwrap_or_default(),
            ChoiceName::SignedHeaders => self.overrides.signed_headers.join(", "),
            ChoiceName::UnsignedHeaders => self.overrides.unsigned_headers.join(", "),
            ChoiceName::Host => self.overrides.signed_host.clone().unwrap_or_default(),
            ChoiceName::ClockOffset => self
                .overrides
                .clock_offset_seconds
                .unwrap_or_default()
                .to_string(),
            _ => setting(&self.settings, name),
        }
    }

    /// What the service's rules say.
    fn rule(&self, name: ChoiceName) -> String {
        match name {
            ChoiceName::Placement => "header".to_owned(),
            ChoiceName::Expires => DEFAULT_EXPIRES.to_string(),
            ChoiceName::ClockOffset => "0".to_owned(),
            ChoiceName::RegionSet
            | ChoiceName::SignedHeaders
            | ChoiceName::UnsignedHeaders
            | ChoiceName::Host => String::new(),
            _ => setting(&self.rules, name),
        }
    }
}

/// A switch of the settings, as its variable says it.
fn setting(settings: &SigningSettings, name: ChoiceName) -> String {
    let either = |is_so: bool, yes: &str, no: &str| if is_so { yes } else { no }.to_owned();
    let flag = |is_on: bool| either(is_on, "true", "false");
    match name {
        ChoiceName::Placement => either(settings.placement.is_query(), "query", "header"),
        ChoiceName::Payload => either(settings.unsigned_payload, "unsigned", "signed"),
        ChoiceName::ContentSha256Header => flag(settings.content_sha256_header),
        ChoiceName::SessionToken => settings.session_token.to_string(),
        ChoiceName::DoubleEncode => flag(settings.double_encode),
        ChoiceName::NormalizePath => flag(settings.normalize_path),
        ChoiceName::Algorithm => settings.algorithm.name().to_owned(),
        ChoiceName::Expires
        | ChoiceName::RegionSet
        | ChoiceName::SignedHeaders
        | ChoiceName::UnsignedHeaders
        | ChoiceName::Host
        | ChoiceName::ClockOffset => String::new(),
    }
}

/// The names of the reserved variables that are seen.
fn reserved(variables: &VariableSet) -> Vec<String> {
    let mut names: Vec<String> = variables
        .scopes()
        .iter()
        .flat_map(|scope| &scope.variables)
        .map(|(name, _)| name.clone())
        .filter(|name| name.starts_with("sigv4."))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// A reserved variable filled in; or its text and why it cannot be.
fn rendered(
    variables: &VariableSet,
    name: &str,
) -> Result<SigningChoice, (String, Vec<TemplateError>)> {
    let found = variables.lookup(name);
    let (text, origin) = match found {
        Some((Value::Plain(text), origin)) => (text.clone(), origin.clone()),
        Some((Value::Secret(_) | Value::SecretNotAtHand, origin)) => {
            (format!("{{{{{name}}}}}"), origin.clone())
        }
        None => (String::new(), Origin::default()),
    };
    match variables.render(&format!("{{{{{name}}}}}"), Reveal::Masked) {
        Ok(rendered) => Ok(SigningChoice {
            name: name.to_owned(),
            value: rendered.text,
            origin,
        }),
        Err(errors) => Err((text, errors)),
    }
}

#[cfg(test)]
mod tests;
