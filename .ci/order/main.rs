//! Checks that the sources keep their order. Needs rustc and nothing else:
//!
//!     rustc --edition 2024 -o target/order .ci/order/main.rs && target/order circles lengths
//!
//! `circles` finds rooms of linx-core that import from their right, and files that import each other. An arrow goes
//! from the file that names an item to the file that defines it; re-exports are followed, and are no arrows themselves.
//! `lengths` finds functions of more than 60 lines and files of more than 450. Tests are left out of both.

mod modules;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, HashSet, VecDeque};
use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use crate::modules::{Crate, Import};

const CRATES: [&str; 5] = [
    "linx-http",
    "procore-client",
    "exaktime-client",
    "linx-core",
    "linx-cli",
];

/// The rooms of linx-core, lowest first: each imports from lower ones only. Rooms that share a rank
/// do not import each other.
const RANKS: [&[&str]; 13] = [
    &["model"],
    &["digest"],
    &["change"],
    &["settings", "hold"],
    &["ledger", "ports"],
    &["adapters", "plan"],
    &["mapping"],
    &["reconcile"],
    &["linx"],
    &["sync", "export"],
    &["links"],
    &["testing"],
    &["guide"],
];

const FUNCTION_LINES: usize = 60;
const FILE_LINES: usize = 450;
/// Tables and other data, which are long because there is much of it.
const DATA: [&str; 0] = [];

fn main() -> ExitCode {
    let mut complaints = Vec::new();
    for check in env::args().skip(1) {
        for name in CRATES {
            let krate = Crate::read(name);
            match check.as_str() {
                "circles" => {
                    complaints.extend(krate.wrong_ranks());
                    complaints.extend(krate.circles());
                }
                "lengths" => complaints.extend(krate.lengths()),
                "arrows" => krate.arrows().iter().for_each(|arrow| println!("{arrow:?}")),
                _ => complaints.push(format!("no such check: {check}")),
            }
        }
    }
    complaints.iter().for_each(|complaint| eprintln!("{complaint}"));
    if complaints.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// A name in one file that leads to another.
#[derive(Debug, Clone)]
struct Arrow {
    from: PathBuf,
    line: usize,
    path: String,
    to: PathBuf,
    rooms: (String, BTreeSet<String>),
}

impl Crate {
    fn arrows(&self) -> Vec<Arrow> {
        let mut arrows = Vec::new();
        for (names, module) in &self.modules {
            let used = |import: &&Import| {
                let name = import.name.as_deref().unwrap_or_default();
                !import.public || module.words.contains_key(name)
            };
            let imports = module
                .imports
                .iter()
                .filter(used)
                .map(|import| (&import.path, import.line));
            for (path, line) in imports.chain(module.paths.iter().map(|(path, line)| (path, *line))) {
                let glob = path.last().is_some_and(|last| last == "*");
                let path = if glob { &path[..path.len() - 1] } else { &path[..] };
                let Some((to, item)) = self.resolve(names, path) else {
                    continue;
                };
                let (Some(target), true) = (self.modules.get(&to), item.is_some() || glob) else {
                    continue;
                };
                let room = |names: &[String]| names.first().cloned().unwrap_or_default();
                let written = path
                    .iter()
                    .skip_while(|name| *name == "crate")
                    .next()
                    .filter(|_| path[0] == "crate");
                arrows.push(Arrow {
                    from: module.file.clone(),
                    line,
                    path: path.join("::"),
                    to: target.file.clone(),
                    rooms: (room(names), written.into_iter().cloned().chain([room(&to)]).collect()),
                });
            }
        }
        arrows.retain(|arrow| arrow.from != arrow.to);
        arrows.sort_by(|a, b| (&a.from, &a.to, a.line).cmp(&(&b.from, &b.to, b.line)));
        arrows.dedup_by(|a, b| (&a.from, &a.to, a.line) == (&b.from, &b.to, b.line));
        arrows
    }

    fn wrong_ranks(&self) -> Vec<String> {
        if self.name != "linx-core" {
            return Vec::new();
        }
        let rank = |room: &str| RANKS.iter().position(|rooms| rooms.contains(&room));
        let mut complaints = Vec::new();
        for room in self
            .modules
            .keys()
            .filter(|names| names.len() == 1)
            .map(|names| &names[0])
        {
            if rank(room).is_none() {
                complaints.push(format!(
                    "{}: the room `{room}` has no rank in .ci/order/main.rs",
                    self.name
                ));
            }
        }
        for arrow in self.arrows() {
            let (from, rooms) = &arrow.rooms;
            for to in rooms.iter().filter(|to| *to != from) {
                if rank(to).is_some() && rank(from).is_some() && rank(to) >= rank(from) {
                    complaints.push(format!(
                        "{}:{} imports {}, and `{to}` is not beneath `{from}`",
                        arrow.from.display(),
                        arrow.line,
                        arrow.path
                    ));
                }
            }
        }
        complaints
    }

    fn circles(&self) -> Vec<String> {
        let arrows = self.arrows();
        let mut next: BTreeMap<&Path, BTreeSet<&Path>> = BTreeMap::new();
        for arrow in &arrows {
            next.entry(&arrow.from).or_default().insert(&arrow.to);
        }
        let mut seen = HashSet::new();
        let mut complaints = Vec::new();
        for arrow in arrows.iter().filter(|arrow| seen.insert((&arrow.from, &arrow.to))) {
            let Some(way) = way(&next, &arrow.to, &arrow.from) else {
                continue;
            };
            let back: Vec<_> = way[1..]
                .iter()
                .map(|file| format!("imports {}", file.display()))
                .collect();
            let (from, to, back) = (arrow.from.display(), arrow.to.display(), back.join(", which "));
            complaints.push(format!("{from}:{} imports {}, and {to} {back}", arrow.line, arrow.path));
        }
        complaints
    }

    fn lengths(&self) -> Vec<String> {
        let data = |file: &Path| DATA.iter().any(|data| file == Path::new(data));
        let functions = self
            .functions
            .iter()
            .filter(|(file, _, _, lines)| *lines > FUNCTION_LINES && !data(file));
        let files = self
            .files
            .iter()
            .filter(|(file, lines)| *lines > FILE_LINES && !data(file));
        functions
            .map(|(file, name, line, lines)| {
                format!(
                    "{}:{line} `{name}` has {lines} lines, more than {FUNCTION_LINES}",
                    file.display()
                )
            })
            .chain(files.map(|(file, lines)| format!("{} has {lines} lines, more than {FILE_LINES}", file.display())))
            .collect()
    }
}

/// The shortest way along the arrows, both ends included.
fn way<'a>(next: &BTreeMap<&'a Path, BTreeSet<&'a Path>>, from: &'a Path, to: &Path) -> Option<Vec<&'a Path>> {
    let mut ways = VecDeque::from([vec![from]]);
    let mut seen = HashSet::from([from]);
    while let Some(way) = ways.pop_front() {
        let last = *way.last()?;
        if last == to {
            return Some(way);
        }
        for file in next.get(last).into_iter().flatten().filter(|file| seen.insert(file)) {
            ways.push_back(way.iter().copied().chain([*file]).collect());
        }
    }
    None
}
