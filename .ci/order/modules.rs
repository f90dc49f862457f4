//! The modules of a crate: what each defines, imports and names, and what a path leads to.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fs;
use std::path::{Path, PathBuf};

use crate::tokens::{Token, end_of_item, is, tokens, without_tests, word};

/// Where to give up following imports: `use a::a`, of another crate `a`, would lead round and round.
const LONGEST_PATH: usize = 12;

/// The names from the root of the crate to a module or an item.
pub type Names = Vec<String>;

#[derive(Debug, Clone)]
pub struct Import {
    pub path: Names,
    /// What it is called here; nothing for `*` and `_`.
    pub name: Option<String>,
    pub public: bool,
    pub line: usize,
}

#[derive(Debug, Default)]
pub struct Module {
    pub file: PathBuf,
    pub items: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// Paths that are written out in the code, and their lines.
    pub paths: Vec<(Names, usize)>,
    pub words: BTreeMap<String, usize>,
}

pub struct Crate {
    pub name: &'static str,
    pub modules: BTreeMap<Names, Module>,
    pub functions: Vec<(PathBuf, String, usize, usize)>,
    pub files: Vec<(PathBuf, usize)>,
}

impl Crate {
    pub fn read(name: &'static str) -> Self {
        let mut krate = Self {
            name,
            modules: BTreeMap::new(),
            functions: Vec::new(),
            files: Vec::new(),
        };
        let source = Path::new(name).join("src");
        let root = ["lib.rs", "main.rs"]
            .map(|file| source.join(file))
            .into_iter()
            .find(|file| file.exists());
        krate.file(root.expect("a root of the crate"), &source, Vec::new());
        krate
    }

    /// Reads a file and the files of the modules that it declares, which stand in `folder`.
    fn file(&mut self, file: PathBuf, folder: &Path, module: Names) {
        let source = fs::read_to_string(&file).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        let (tokens, _, lines) = without_tests(tokens(&source));
        self.files
            .push((file.clone(), source.lines().count().saturating_sub(lines)));
        for child in self.module(&file, module.clone(), &tokens) {
            let names: Names = module.iter().cloned().chain([child.clone()]).collect();
            let flat = folder.join(format!("{child}.rs"));
            let folder = folder.join(&child);
            let file = if flat.exists() { flat } else { folder.join("mod.rs") };
            if file.exists() {
                self.file(file, &folder, names);
            }
        }
    }

    /// Reads the tokens of a module, and of those within it; answers which modules it declares in files.
    fn module(&mut self, file: &Path, module: Names, tokens: &[Token]) -> Vec<String> {
        let mut found = Module {
            file: file.to_path_buf(),
            ..Module::default()
        };
        let (mut in_files, mut at, mut depth, mut public) = (Vec::new(), 0, 0usize, false);
        while at < tokens.len() {
            let text = tokens[at].text.as_str();
            let name = tokens.get(at + 1).map(|token| token.text.clone()).unwrap_or_default();
            match text {
                "{" => depth += 1,
                "}" => depth = depth.saturating_sub(1),
                "pub" => public = true,
                "mod" if is(tokens, at + 2, &["{"]) => {
                    let end = end_of_item(tokens, at);
                    let names = module.iter().cloned().chain([name]).collect();
                    self.module(file, names, &tokens[at + 3..end - 1]);
                    at = end;
                    continue;
                }
                "mod" if is(tokens, at + 2, &[";"]) => in_files.push(name),
                "use" => {
                    let end = end_of_item(tokens, at);
                    // Braces count as the end of an item; a use ends with its semicolon.
                    let end = (at..tokens.len()).find(|at| tokens[*at].text == ";").unwrap_or(end);
                    imports(&tokens[at + 1..end], &[], public, &mut found.imports);
                    at = end;
                }
                "struct" | "enum" | "union" | "trait" | "type" | "const" | "static" if depth == 0 => {
                    found.items.insert(name);
                }
                "fn" if name.starts_with(word) => {
                    if depth == 0 {
                        found.items.insert(name.clone());
                    }
                    let end = end_of_item(tokens, at);
                    let lines = tokens[end - 1].line + 1 - tokens[at].line;
                    self.functions.push((file.to_path_buf(), name, tokens[at].line, lines));
                }
                "macro_rules" => {
                    found.items.extend(tokens.get(at + 2).map(|token| token.text.clone()));
                }
                _ if word(text.chars().next().unwrap_or(' ')) && (at == 0 || tokens[at - 1].text != "::") => {
                    *found.words.entry(text.to_owned()).or_default() += 1;
                    let path: Names = path_at(tokens, at);
                    if path.len() > 1 && (at == 0 || tokens[at - 1].text != ".") {
                        found.paths.push((path, tokens[at].line));
                    }
                }
                _ => {}
            }
            if matches!(tokens[at].text.as_str(), ";" | "}" | "{") {
                public = false;
            }
            at += 1;
        }
        self.modules.insert(module, found);
        in_files
    }

