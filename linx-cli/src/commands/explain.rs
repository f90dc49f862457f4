//! `linx explain`.

use linx_core::hold::{Disposition, Reason};
use serde::Serialize;

use crate::args::ExplainArgs;
use crate::error::{CliError, Status};
use crate::print::document::{Block, Document, Group, Tone};
use crate::print::{Printer, words};

/// A reason as a script reads it.
#[derive(Serialize)]
struct Explained {
    code: &'static str,
    fate: Disposition,
    why: &'static str,
    fix: String,
}

pub fn run(args: &ExplainArgs, printer: &Printer) -> Result<Status, CliError> {
    let asked = args
        .code
        .as_deref()
        .map(|code| code.trim().to_lowercase().replace('-', "_"));
    let chosen: Vec<Reason> = Reason::ALL
        .iter()
        .copied()
        .filter(|reason| asked.as_deref().is_none_or(|code| code == reason.code()))
        .collect();
    if chosen.is_empty() {
        let codes: Vec<&str> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        let code = args.code.as_deref().unwrap_or_default();
        return Err(
            CliError::usage(format!("there is no reason `{code}`")).hint(format!("Known: {}.", codes.join(", ")))
        );
    }
    let told: Vec<Explained> = chosen.into_iter().map(explained).collect();
    let document = Document::new("Why something is not written").with(told.iter().map(block));
    match told.as_slice() {
        [one] if asked.is_some() => printer.report(&document, one)?,
        _ => printer.report(&document, &told)?,
    }
    Ok(Status::Done)
}

fn explained(reason: Reason) -> Explained {
    Explained {
        code: reason.code(),
        fate: reason.fate(),
        why: reason.why(),
        fix: words::fix(&reason.fix()),
    }
}

fn block(explained: &Explained) -> Block {
    let (mark, tone, fate) = match explained.fate {
        Disposition::Held => (
            "HELD",
            Tone::Warn,
            "It is kept back until a person acts, and tried again at every run.",
        ),
        Disposition::LeftOut => ("out", Tone::Dim, "A rule has decided; nobody has to act."),
    };
    Block::Group(Group {
        mark: mark.to_owned(),
        tone,
        lead: format!("{}: {}", explained.code, explained.why),
        notes: vec![fate.to_owned(), format!("What to do: {}", explained.fix)],
        ..Group::default()
    })
}
