//! The `Link` header of RFC 8288, as far as lists need it.

use http::HeaderMap;
use http::header::LINK;

/// The target of the first link with the relation `next`, as it is written.
pub(crate) fn next_link(headers: &HeaderMap) -> Option<String> {
    headers
        .get_all(LINK)
        .iter()
        .find_map(|value| next_of(&String::from_utf8_lossy(value.as_bytes())))
}

fn next_of(mut text: &str) -> Option<String> {
    loop {
        let (target, rest) = text.split_once('<')?.1.split_once('>')?;
        let (parameters, rest) = split_outside_quotes(rest, ',');
        if is_next(parameters) {
            return Some(target.trim().to_owned());
        }
        text = rest;
    }
}

/// Whether the first `rel` among the parameters names `next`.
fn is_next(mut parameters: &str) -> bool {
    while !parameters.is_empty() {
        let (parameter, rest) = split_outside_quotes(parameters, ';');
        if let Some((name, value)) = parameter.split_once('=')
            && name.trim().eq_ignore_ascii_case("rel")
        {
            let relations = value.trim().trim_matches('"');
            return relations
                .split_whitespace()
                .any(|relation| relation.eq_ignore_ascii_case("next"));
        }
        parameters = rest;
    }
    false
}

/// What stands before and after the first `mark` that is not inside a quoted text.
fn split_outside_quotes(text: &str, mark: char) -> (&str, &str) {
    let (mut quoted, mut escaped) = (false, false);
    for (at, character) in text.char_indices() {
        match character {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            _ if character == mark && !quoted => return (&text[..at], &text[at + mark.len_utf8()..]),
            _ => {}
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue};
    use proptest::prelude::*;

    use super::*;

    fn next(values: &[&str]) -> Option<String> {
        let mut headers = HeaderMap::new();
        for value in values {
            headers.append(LINK, HeaderValue::from_str(value).unwrap());
        }
        next_link(&headers)
    }

    #[test]
    fn the_next_link_is_found_however_it_is_written() {
        for value in [
            r#"</2>; rel="next""#,
            "</2>;rel=next",
            r#"</2> ; REL = "Next""#,
            r#"</2>; rel="last next""#,
            r#"</1>; rel="prev", </2>; rel="next", </9>; rel="last""#,
            r#"</1>; title="a, b; rel=next \" >", </2>; title="c"; rel="next""#,
            r#"< /2 >; rel="next""#,
            r#"</1>; title=a\, </2>; rel="next""#,
        ] {
            assert_eq!(next(&[value]).as_deref(), Some("/2"), "{value}");
        }
        assert_eq!(
            next(&[r#"</1>; rel="prev""#, r#"</2>; rel="next""#]).as_deref(),
            Some("/2")
        );
        assert_eq!(next(&[r#"</a?x=1,2;3>; rel="next""#]).as_deref(), Some("/a?x=1,2;3"));
    }

    #[test]
    fn no_next_link_ends_the_list() {
        for value in [
            "",
            r#"</1>; rel="prev""#,
            "</1>",
            r#"</1>; rel="first"; rel="next""#,
            "rel=next",
            "</2; rel=next",
        ] {
            assert_eq!(next(&[value]), None, "{value}");
        }
    }

    #[test]
    fn a5_link_header_in_any_case() {
        for name in ["link", "Link", "LINK"] {
            let mut headers = HeaderMap::new();
            headers.insert(
                HeaderName::from_bytes(name.as_bytes()).unwrap(),
                HeaderValue::from_static(r#"</2>; rel="next""#),
            );
            assert_eq!(next_link(&headers).as_deref(), Some("/2"));
        }
    }

    proptest! {
        #[test]
        fn no_header_panics(bytes in proptest::collection::vec(any::<u8>(), 0..100)) {
            let mut headers = HeaderMap::new();
            if let Ok(value) = HeaderValue::from_bytes(&bytes) {
                headers.insert(LINK, value);
                next_link(&headers);
            }
        }

        #[test]
        fn the_next_link_is_found_among_others(
            before in proptest::collection::vec(r#"<[a-z,;=]{0,5}>; rel=(prev|"last")(; title="[a-z,;<> ]{0,5}")?"#, 0..3),
            target in "/[a-z0-9?&=,;]{0,12}",
            quoted in any::<bool>(),
            separate in any::<bool>(),
        ) {
            let link = if quoted { format!("<{target}>; rel=\"next\"") } else { format!("<{target}>; rel=next") };
            let all: Vec<String> = before.into_iter().chain([link]).collect();
            let values = if separate { all } else { vec![all.join(", ")] };
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            prop_assert_eq!(next(&values), Some(target));
        }
    }
}
