//! The pages that comments and tests cite: every number stands there, and every cited hazard has a test.

// What it tests are files.
#![allow(clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The crates whose sources cite pages, by their folders.
const CRATES: [&str; 6] = [
    "linx-http",
    "procore-client",
    "exaktime-client",
    "linx-core",
    "linx-cli",
    "examples",
];

/// A text of the workspace.
struct Source {
    /// Its crate's folder.
    in_crate: &'static str,
    /// Its path within the workspace.
    path: String,
    /// What stands in it. Line breaks within a comment are blanks, so that a citation may be broken.
    text: String,
}

#[test]
fn every_hazard_that_is_cited_has_an_anchor_with_a_test() {
    let sources = sources();
    let hazards = hazards(&page("linx-core/docs/hazards.md"));
    let mut faults = Vec::new();
    for (number, path) in sources.iter().flat_map(hazards_of) {
        match hazards.get(&number) {
            None => faults.push(format!("{path} names hazard {number}, which has no anchor")),
            Some(tests) if tests.is_empty() => faults.push(format!("{path} names hazard {number}, which has no test")),
            Some(_) => {}
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_test_of_a_hazard_exists_and_has_its_number_in_its_name() {
    let functions: BTreeSet<(String, String)> = sources()
        .iter()
        .flat_map(|source| names_of_functions(&source.text).map(|name| (source.in_crate.to_owned(), name)))
        .collect();
    let mut faults = Vec::new();
    for (number, tests) in hazards(&page("linx-core/docs/hazards.md")) {
        for test in tests {
            if !numbers_in_name(&test.1).any(|named| named == number) {
                faults.push(format!("{} does not carry {number} in its name", test.1));
            }
            if !functions.contains(&test) {
                faults.push(format!("{number}: {} has no fn {}", test.0, test.1));
            }
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_function_that_the_table_of_proofs_names_exists() {
    let architecture = page("ARCHITECTURE.md");
    let table = architecture.split("\n## What counts as proof\n").nth(1).unwrap();
    let table = table.split("\n## ").next().unwrap();
    let mut faults = Vec::new();
    for row in table.lines().filter(|line| line.starts_with("| ")).skip(2) {
        let places = places_of(row.trim_end_matches('|').rsplit('|').next().unwrap_or_default());
        if places.is_empty() {
            faults.push(format!("no function decides: {row}"));
        }
        for (names, path) in places {
            let text = fs::read_to_string(workspace().join(&path)).unwrap_or_default();
            let functions: BTreeSet<String> = names_of_functions(&text).collect();
            let missing = names.iter().filter(|name| !functions.contains(*name));
            faults.extend(missing.map(|name| format!("{path} has no fn {name}")));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_section_that_is_cited_exists() {
    let pages: BTreeMap<&str, BTreeSet<String>> = [
        ("behaviour.md", "linx-core/docs/behaviour.md"),
        ("exaktime-api.md", "exaktime-client/docs/exaktime-api.md"),
        ("procore-api.md", "procore-client/docs/procore-api.md"),
    ]
    .map(|(name, path)| (name, places(&page(path))))
    .into();
    let faults: Vec<String> = sources()
        .iter()
        .flat_map(|source| wrong_sections(source, &pages))
        .collect();
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

#[test]
fn every_page_that_is_named_exists() {
    let sources = sources();
    let name = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
    let mut pages: BTreeSet<String> = sources.iter().map(|source| name(&source.path)).collect();
    pages.extend(
        fs::read_dir(workspace())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap()),
    );
    let mut faults = Vec::new();
    for source in &sources {
        let named = source
            .text
            .split(|letter: char| !letter.is_alphanumeric() && !"-_.".contains(letter));
        for page in named.filter(|word| is_page(word) && !pages.contains(*word)) {
            faults.push(format!("{} names {page}, which does not exist", source.path));
        }
    }
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}

/// What is cited of a page that is not there, and citations that name no page: a page may leave out its own name. "OData
/// 4, section 11.2" is another's document: such a name ends with a comma.
fn wrong_sections(source: &Source, pages: &BTreeMap<&str, BTreeSet<String>>) -> Vec<String> {
    let words: Vec<&str> = source.text.split_whitespace().collect();
    let mut faults = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let kind = bare(word);
        let cited = match kind {
            "section" | "sections" => numbers(&words[at + 1..], is_section),
            "trap" | "traps" => numbers(&words[at + 1..], |number| number.parse::<u8>().is_ok()),
            _ => continue,
        };
        let before = at.checked_sub(1).map_or("", |before| words[before]);
        let own = pages.keys().find(|name| source.path.ends_with(*name));
        let (name, prefix) = match (kind, own) {
            // Traps are Procore's alone, so that its page need not be named.
            ("trap" | "traps", _) => ("procore-api.md", "trap-"),
            (_, Some(own)) if !is_page(bare(before)) => (*own, ""),
            _ if before.ends_with(',') => continue,
            _ => (bare(before), ""),
        };
        match pages.get(name) {
            None if cited.is_empty() => {}
            None => faults.push(format!(
                "{}: \"{before} {word} {}\" names no page",
                source.path, cited[0]
            )),
            Some(places) => faults.extend(
                cited
                    .iter()
                    .filter(|number| !places.contains(&format!("{prefix}{number}")))
                    .map(|number| format!("{}: {name} has no {kind} {number}", source.path)),
            ),
        }
    }
    faults
}

/// The sections of a page by their headings, and its traps by their anchors.
fn places(page: &str) -> BTreeSet<String> {
    let headings = page.lines().filter_map(|line| {
        line.trim_start_matches('#')
            .strip_prefix(' ')
            .filter(|_| line.starts_with("##"))
    });
    let sections = headings
        .filter_map(|heading| heading.split_whitespace().next())
        .filter(|number| is_section(number));
    let traps = page.split("<a id=\"").skip(1).filter_map(|rest| rest.split('"').next());
    sections.chain(traps).map(str::to_owned).collect()
}

/// Every hazard that the page has an anchor for, with the tests it names and the crates they are in.
fn hazards(page: &str) -> BTreeMap<String, Vec<(String, String)>> {
    page.split("\n### ")
        .skip(1)
        .map(|entry| {
            let number = entry
                .strip_prefix("<a id=\"")
                .unwrap()
                .split('"')
                .next()
                .unwrap()
                .to_uppercase();
            assert!(
                entry.contains(&format!("</a>{number} ")),
                "the anchor of {number} is not its heading's number"
            );
            for part in ["What goes wrong", "What Linx does", "Tests", "Source"] {
                assert!(entry.contains(&format!("**{part}.**")), "{number} does not say: {part}");
            }
            let tests = entry.split("**Tests.**").nth(1).unwrap().split("\n\n").next().unwrap();
            (number, tests_of(tests))
        })
        .collect()
}

/// The tests of one hazard, out of "linx-core: `a1_…`, `a1_…`; linx-cli: `a1_…`."
fn tests_of(text: &str) -> Vec<(String, String)> {
    let mut of_crate = "";
    let mut tests = Vec::new();
    for word in text.split_whitespace() {
        match word.strip_suffix(':') {
            Some(name) => of_crate = name,
            None if word.starts_with('`') => tests.push((of_crate.to_owned(), bare(word).to_owned())),
            None => {}
        }
    }
    tests
}

/// The hazards that a text names, as "hazards A1, B4", "hazards A3 to A7" or at the head of a test's name.
fn hazards_of(source: &Source) -> Vec<(String, &str)> {
    let words: Vec<&str> = source.text.split_whitespace().collect();
    let cited = words
        .iter()
        .enumerate()
        .filter(|(_, word)| bare(word).trim_end_matches('s').eq_ignore_ascii_case("hazard"));
    let cited = cited.flat_map(|(at, _)| numbers(&words[at + 1..], is_hazard));
    let named = names_of_functions(&source.text);
    let named = named.flat_map(|name| numbers_in_name(&name).collect::<Vec<_>>());
    cited
        .chain(named)
        .map(|number| (number, source.path.as_str()))
        .collect()
}

/// The functions that the last cell of the table of proofs names, by their files: "`one` and `two` in `a.rs` and `b.rs`" are both in
/// both. Paths without a crate are below `linx-core/src`.
fn places_of(cell: &str) -> Vec<(Vec<String>, String)> {
    let (mut names, mut paths) = (Vec::new(), Vec::new());
    let mut places = Vec::new();
    for word in cell.split('`').skip(1).step_by(2) {
        if !word.contains('.') {
            if !paths.is_empty() {
                places.extend(paths.drain(..).map(|path| (names.clone(), path)));
                names.clear();
            }
            names.push(word.to_owned());
        } else if CRATES.iter().any(|name| word.starts_with(&format!("{name}/"))) {
            paths.push(word.to_owned());
        } else {
            paths.push(format!("linx-core/src/{word}"));
        }
    }
    places.extend(paths.into_iter().map(|path| (names.clone(), path)));
    places
}

/// The names of all functions.
fn names_of_functions(text: &str) -> impl Iterator<Item = String> {
    text.split("fn ").skip(1).map(|rest| {
        rest.chars()
            .take_while(|letter| letter.is_alphanumeric() || *letter == '_')
            .collect()
    })
}

/// The hazards in the name of a test, which begins with one of them.
fn numbers_in_name(name: &str) -> impl Iterator<Item = String> {
    let parts = name.split('_').map(str::to_uppercase).collect::<Vec<_>>();
    let of_hazard = is_hazard(&parts[0]);
    parts.into_iter().filter(move |part| of_hazard && is_hazard(part))
}

/// The numbers that a citation goes on with: "7.2", "A1, B4 and C3", "A3 to A7".
fn numbers(words: &[&str], is_number: fn(&str) -> bool) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut upto = false;
    for word in words {
        let number = bare(word);
        if is_number(number) {
            found.extend(if upto {
                between(found.last(), number)
            } else {
                vec![number.to_owned()]
            });
        } else if found.is_empty() || !["and", "to"].contains(&number) {
            break;
        }
        upto = number == "to";
        if !word.ends_with(|last: char| last.is_alphanumeric() || last == ',') {
            break;
        }
    }
    found
}

/// The hazards after `first` up to and including `last`, which are of one part: B5, B6, B7 for B4 to B7.
fn between(first: Option<&String>, last: &str) -> Vec<String> {
    let part = &last[..1];
    let number = |hazard: &str| hazard.strip_prefix(part).and_then(|number| number.parse::<u8>().ok());
    match (first.and_then(|first| number(first)), number(last)) {
        (Some(first), Some(last)) => (first + 1..=last).map(|number| format!("{part}{number}")).collect(),
        _ => vec![last.to_owned()],
    }
}

/// `A1` to `D99`.
fn is_hazard(word: &str) -> bool {
    let number = word.strip_prefix(['A', 'B', 'C', 'D']).unwrap_or_default();
    (1..=2).contains(&number.len()) && number.bytes().all(|digit| digit.is_ascii_digit())
}

/// `7`, `7.2`.
fn is_section(word: &str) -> bool {
    !word.is_empty() && word.split('.').all(|part| part.parse::<u8>().is_ok())
}

/// The name of a page.
fn is_page(word: &str) -> bool {
    word.rsplit_once('.').is_some_and(|(_, extension)| extension == "md")
}

/// A word without what surrounds it in a sentence.
fn bare(word: &str) -> &str {
    word.trim_matches(|letter: char| !letter.is_alphanumeric())
}

fn page(path: &str) -> String {
    fs::read_to_string(workspace().join(path)).unwrap()
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}

/// All Rust and all pages of the workspace's crates, this file excepted, whose examples name what does not exist.
fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    for in_crate in CRATES {
        let mut folders = vec![workspace().join(in_crate)];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                let text = path
                    .extension()
                    .is_some_and(|extension| extension == "rs" || extension == "md");
                if path.is_dir() && !path.ends_with("target") {
                    folders.push(path);
                } else if text && !path.ends_with("linx-core/tests/it/reference.rs") {
                    let text = fs::read_to_string(&path).unwrap();
                    let path = path.strip_prefix(workspace()).unwrap().display().to_string();
                    let text = unbroken(&text);
                    sources.push(Source { in_crate, path, text });
                }
            }
        }
    }
    assert!(sources.len() > 100, "the sources were not found");
    sources
}

/// A text whose comments have no marks, so that they read as sentences.
fn unbroken(text: &str) -> String {
    let lines = text.lines().map(|line| {
        let line = line.trim_start();
        line.strip_prefix("///")
            .or(line.strip_prefix("//!"))
            .or(line.strip_prefix("//"))
            .unwrap_or(line)
    });
    lines.collect::<Vec<_>>().join("\n")
}
