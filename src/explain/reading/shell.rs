//! A command line cut into words as a shell cuts it.
//!
//! The crates for this (`shlex`, `shell-words`) know neither `$'…'`, which browsers copy, nor where
//! a command ends and its output begins.

/// The words of the first command of a text, and what stands behind it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Command<'a> {
    /// Its words, quotes and escapes resolved. Variables stay as written.
    pub(super) words: Vec<String>,
    /// What follows on the next lines.
    pub(super) rest: &'a str,
}

struct Lexer<'a> {
    text: &'a str,
    at: usize,
    words: Vec<String>,
    word: Vec<u8>,
    is_in_word: bool,
    is_target_of_redirection: bool,
}

/// Cuts the first command off a text.
pub(super) fn first_command(text: &str) -> Command<'_> {
    let mut lexer = Lexer {
        text,
        at: 0,
        words: Vec::new(),
        word: Vec::new(),
        is_in_word: false,
        is_target_of_redirection: false,
    };
    lexer.run();
    Command {
        words: lexer.words,
        rest: text.get(lexer.at..).unwrap_or_default(),
    }
}

impl Lexer<'_> {
    fn run(&mut self) {
        while let Some(byte) = self.next() {
            match byte {
                b' ' | b'\t' | b'\r' => self.end_word(),
                b'\n' => {
                    self.end_word();
                    if !self.words.is_empty() && !self.goes_on_with_a_flag() {
                        return;
                    }
                }
                b';' | b'|' | b'&' => {
                    self.end_word();
                    self.skip_line();
                    return;
                }
                b'#' if !self.is_in_word => self.skip_to_line_feed(),
                b'>' | b'<' => self.redirection(),
                b'\'' => self.single_quoted(),
                b'"' => self.double_quoted(),
                b'$' if self.peek() == Some(b'\'') => {
                    self.at += 1;
                    self.ansi_c_quoted();
                }
                // The continuation of a line: a shell's, the Windows prompt's, PowerShell's.
                b'\\' | b'^' | b'`' if self.skip_line_break() => self.end_word(),
                b'\\' => match self.next() {
                    Some(escaped) => self.push(escaped),
                    None => self.push(b'\\'),
                },
                // The Windows prompt quotes its quotes.
                b'^' if self.peek() == Some(b'"') => {}
                other => self.push(other),
            }
        }
        self.end_word();
    }

    fn next(&mut self) -> Option<u8> {
        let byte = self.peek()?;
        self.at += 1;
        Some(byte)
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn push(&mut self, byte: u8) {
        self.is_in_word = true;
        self.word.push(byte);
    }

    fn end_word(&mut self) {
        if !std::mem::take(&mut self.is_in_word) {
            return;
        }
        let word = std::mem::take(&mut self.word);
        if !std::mem::take(&mut self.is_target_of_redirection) {
            self.words.push(String::from_utf8_lossy(&word).into_owned());
        }
    }

    fn rest(&self) -> &[u8] {
        self.text.as_bytes().get(self.at..).unwrap_or_default()
    }

    /// A backslash that was lost at the end of a line: the next one begins with a flag all the same.
    fn goes_on_with_a_flag(&self) -> bool {
        let rest = self.rest().trim_ascii_start();
        matches!(rest, [b'-', b'-', letter, ..] | [b'-', letter, ..] if letter.is_ascii_alphabetic())
    }

    fn skip_line_break(&mut self) -> bool {
        let length = match self.rest() {
            [b'\r', b'\n', ..] => 2,
            [b'\n', ..] => 1,
            _ => return false,
        };
        self.at += length;
        true
    }

    fn skip_to_line_feed(&mut self) {
        let length = self.rest().iter().position(|byte| *byte == b'\n');
        self.at += length.unwrap_or(self.rest().len());
    }

    fn skip_line(&mut self) {
        self.skip_to_line_feed();
        self.skip_line_break();
    }

    /// `> file`, `2>&1`: neither the number nor the target is an argument.
    fn redirection(&mut self) {
        if self.word.iter().all(u8::is_ascii_digit) {
            self.word.clear();
            self.is_in_word = false;
        } else {
            self.end_word();
        }
        while matches!(self.peek(), Some(b'>' | b'<' | b'&')) {
            self.at += 1;
        }
        self.is_target_of_redirection = true;
    }

    fn single_quoted(&mut self) {
        self.is_in_word = true;
        while let Some(byte) = self.next() {
            match byte {
                b'\'' => return,
                other => self.word.push(other),
            }
        }
    }

    fn double_quoted(&mut self) {
        self.is_in_word = true;
        while let Some(byte) = self.next() {
            match byte {
                b'"' => return,
                b'\\' if self.skip_line_break() => {}
                b'\\' if matches!(self.peek(), Some(b'"' | b'\\' | b'$' | b'`')) => {
                    let escaped = self.next();
                    self.word.extend(escaped);
                }
                b'^' if self.peek() == Some(b'"') => {}
                other => self.word.push(other),
            }
        }
    }

    /// `$'…'` with the escapes of C.
    fn ansi_c_quoted(&mut self) {
        self.is_in_word = true;
        while let Some(byte) = self.next() {
            match byte {
                b'\'' => return,
                b'\\' => self.ansi_c_escape(),
                other => self.word.push(other),
            }
        }
    }

    fn ansi_c_escape(&mut self) {
        let Some(letter) = self.next() else {
            self.word.push(b'\\');
            return;
        };
        let byte = match letter {
            b'n' => b'\n',
            b't' => b'\t',
            b'r' => b'\r',
            b'a' => 0x07,
            b'b' => 0x08,
            b'e' | b'E' => 0x1b,
            b'f' => 0x0c,
            b'v' => 0x0b,
            b'\\' | b'\'' | b'"' | b'?' => letter,
            b'x' => match self.number(16, 2) {
                Some(value) => value as u8,
                None => return self.word.extend(b"\\x"),
            },
            b'u' | b'U' => {
                let digits = if letter == b'u' { 4 } else { 8 };
                match self.number(16, digits).and_then(char::from_u32) {
                    Some(char) => {
                        let mut buffer = [0; 4];
                        self.word.extend(char.encode_utf8(&mut buffer).as_bytes());
                    }
                    None => self.word.extend([b'\\', letter]),
                }
                return;
            }
            b'0'..=b'7' => {
                self.at -= 1;
                self.number(8, 3).unwrap_or_default() as u8
            }
            other => return self.word.extend([b'\\', other]),
        };
        self.word.push(byte);
    }

    fn number(&mut self, radix: u32, most_digits: usize) -> Option<u32> {
        let digits = self
            .rest()
            .iter()
            .take(most_digits)
            .take_while(|byte| char::from(**byte).is_digit(radix))
            .count();
        let text = self.text.get(self.at..self.at + digits)?;
        let value = u32::from_str_radix(text, radix).ok()?;
        self.at += digits;
        Some(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Vec<String> {
        first_command(text).words
    }

    #[test]
    fn quotes_and_escapes() {
        for (text, expected) in [
            (
                "curl 'a b' \"c d\" e\\ f",
                vec!["curl", "a b", "c d", "e f"],
            ),
            ("'it'\\''s' \"a\\\"b\\$c\\d\"", vec!["it's", "a\"b$c\\d"]),
            (
                r"$'a\nb\'c\x41\u00e9\101\tq\z'",
                vec!["a\nb'cA\u{e9}A\tq\\z"],
            ),
            (r"$'\xc3\xa9' $'\x'", vec!["é", "\\x"]),
            ("'' \"\" a''b", vec!["", "", "ab"]),
            ("curl -H 'x: 1' # said so", vec!["curl", "-H", "x: 1"]),
            ("a#b", vec!["a#b"]),
            ("curl x 2>&1 -v >out.txt -i", vec!["curl", "x", "-v", "-i"]),
            ("curl a\\?b", vec!["curl", "a?b"]),
            ("'open", vec!["open"]),
        ] {
            assert_eq!(words(text), expected, "{text}");
        }
    }

    #[test]
    fn a_command_ends_where_its_output_begins() {
        for (text, expected, rest) in [
            (
                "curl a\nHTTP/1.1 200 OK",
                vec!["curl", "a"],
                "HTTP/1.1 200 OK",
            ),
            ("curl a \\\r\n  -v\r\nb", vec!["curl", "a", "-v"], "b"),
            (
                "curl a\n  -H b\n--data c\nd",
                vec!["curl", "a", "-H", "b", "--data", "c"],
                "d",
            ),
            ("curl a; echo b\nc", vec!["curl", "a"], "c"),
            ("curl a | jq .\n{}", vec!["curl", "a"], "{}"),
            (
                "curl a ^\n -d b `\n -i",
                vec!["curl", "a", "-d", "b", "-i"],
                "",
            ),
            ("curl ^\"a b^\" c", vec!["curl", "a b", "c"], ""),
            ("curl -d 'a\nb' c\n", vec!["curl", "-d", "a\nb", "c"], ""),
            ("curl a\n---[ x", vec!["curl", "a"], "---[ x"),
        ] {
            let command = first_command(text);
            assert_eq!(
                (command.words, command.rest),
                (expected.into_iter().map(str::to_owned).collect(), rest),
                "{text}"
            );
        }
    }
}
