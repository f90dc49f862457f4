//! Ways of spoiling JSON that leave it JSON: other values under the keys that are there.

use fastrand::Rng;
use serde_json::Value;

use super::tokens::TOKENS;

/// Stands for a value until the rest is written out.
const PLACE: &str = "<here>";

/// The same with one value removed, doubled, or put in the place of another. A document after the head of an answer is one
/// too. `None` where there is no JSON.
pub(super) fn spoiled(rng: &mut Rng, input: &[u8]) -> Option<Vec<u8>> {
    let head = input
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .map_or(0, |at| at + 4);
    let mut document: Value = serde_json::from_slice(&input[head..]).ok()?;
    let donor = pick(rng, &mut document.clone()).clone();
    let within = holder(rng, &mut document);
    let text = match within {
        Value::Object(object) => {
            let key = rng.choice(object.keys()).cloned()?;
            if rng.u8(..6) == 0 {
                object.remove(&key);
                String::new()
            } else {
                let before = object.insert(key.clone(), PLACE.into())?;
                let other = other_value(rng, &before, &donor);
                // Of two values of one key, readers differ in which they take.
                if rng.u8(..8) == 0 {
                    format!("{before},{}:{other}", Value::String(key))
                } else {
                    other
                }
            }
        }
        Value::Array(list) if !list.is_empty() => {
            let at = rng.usize(..list.len());
            let before = std::mem::replace(&mut list[at], PLACE.into());
            if rng.bool() {
                format!("{before},{before}")
            } else {
                other_value(rng, &before, &donor)
            }
        }
        value => {
            let before = std::mem::replace(value, PLACE.into());
            other_value(rng, &before, &donor)
        }
    };
    let written = document.to_string().replace(&format!("\"{PLACE}\""), &text);
    Some([&input[..head], written.as_bytes()].concat())
}

/// A value that holds others, drawn on the way down.
fn holder<'a>(rng: &mut Rng, value: &'a mut Value) -> &'a mut Value {
    let goes_on = |value: &Value| value.is_object() || value.is_array();
    let stays = rng.u8(..4) == 0;
    let count = match value {
        Value::Object(object) => object.values().filter(|value| goes_on(value)).count(),
        Value::Array(list) => list.iter().filter(|value| goes_on(value)).count(),
        _ => 0,
    };
    if count == 0 || stays {
        return value;
    }
    let nth = rng.usize(..count);
    let mut inner: Vec<&mut Value> = match value {
        Value::Object(object) => object.values_mut().collect(),
        Value::Array(list) => list.iter_mut().collect(),
        _ => Vec::new(),
    };
    inner.retain(|value| goes_on(value));
    holder(rng, inner.swap_remove(nth))
}

/// Any value of a document.
fn pick<'a>(rng: &mut Rng, value: &'a mut Value) -> &'a Value {
    match holder(rng, value) {
        Value::Object(object) => rng.choice(object.values()).unwrap_or(&Value::Null),
        Value::Array(list) => rng.choice(list.iter()).unwrap_or(&Value::Null),
        other => other,
    }
}

/// The text of a value in the place of `before`: of another type, of another size, or from elsewhere in the document.
fn other_value(rng: &mut Rng, before: &Value, donor: &Value) -> String {
    let token = *rng.choice(&TOKENS).unwrap_or(&"");
    match (rng.u8(..10), before) {
        (0, _) => "null".to_owned(),
        (1, _) => (*rng
            .choice(&["true", "\"\"", "[]", "{}", "[null]", "\"1\""])
            .unwrap_or(&""))
        .to_owned(),
        (2, _) => donor.to_string(),
        (3, _) => nested(rng),
        // Not always JSON: `1e999` is, and `NaN` is none.
        (4, _) => token.to_owned(),
        (5, Value::String(text)) => Value::String(text.repeat(1 << rng.u8(..10))).to_string(),
        (_, Value::String(text)) => Value::String(with_token(rng, text, token)).to_string(),
        (5 | 6, Value::Number(number)) => format!("\"{number}\""),
        (7, Value::Number(number)) => format!("-{number}"),
        (_, Value::Number(number)) => format!("{number}{}", "0".repeat(rng.usize(1..30))),
        _ => Value::String(token.to_owned()).to_string(),
    }
}

/// A text with a token in it or in its place.
fn with_token(rng: &mut Rng, text: &str, token: &str) -> String {
    let at = rng.usize(..=text.chars().count());
    if rng.bool() {
        return token.to_owned();
    }
    text.chars()
        .take(at)
        .chain(token.chars())
        .chain(text.chars().skip(at))
        .collect()
}

/// Lists and objects within each other, a few times or beyond every stack.
fn nested(rng: &mut Rng) -> String {
    let depth = 1 << rng.u8(..15);
    let (open, close) = if rng.bool() { ("[", "]") } else { ("{\"a\":", "}") };
    format!("{}0{}", open.repeat(depth), close.repeat(depth))
}
