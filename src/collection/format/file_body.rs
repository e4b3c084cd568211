//! Bodies of type `file`: a list of files of which the selected one is sent.

use super::change::{Change, MapChange};
use super::node::Node;
use super::parts::{change_item, chosen, read_text, required_text};
use crate::collection::Body;

const ENTRY: &[&str] = &["filePath", "contentType", "selected", "description"];

/// Reads it; `None` where the data has another form than files have, so that it is left alone.
pub(super) fn read(data: Option<&Node>) -> Option<Body> {
    let entry = match data {
        None | Some(Node::Null) => None,
        Some(Node::List(files)) => match chosen(files) {
            Some((_, entry @ Node::Map(_))) => Some(entry),
            Some(_) => return None,
            None => None,
        },
        Some(_) => return None,
    };
    let text = |key: &str| read_text(entry.and_then(|entry| entry.get(key)));
    Some(Body::File {
        path: text("filePath"),
        content_type: text("contentType"),
    })
}

/// What becomes of `data`: only the selected entry changes, the others stay byte for byte.
pub(super) fn change(data: Option<&Node>, path: &str, content_type: &str) -> Change {
    if let Some(Node::List(files)) = data
        && let Some((index, entry)) = chosen(files)
    {
        let mut map = MapChange::new(ENTRY);
        let mut set = |key: &'static str, now: &str| {
            let was = read_text(entry.get(key));
            required_text(&mut map, Some(entry), key, &was, now);
        };
        set("filePath", path);
        set("contentType", content_type);
        if map.keys.is_empty() {
            return Change::Keep;
        }
        return change_item(files.len(), index, &Change::Map(map));
    }
    Change::Set(Node::List(vec![new_entry(path, content_type)]))
}

/// A whole body.
pub(super) fn new(path: &str, content_type: &str) -> Node {
    Node::Map(vec![
        ("type".to_owned(), Node::text("file")),
        (
            "data".to_owned(),
            Node::List(vec![new_entry(path, content_type)]),
        ),
    ])
}

fn new_entry(path: &str, content_type: &str) -> Node {
    Node::Map(vec![
        ("filePath".to_owned(), Node::text(path)),
        ("contentType".to_owned(), Node::text(content_type)),
        ("selected".to_owned(), Node::plain(true)),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::format::{new_request, read_request, save_request};
    use crate::collection::{RequestDraft, Row};

    const FILE: &str = "info:\n  name: upload\n  type: http\nhttp:\n  method: PUT\n  url: http://h/\n  body:\n    type: file # one of these\n    data:\n      - filePath: 'a.bin' # small\n        contentType: application/zip\n        selected: false\n        description: the old one\n      # the big one\n      - filePath: \"{{folder}}/b.bin\"\n        contentType: image/png\n        selected: true\n        x-why: kept\n";

    fn body(path: &str, content_type: &str) -> Body {
        Body::File {
            path: path.into(),
            content_type: content_type.into(),
        }
    }

    #[test]
    fn the_selected_file_is_read_and_the_others_stay_byte_for_byte() {
        let mut draft = read_request(FILE).unwrap();
        assert_eq!(draft.body, body("{{folder}}/b.bin", "image/png"));
        draft.body = body("c d.bin", "image/png");
        let saved = save_request(FILE, &draft).unwrap();
        assert_eq!(saved, FILE.replace("\"{{folder}}/b.bin\"", "c d.bin"));
        draft.body = body("c d.bin", "");
        assert_eq!(
            read_request(&save_request(&saved, &draft).unwrap()).unwrap(),
            draft
        );
    }

    #[test]
    fn a_new_one_has_the_three_keys_of_the_schema() {
        let draft = RequestDraft {
            url: "http://h/".into(),
            body: body("data/a.bin", "application/zip"),
            ..RequestDraft::new("x")
        };
        let text = new_request(&draft).unwrap();
        assert!(
            text.contains("  body:\n    type: file\n    data:\n      - filePath: data/a.bin\n        contentType: application/zip\n        selected: true\n"),
            "{text}"
        );
        assert_eq!(read_request(&text).unwrap(), draft);
    }

    #[test]
    fn it_becomes_another_kind_and_another_kind_becomes_it() {
        let mut draft = read_request(FILE).unwrap();
        draft.body = Body::Form(vec![Row::new("a", "b")]);
        let form = save_request(FILE, &draft).unwrap();
        assert_eq!(read_request(&form).unwrap(), draft);
        draft.body = body("a.bin", "");
        let file = save_request(&form, &draft).unwrap();
        assert_eq!(read_request(&file).unwrap(), draft);
        draft.body = Body::None;
        assert!(!save_request(&file, &draft).unwrap().contains("body"));
    }

    #[test]
    fn no_file_is_an_empty_path_and_strange_data_is_left_alone() {
        let with = |data: &str| {
            let text = format!(
                "info: {{name: a, type: http}}\nhttp:\n  method: PUT\n  url: http://h/\n  body:\n    type: file\n{data}"
            );
            (read_request(&text).unwrap(), text)
        };
        for data in ["", "    data: []\n"] {
            let (mut draft, text) = with(data);
            assert_eq!(draft.body, body("", ""));
            draft.body = body("a.bin", "");
            let saved = save_request(&text, &draft).unwrap();
            assert_eq!(read_request(&saved).unwrap(), draft, "{saved}");
        }
        let (draft, _) = with("    data: a.bin\n");
        assert_eq!(draft.body.title(), "file");
    }
}
