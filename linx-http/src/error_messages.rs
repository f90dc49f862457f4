//! The server's own messages, out of any of the error shapes in use.

use serde_json::{Map, Value};

/// How many texts are kept.
const MOST: usize = 5;
/// How many characters of each.
const LONGEST: usize = 200;
/// How much of a page that is not JSON is looked at.
const GLANCE: usize = 16 * 1024;

/// The texts that `body` explains itself with: bounded, on one line each, each once; empty where there are none.
///
/// The shapes are those of Procore (procore-api.md section 8.3), of RFC 9457 and of `OData`. Of an HTML page only the
/// title counts.
pub(crate) fn error_messages(body: &[u8]) -> Vec<String> {
    let mut texts = Texts(Vec::new());
    match serde_json::from_slice(body) {
        Ok(value) => texts.explanation(&value),
        Err(_) => texts.plain(&String::from_utf8_lossy(&body[..body.len().min(GLANCE)])),
    }
    texts.0
}

struct Texts(Vec<String>);

impl Texts {
    /// A text, several explanations, or an object with well-known keys.
    fn explanation(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.push(text),
            Value::Array(values) => values.iter().for_each(|value| self.explanation(value)),
            Value::Object(object) => self.object(object),
            _ => {}
        }
    }

    fn object(&mut self, object: &Map<String, Value>) {
        if let (Some(Value::String(code)), Some(Value::String(text))) =
            (object.get("reason_code"), object.get("message"))
        {
            return self.push(&format!("{code}: {text}"));
        }
        for (key, value) in object {
            match (key.to_ascii_lowercase().as_str(), value) {
                ("errors", Value::Object(fields)) => fields.iter().for_each(|(name, value)| self.field(name, value)),
                ("fields", Value::String(_)) => self.field("fields", value),
                (
                    "errors" | "error" | "error_description" | "message" | "reason" | "title" | "detail" | "details"
                    | "value",
                    _,
                ) => self.explanation(value),
                _ => {}
            }
        }
    }

    /// What is wrong with one field. Rails writes `base` for the record as a whole.
    fn field(&mut self, name: &str, value: &Value) {
        match value {
            Value::String(text) if text.trim().is_empty() => {}
            Value::String(text) if name == "base" => self.push(text),
            Value::String(text) => self.push(&format!("{name}: {text}")),
            Value::Array(values) => values.iter().for_each(|value| self.field(name, value)),
            Value::Object(object) => self.object(object),
            _ => {}
        }
    }

    /// A body that is not JSON: the title of a page, or a short text as it is.
    fn plain(&mut self, body: &str) {
        if !body.contains('<') {
            if body.chars().count() <= LONGEST && !body.contains('\u{fffd}') {
                self.push(body);
            }
            return;
        }
        let lower = body.to_ascii_lowercase();
        let title = lower.find("<title").and_then(|open| {
            let start = open + lower[open..].find('>')? + 1;
            let end = start + lower[start..].find("</title")?;
            body.get(start..end)
        });
        if let Some(title) = title {
            self.push(title);
        }
    }

    fn push(&mut self, text: &str) {
        if self.0.len() >= MOST {
            return;
        }
        let text: Vec<String> = text
            .split_whitespace()
            .map(|word| word.chars().filter(|character| !character.is_control()).collect())
            .collect();
        let text: String = text.join(" ").chars().take(LONGEST).collect();
        if !text.trim().is_empty() && !self.0.contains(&text) {
            self.0.push(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_shape_in_use_is_understood() {
        let cases: &[(&str, &[&str])] = &[
            (r#"{"errors":"Unauthorized"}"#, &["Unauthorized"]),
            (r#"{"errors":["App is not connected."]}"#, &["App is not connected."]),
            (
                r#"{"errors":{"name":["is taken","is long"]}}"#,
                &["name: is taken", "name: is long"],
            ),
            (r#"{"errors":{"base":["is closed"]}}"#, &["is closed"]),
            (r#"{"errors":{"date":"is missing"}}"#, &["date: is missing"]),
            (r#"{"errors":[{"message":"no"},{"message":"such"}]}"#, &["no", "such"]),
            (r#"{"message":"not here","exception":"Gone"}"#, &["not here"]),
            (r#"{"Message":"not here"}"#, &["not here"]),
            (
                r#"{"error":"invalid_grant","error_description":"used up"}"#,
                &["invalid_grant", "used up"],
            ),
            (
                r#"{"error":{"code":"X","message":"bad","details":[{"reason_code":"DUP","message":"twice"}]}}"#,
                &["DUP: twice", "bad"],
            ),
            (
                r#"{"code":422,"message":"m","fields":"date","reason":"r","error":"e"}"#,
                &["e", "fields: date", "m", "r"],
            ),
            (
                r#"{"title":"Bad","status":400,"detail":"no date","type":"about:blank"}"#,
                &["no date", "Bad"],
            ),
            (
                r#"{"error":{"code":"","message":{"lang":"en","value":"bad filter"}}}"#,
                &["bad filter"],
            ),
            (r#""just text""#, &["just text"]),
            ("<html><head><TITLE>502\n Bad Gateway</title>", &["502 Bad Gateway"]),
            ("<html>nothing", &[]),
            ("slow down", &["slow down"]),
            ("", &[]),
            ("{}", &[]),
            ("[1,null]", &[]),
            (r#"{"errors":""}"#, &[]),
            (r#"{"error":"same","message":"same"}"#, &["same"]),
        ];
        for (body, expected) in cases {
            let mut found = error_messages(body.as_bytes());
            let mut expected: Vec<String> = expected.iter().map(ToString::to_string).collect();
            // The order of keys is the map's.
            found.sort();
            expected.sort();
            assert_eq!(found, expected, "{body}");
        }
    }

    #[test]
    fn words_are_bounded_and_on_one_line() {
        let texts: Vec<String> = (0..9)
            .map(|n| format!("{n}\r\n\u{1b}[31m{}", "x".repeat(500)))
            .collect();
        let body = serde_json::json!({ "errors": texts });
        let found = error_messages(body.to_string().as_bytes());
        assert_eq!(found.len(), 5);
        for text in found {
            assert_eq!(text.chars().count(), 200);
            assert!(text.chars().all(|character| !character.is_control()));
        }
    }

    proptest! {
        #[test]
        fn no_body_panics(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            error_messages(&body);
        }

        #[test]
        fn no_page_panics(before in ".{0,20}", title in ".{0,20}", after in ".{0,20}") {
            error_messages(format!("{before}<title>{title}</title>{after}").as_bytes());
        }

        #[test]
        fn no_json_panics(key in "errors|error|message|fields|x", text in ".{0,300}") {
            let body = serde_json::json!({ key: [{ "message": text.clone() }, text, 1, null] });
            prop_assert!(error_messages(body.to_string().as_bytes()).iter().all(|text| text.chars().count() <= 200));
        }
    }
}
