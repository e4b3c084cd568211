//! Texts that the command line shows too, in the words of the window.

use crate::sigv4::ScopeError;

/// A text with what it quotes in quotation marks: backticks are for a terminal.
pub(super) fn for_window(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut pieces = text.split('`').enumerate().peekable();
    while let Some((index, piece)) = pieces.next() {
        out.push_str(piece);
        if pieces.peek().is_some() {
            out.push(if index % 2 == 0 { '“' } else { '”' });
        }
    }
    out
}

/// The same, with a capital letter, as a text of its own.
pub(super) fn sentence(text: &str) -> String {
    let text = for_window(text);
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => String::new(),
    }
}

/// What to do where no region or service is known, below the fields for both.
pub(super) fn scope_hint(error: ScopeError) -> &'static str {
    match error {
        ScopeError::Region => {
            "Fill in the region; for a custom domain it is the API's region (us-east-1 if edge-optimized)"
        }
        ScopeError::Service => "Fill in the service; for API Gateway it is execute-api",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_words_get_quotation_marks() {
        assert_eq!(sentence("no `a` — try `b`"), "No “a” — try “b”");
        assert_eq!(for_window("`604801` cannot"), "“604801” cannot");
        assert_eq!(for_window("nothing quoted"), "nothing quoted");
    }

    #[test]
    fn no_flag_of_the_command_line_is_named() {
        for error in [ScopeError::Region, ScopeError::Service] {
            let text = sentence(&error.to_string());
            assert!(text.starts_with("No "), "{text}");
            assert!(!scope_hint(error).contains("--"));
        }
    }
}
