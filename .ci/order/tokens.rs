//! A source as words and signs.

/// A word or a sign of the source, without comments, and with the line it stands in.
#[derive(Debug, Clone, PartialEq)]
pub struct Token {
    pub text: String,
    pub line: usize,
}

pub fn tokens(source: &str) -> Vec<Token> {
    let chars: Vec<char> = source.chars().collect();
    let (mut found, mut at, mut line) = (Vec::new(), 0, 1);
    while at < chars.len() {
        let start = at;
        let next = chars.get(at + 1).copied().unwrap_or(' ');
        match chars[at] {
            '/' if next == '/' => at = until(&chars, at, |rest| rest[0] == '\n'),
            '/' if next == '*' => at = 2 + until(&chars, at, |rest| rest.starts_with(&['*', '/'])),
            '"' => at = end_of_text(&chars, at),
            'r' | 'b' | 'c' if starts_text(&chars[at..]) => at = end_of_prefixed(&chars, at),
            '\'' if next == '\\' => at = 1 + until(&chars, at + 3, |rest| rest[0] == '\''),
            '\'' if chars.get(at + 2) == Some(&'\'') => at += 3,
            sign if sign.is_whitespace() => at += 1,
            sign => {
                at = if word(sign) {
                    until(&chars, at, |rest| !word(rest[0]))
                } else {
                    at + 1
                };
                if sign == ':' && next == ':' {
                    at += 1;
                }
                found.push(Token {
                    text: chars[start..at].iter().collect(),
                    line,
                });
            }
        }
        at = at.min(chars.len());
        line += chars[start..at].iter().filter(|sign| **sign == '\n').count();
    }
    found
}

pub fn word(sign: char) -> bool {
    sign.is_alphanumeric() || sign == '_'
}

/// The first place from `at` on whose rest is as asked for, or the end.
fn until(chars: &[char], at: usize, asked: impl Fn(&[char]) -> bool) -> usize {
    (at..chars.len()).find(|at| asked(&chars[*at..])).unwrap_or(chars.len())
}

/// Whether a raw text, or a text or character of bytes, begins here: `r"`, `r#"`, `br"`, `b'`.
fn starts_text(rest: &[char]) -> bool {
    let prefix = rest.iter().take_while(|sign| matches!(sign, 'r' | 'b' | 'c')).count();
    let hashes = rest[prefix..].iter().take_while(|sign| **sign == '#').count();
    match rest.get(prefix + hashes) {
        Some('"') => prefix <= 2,
        Some('\'') => rest[0] == 'b' && prefix == 1 && hashes == 0,
        _ => false,
    }
}

fn end_of_prefixed(chars: &[char], at: usize) -> usize {
    let open = until(chars, at, |rest| matches!(rest[0], '"' | '#' | '\''));
    if chars[open] == '\'' {
        let first = if chars[open + 1] == '\\' { open + 3 } else { open + 2 };
        return 1 + until(chars, first, |rest| rest[0] == '\'');
    }
    if !chars[at..open].contains(&'r') {
        return end_of_text(chars, open);
    }
    let hashes = chars[open..].iter().take_while(|sign| **sign == '#').count();
    let close: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    close.len() + until(chars, open + hashes + 1, |rest| rest.starts_with(&close))
}

fn end_of_text(chars: &[char], open: usize) -> usize {
    let mut at = open + 1;
    while at < chars.len() && chars[at] != '"' {
        at += if chars[at] == '\\' { 2 } else { 1 };
    }
    at + 1
}

/// Where the item ends that begins at `at`: behind its closing brace, or behind its semicolon.
pub fn end_of_item(tokens: &[Token], at: usize) -> usize {
    let mut depth = 0usize;
    for (at, token) in tokens.iter().enumerate().skip(at) {
        match token.text.as_str() {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => {
                depth = depth.saturating_sub(1);
                if depth == 0 && token.text == "}" {
                    return at + 1;
                }
            }
            ";" if depth == 0 => return at + 1,
            _ => {}
        }
    }
    tokens.len()
}

pub fn is(tokens: &[Token], at: usize, texts: &[&str]) -> bool {
    texts
        .iter()
        .enumerate()
        .all(|(n, text)| tokens.get(at + n).is_some_and(|token| token.text == *text))
}

/// Takes out what is compiled for tests only. Answers also the names of modules so left out, which may be files, and
/// how many lines went.
pub fn without_tests(mut tokens: Vec<Token>) -> (Vec<Token>, Vec<String>, usize) {
    let (mut left_out, mut lines, mut at) = (Vec::new(), 0, 0);
    while at < tokens.len() {
        let test = is(&tokens, at, &["#", "[", "cfg", "(", "test", ")", "]"])
            || is(&tokens, at, &["#", "[", "cfg", "(", "all", "(", "test"]);
        if !test {
            at += 1;
            continue;
        }
        let attribute = (at..tokens.len())
            .find(|at| tokens[*at].text == "]")
            .map_or(tokens.len(), |at| at + 1);
        let end = end_of_item(&tokens, attribute);
        if let Some(at) = (attribute..end).find(|at| tokens[*at].text == "mod") {
            left_out.extend(tokens.get(at + 1).map(|token| token.text.clone()));
        }
        lines += tokens[end - 1].line + 1 - tokens[at].line;
        tokens.drain(at..end);
    }
    (tokens, left_out, lines)
}