    /// The module that defines what a path written in `module` names, and the name of the item if it is one. An item
    /// that a macro defines is taken to be in the module that the path leads to.
    pub fn resolve(&self, module: &[String], path: &[String]) -> Option<(Names, Option<String>)> {
        self.follow(module, path, false, &mut HashSet::new())
            .or_else(|| self.follow(module, path, true, &mut HashSet::new()))
    }

    fn follow(
        &self,
        module: &[String],
        path: &[String],
        macros: bool,
        seen: &mut HashSet<(Names, Names)>,
    ) -> Option<(Names, Option<String>)> {
        if path.len() > LONGEST_PATH || !seen.insert((module.to_vec(), path.to_vec())) {
            return None;
        }
        let (mut at, mut rest) = match path.first()?.as_str() {
            "crate" => (Vec::new(), &path[1..]),
            "self" => (module.to_vec(), &path[1..]),
            _ => (module.to_vec(), path),
        };
        while rest.first().is_some_and(|name| name == "super") {
            at.pop()?;
            rest = &rest[1..];
        }
        while let Some(name) = rest.first() {
            let child: Names = at.iter().cloned().chain([name.clone()]).collect();
            if self.modules.contains_key(&child) {
                at = child;
                rest = &rest[1..];
                continue;
            }
            let here = self.modules.get(&at)?;
            if here.items.contains(name) {
                return Some((at, Some(name.clone())));
            }
            return self.through_imports(&at, rest, macros, seen).or_else(|| {
                let led_here = matches!(path[0].as_str(), "crate" | "self" | "super") || at.as_slice() != module;
                (macros && led_here).then(|| (at.clone(), Some(name.clone())))
            });
        }
        Some((at, None))
    }

    /// The same for a path that begins with a name that `module` imports, by itself or by `*`.
    fn through_imports(
        &self,
        module: &[String],
        path: &[String],
        macros: bool,
        seen: &mut HashSet<(Names, Names)>,
    ) -> Option<(Names, Option<String>)> {
        let imports = &self.modules.get(module)?.imports;
        let named = imports.iter().filter(|import| import.name.as_ref() == path.first());
        for import in named {
            let path: Names = import.path.iter().chain(&path[1..]).cloned().collect();
            if let Some(found) = self.follow(module, &path, macros, seen) {
                return Some(found);
            }
        }
        for import in imports {
            let Some((_, of)) = import.path.split_last().filter(|(last, _)| *last == "*") else {
                continue;
            };
            let path: Names = of.iter().chain(path).cloned().collect();
            if let Some((module, Some(item))) = self.follow(module, &path, false, seen) {
                return Some((module, Some(item)));
            }
        }
        None
    }
}

/// The path that is written at `at`: words joined by `::`.
fn path_at(tokens: &[Token], mut at: usize) -> Names {
    let mut path = vec![tokens[at].text.clone()];
    while is(tokens, at + 1, &["::"]) && tokens.get(at + 2).is_some_and(|token| token.text.starts_with(word)) {
        at += 2;
        path.push(tokens[at].text.clone());
    }
    path
}

/// Reads the tree of a `use`: `a::{b, c::d as e, f::*}`.
fn imports(tokens: &[Token], before: &[String], public: bool, found: &mut Vec<Import>) {
    let mut path: Names = before.to_vec();
    let mut at = 0;
    while at < tokens.len() && !matches!(tokens[at].text.as_str(), "{" | "as") {
        if tokens[at].text != "::" {
            path.push(tokens[at].text.clone());
        }
        at += 1;
    }
    if is(tokens, at, &["{"]) {
        let (mut depth, mut start) = (0, at + 1);
        for (at, token) in tokens.iter().enumerate().skip(at) {
            match token.text.as_str() {
                "{" => depth += 1,
                "}" => depth -= 1,
                _ => {}
            }
            if (depth == 1 && token.text == ",") || depth == 0 {
                if start < at {
                    imports(&tokens[start..at], &path, public, found);
                }
                start = at + 1;
            }
        }
        return;
    }
    let Some(last) = path.last().cloned() else { return };
    if last == "self" && path.len() > 1 {
        path.pop();
    }
    let name = if is(tokens, at, &["as"]) {
        tokens.get(at + 1).map(|token| token.text.clone())
    } else {
        path.last().cloned()
    };
    let line = tokens.last().map_or(0, |token| token.line);
    found.push(Import {
        path,
        name: name.filter(|name| name != "*" && name != "_"),
        public,
        line,
    });
}
