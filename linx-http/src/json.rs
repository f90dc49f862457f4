//! JSON read with errors that name the place and never the value (hazard A14).

use serde::de::DeserializeOwned;

/// How much of a path is told: its keys may come from the server.
const LONGEST_PATH: usize = 120;

/// Reads `text`. The error is one line: where, and what was expected.
pub(crate) fn read<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    if text.iter().all(u8::is_ascii_whitespace) {
        return Err("it is empty".to_owned());
    }
    let mut reader = serde_json::Deserializer::from_slice(text);
    let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
        let path: String = error
            .path()
            .to_string()
            .chars()
            .filter(|c| !c.is_control())
            .take(LONGEST_PATH)
            .collect();
        let problem = problem(error.inner());
        if path == "." || !error.inner().is_data() {
            problem
        } else {
            format!("`{path}`: {problem}")
        }
    })?;
    reader.end().map_err(|error| problem(&error))?;
    Ok(value)
}

/// What serde says, without the value that it quotes.
fn problem(error: &serde_json::Error) -> String {
    if !error.is_data() {
        return format!("not valid JSON at line {} column {}", error.line(), error.column());
    }
    let text = error.to_string();
    let text = text.rsplit_once(" at line ").map_or(text.as_str(), |(text, _)| text);
    // Names of fields and what was expected come from our types, everything else from the server.
    if text.starts_with("missing field `") {
        return text.to_owned();
    }
    match text.rsplit_once(", expected ") {
        Some((found, expected)) => format!("{}, expected {expected}", kind(found)),
        None => "not of the promised form".to_owned(),
    }
}

/// The first words of `invalid type: string "…"`, up to where the value begins.
fn kind(found: &str) -> &str {
    let end = found.find(['"', '`']).unwrap_or(found.len());
    let found = found[..end].trim_end();
    if [
        "invalid type: ",
        "invalid value: ",
        "invalid length ",
        "unknown variant",
        "unknown field",
    ]
    .iter()
    .any(|known| found.starts_with(known))
    {
        found
    } else {
        "not of the promised form"
    }
}

#[cfg(test)]
mod tests {
    use serde::Deserialize;

    use super::*;

    #[derive(Debug, Deserialize)]
    #[allow(dead_code)]
    struct Worker {
        id: u64,
        class: Class,
        tags: Vec<u8>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Class {
        Foreman,
    }

    #[test]
    fn a_problem_names_its_place_and_no_value() {
        let cases = [
            (
                r#"{"id":"Pat Example","class":"foreman","tags":[]}"#,
                "`id`: invalid type: string, expected u64",
            ),
            (
                r#"{"id":-77,"class":"foreman","tags":[]}"#,
                "`id`: invalid value: integer, expected u64",
            ),
            (
                r#"{"id":"a, expected b","class":"foreman","tags":[]}"#,
                "`id`: invalid type: string, expected u64",
            ),
            (
                r#"{"id":1,"class":"Pat","tags":[]}"#,
                "`class`: unknown variant, expected `foreman`",
            ),
            (
                r#"{"id":1,"class":"foreman","tags":[1,777]}"#,
                "`tags[1]`: invalid value: integer, expected u8",
            ),
            (r#"{"class":"foreman","tags":[]}"#, "missing field `id`"),
            (r#"{"id":1"#, "not valid JSON at line 1 column 7"),
            ("  ", "it is empty"),
            ("<html>", "not valid JSON at line 1 column 1"),
        ];
        for (text, expected) in cases {
            assert_eq!(read::<Worker>(text.as_bytes()).unwrap_err(), expected, "{text}");
        }
        assert_eq!(read::<u8>(b"1 2").unwrap_err(), "not valid JSON at line 1 column 3");
    }

    #[test]
    fn a_problem_of_the_types_own_making_is_told_without_its_text() {
        let error = read::<chrono::NaiveDate>(br#""Pat Example""#).unwrap_err();
        assert_eq!(error, "not of the promised form");
    }
}
