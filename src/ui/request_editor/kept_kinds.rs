//! What was written in the kinds of a body or an auth that are not chosen now.

use std::mem::discriminant;

use crate::collection::Body;

/// The last value of each kind that was left, so that going back to the kind gives it back. Only
/// the kind that is chosen goes into the file.
#[derive(Clone)]
pub(in crate::ui) struct KeptKinds<T>(Vec<T>);

impl<T> Default for KeptKinds<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<T: Clone> KeptKinds<T> {
    /// Keeps a value that is left, in place of an earlier one of its kind.
    pub(super) fn keep(&mut self, left: &T) {
        self.forget(left);
        self.0.push(left.clone());
    }

    /// Forgets what was kept of the kind of `like`.
    fn forget(&mut self, like: &T) {
        self.0
            .retain(|kept| discriminant(kept) != discriminant(like));
    }

    /// What was kept of the kind of `like`.
    pub(super) fn of_kind(&self, like: &T) -> Option<&T> {
        self.0
            .iter()
            .find(|kept| discriminant(*kept) == discriminant(like))
    }
}

impl KeptKinds<Body> {
    /// Leaves a body for one of another kind: what that kind held before, or else `empty` with the
    /// text that was there, if both are texts.
    pub(super) fn change_body(&mut self, left: &Body, empty: Body) -> Body {
        // A text that was only carried over is kept where it was written: an edit there is carried
        // over again.
        let is_carried = text_of(left).is_some_and(|text| {
            self.0
                .iter()
                .any(|kept| discriminant(kept) != discriminant(left) && text_of(kept) == Some(text))
        });
        if is_carried || text_of(left).is_some_and(str::is_empty) {
            self.forget(left);
        } else {
            self.keep(left);
        }
        if let Some(kept) = self.of_kind(&empty) {
            return kept.clone();
        }
        match (text_of(left), empty) {
            (Some(text), Body::Json(_)) => Body::Json(text.to_owned()),
            (Some(text), Body::Text(_)) => Body::Text(text.to_owned()),
            (Some(text), Body::Xml(_)) => Body::Xml(text.to_owned()),
            (_, empty) => empty,
        }
    }
}

fn text_of(body: &Body) -> Option<&str> {
    match body {
        Body::Json(text) | Body::Text(text) | Body::Xml(text) => Some(text),
        Body::None | Body::Form(_) | Body::File { .. } | Body::Unsupported { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::Row;

    fn json(text: &str) -> Body {
        Body::Json(text.to_owned())
    }

    fn text(text: &str) -> Body {
        Body::Text(text.to_owned())
    }

    fn no_file() -> Body {
        Body::File {
            path: String::new(),
            content_type: String::new(),
        }
    }

    #[test]
    fn every_kind_gives_back_what_it_held() {
        let mut kept = KeptKinds::default();
        let file = Body::File {
            path: "pet.bin".into(),
            content_type: "image/png".into(),
        };
        let form = Body::Form(vec![Row::new("a", "1")]);
        assert_eq!(kept.change_body(&json("{}"), Body::None), Body::None);
        assert_eq!(kept.change_body(&Body::None, json("")), json("{}"));
        assert_eq!(kept.change_body(&json("{}"), no_file()), no_file());
        assert_eq!(
            kept.change_body(&file, Body::Form(Vec::new())),
            Body::Form(Vec::new())
        );
        assert_eq!(kept.change_body(&form, json("")), json("{}"));
        assert_eq!(kept.change_body(&json("{}"), no_file()), file);
        assert_eq!(kept.change_body(&file, Body::Form(Vec::new())), form);
    }

    #[test]
    fn a_text_is_carried_over_until_the_other_kind_has_its_own() {
        let mut kept = KeptKinds::default();
        assert_eq!(kept.change_body(&json("a"), text("")), text("a"));
        assert_eq!(kept.change_body(&text("a"), json("")), json("a"));
        // Edited where it was written: the edit is carried over, not what was there before.
        assert_eq!(kept.change_body(&json("b"), text("")), text("b"));
        // Both have their own by now.
        assert_eq!(kept.change_body(&text("c"), json("")), json("b"));
        assert_eq!(kept.change_body(&json("b"), text("")), text("c"));
        // One that is empty takes what comes.
        assert_eq!(kept.change_body(&text(""), json("")), json("b"));
        assert_eq!(kept.change_body(&json("b"), text("")), text("b"));
    }
}
