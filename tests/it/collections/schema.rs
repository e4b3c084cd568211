//! As much of JSON Schema (draft-07) as the published schema of `OpenCollection` uses.

use serde_json::Value;

/// What a document says against a schema; empty where it is valid.
pub(super) fn complaints(schema: &Value, start: &Value, document: &Value) -> Vec<String> {
    let mut found = Vec::new();
    check(schema, start, document, "", &mut found);
    found
}

fn check(root: &Value, schema: &Value, value: &Value, at: &str, found: &mut Vec<String>) {
    let Some(schema) = schema.as_object() else {
        return;
    };
    for (keyword, rule) in schema {
        match keyword.as_str() {
            "$ref" => {
                let pointer = rule.as_str().unwrap().trim_start_matches('#');
                check(root, root.pointer(pointer).unwrap(), value, at, found);
            }
            "type" => {
                if !is_type(rule.as_str().unwrap(), value) {
                    found.push(format!("{at}: {value} is no {rule}"));
                }
            }
            "const" => {
                if rule != value {
                    found.push(format!("{at}: {value} is not {rule}"));
                }
            }
            "enum" => {
                if !rule.as_array().unwrap().contains(value) {
                    found.push(format!("{at}: {value} is none of {rule}"));
                }
            }
            "required" => {
                for key in rule.as_array().unwrap() {
                    if value.is_object() && value.get(key.as_str().unwrap()).is_none() {
                        found.push(format!("{at}: {key} is missing"));
                    }
                }
            }
            "properties" => {
                for (key, inner) in rule.as_object().unwrap() {
                    if let Some(value) = value.get(key) {
                        check(root, inner, value, &format!("{at}/{key}"), found);
                    }
                }
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                for (key, inner) in value.as_object().into_iter().flatten() {
                    if known.is_some_and(|known| known.contains_key(key)) {
                        continue;
                    }
                    if rule == &Value::Bool(false) {
                        found.push(format!("{at}: {key} is not known"));
                    } else {
                        check(root, rule, inner, &format!("{at}/{key}"), found);
                    }
                }
            }
            "items" => {
                for (index, inner) in value.as_array().into_iter().flatten().enumerate() {
                    check(root, rule, inner, &format!("{at}/{index}"), found);
                }
            }
            "minimum" => {
                if value
                    .as_f64()
                    .is_some_and(|value| value < rule.as_f64().unwrap())
                {
                    found.push(format!("{at}: {value} is less than {rule}"));
                }
            }
            "oneOf" | "anyOf" => {
                let branches = rule.as_array().unwrap();
                let fits: Vec<Vec<String>> = branches
                    .iter()
                    .map(|branch| complaints_at(root, branch, value, at))
                    .collect();
                let valid = fits.iter().filter(|found| found.is_empty()).count();
                if valid == 0 || (keyword == "oneOf" && valid > 1) {
                    let nearest = fits.into_iter().min_by_key(Vec::len).unwrap_or_default();
                    found.push(format!("{at}: fits {valid} of {keyword}; {nearest:?}"));
                }
            }
            "description" | "title" | "$schema" | "$id" | "$defs" | "default" | "examples"
            | "format" => {}
            other => panic!("the schema uses `{other}`, which is not checked here"),
        }
    }
}

fn complaints_at(root: &Value, schema: &Value, value: &Value, at: &str) -> Vec<String> {
    let mut found = Vec::new();
    check(root, schema, value, at, &mut found);
    found
}

fn is_type(kind: &str, value: &Value) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "integer" => value.is_i64() || value.is_u64(),
        other => panic!("no type `{other}`"),
    }
}
