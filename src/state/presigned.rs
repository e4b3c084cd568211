//! Presigned URLs: copied on demand, never kept.

use super::{AppState, Effect, Failure, NoticeLevel, TabId};
use crate::exchange::{SendOptions, SigningChoices};
use crate::secret::SecretString;
use crate::sigv4::{DEFAULT_EXPIRES, Placement, SigningOverrides};

impl AppState {
    /// Copies the presigned URL that a tab sent last.
    pub(super) fn copy_presigned_url(&mut self, tab: TabId) -> Vec<Effect> {
        let Some(exchange) = self.exchanges.of(tab).and_then(|sending| sending.shown()) else {
            return Vec::new();
        };
        let Some(url) = exchange.presigned_url() else {
            return Vec::new();
        };
        let url = SecretString::new(url);
        self.say_copied("Whoever has it can make this call until it expires");
        vec![Effect::CopySecret(url)]
    }

    /// Signs a tab's draft as a presigned URL, whatever its placement.
    pub(super) fn presign(&mut self, id: TabId) -> Vec<Effect> {
        let Some(tab) = self.tabs.get(id) else {
            return Vec::new();
        };
        let expires = tab.derived().map_or(DEFAULT_EXPIRES, |derived| {
            SigningChoices::of(&derived.variables, &derived.preview).expires()
        });
        let mut job = self.job_of(tab);
        job.options = SendOptions {
            signing: SigningOverrides {
                placement: Some(Placement::Query { expires }),
                ..SigningOverrides::default()
            },
            ..job.options
        };
        vec![Effect::Presign(Box::new(job))]
    }

    /// Takes in that a URL is signed, or is not.
    pub(super) fn presigned(&mut self, result: Result<SecretString, Failure>) -> Vec<Effect> {
        match result {
            Ok(url) => {
                let how = "Nothing was sent. Whoever has it can make this call until it expires";
                self.say_copied(how);
                vec![Effect::CopySecret(url)]
            }
            Err(failure) => {
                self.fail(failure);
                Vec::new()
            }
        }
    }

    fn say_copied(&mut self, how: &str) {
        let text = format!("The presigned URL is on the clipboard. {how}");
        self.notices.add(NoticeLevel::Success, text, None);
    }
}

#[cfg(test)]
mod tests {
    use std::time::SystemTime;

    use super::*;
    use crate::collection::{AuthSpec, AwsAuthSpec, Variable};
    use crate::state::Command;

    #[test]
    fn a_draft_is_presigned_for_as_long_as_it_says_whatever_its_placement() {
        let mut state = AppState::default();
        let now = SystemTime::UNIX_EPOCH;
        state.handle(Command::NewTab, now);
        let tab = state.tabs.active_mut().unwrap();
        let id = tab.id;
        tab.draft.url = "https://api.example.com/".into();
        tab.draft.auth = AuthSpec::AwsSigV4(AwsAuthSpec {
            region: "us-east-1".into(),
            service: "execute-api".into(),
            ..AwsAuthSpec::default()
        });
        tab.draft.variables = vec![Variable::plain("sigv4.expires", "60")];
        tab.touch();
        state.settle(now);
        let effects = state.handle(Command::Presign(id), now);
        let [Effect::Presign(job)] = effects.as_slice() else {
            panic!("{effects:?}");
        };
        let placement = job.options.signing.placement;
        assert_eq!(placement, Some(Placement::Query { expires: 60 }));
        assert!(state.handle(Command::CopyPresignedUrl(id), now).is_empty());
    }

    #[test]
    fn the_url_goes_to_the_clipboard_and_nowhere_else() {
        let mut state = AppState::default();
        let url = "https://api.example.com/?X-Amz-Signature=0123";
        let done = Command::Presigned(Ok(SecretString::new(url)));
        assert!(!format!("{done:?}").contains("X-Amz-Signature"));
        let effects = state.handle(done, SystemTime::UNIX_EPOCH);
        assert_eq!(effects, [Effect::CopySecret(SecretString::new(url))]);
        assert!(!format!("{state:?}{effects:?}").contains("X-Amz-Signature"));
        assert!(format!("{:?}", state.notices).contains("on the clipboard"));
    }
}
