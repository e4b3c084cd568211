//! Secrets out of what is told.

use super::{Cause, Explanation, Mending};
use crate::secret::{MASK, Redactor};

impl Explanation {
    /// The same with what a redactor knows as dots. A mending that would write dots into a request
    /// is not proposed.
    #[must_use]
    pub fn redacted(mut self, redactor: &Redactor) -> Self {
        self.summary = redactor.redact(&self.summary);
        self.comparison = self
            .comparison
            .map(|comparison| comparison.masked(redactor, |_| false));
        for cause in &mut self.causes {
            let Cause {
                title,
                evidence,
                fix,
                mending,
                ..
            } = cause;
            for text in evidence.iter_mut().chain([title, fix]) {
                *text = redactor.redact(text);
            }
            let would_write = match mending {
                Some(Mending::Url(text) | Mending::SetHeader { value: text, .. }) => Some(text),
                _ => None,
            };
            if would_write.is_some_and(|text| text.contains(MASK) || redactor.redact(text) != *text)
            {
                *mending = None;
            }
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explain::Likelihood;
    use crate::secret::SecretString;

    #[test]
    fn no_text_keeps_the_secret_and_no_dots_are_proposed() {
        let secret = "hush-hush";
        let told = Explanation {
            summary: format!("a {secret}"),
            comparison: None,
            causes: vec![Cause {
                code: "x",
                title: format!("b {secret}"),
                likelihood: Likelihood::Likely,
                evidence: vec![format!("c {secret}")],
                fix: format!("d {secret}"),
                mending: Some(Mending::Url(format!("https://h/?k={secret}"))),
            }],
        };
        let told = told.redacted(&Redactor::new([SecretString::new(secret)]));
        assert!(!format!("{told:?}").contains(secret));
        assert_eq!(told.causes[0].mending, None);
        assert_eq!(told.summary, format!("a {MASK}"));
    }
}
