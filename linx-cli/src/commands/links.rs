//! `linx links`.

use std::path::Path;

use linx_core::ledger::Ledger;
use linx_core::links::{LinkError, NamedPair};
use linx_core::model::{OfficeRef, RecordId};
use linx_core::plan::Suggestion;
use serde::Serialize;

use crate::args::{LinksCommand, Pairs, References};
use crate::compose::{Sides, open_ledger};
use crate::config::{Environment, Loaded};
use crate::error::{CliError, Status};
use crate::file;
use crate::print::csv::{cell, uncell};
use crate::print::{Printer, links};
use linx_core::Linx;

/// How many records a change by hand touched, as a script reads it.
#[derive(Serialize)]
struct Changed {
    changed: usize,
}

/// Likely pairs, and how many of them were accepted.
#[derive(Serialize)]
struct Suggested<'a> {
    suggestions: &'a [Suggestion],
    accepted: usize,
}

pub async fn run(
    command: &LinksCommand,
    loaded: &Loaded,
    environment: &Environment,
    printer: &Printer,
) -> Result<Status, CliError> {
    if let LinksCommand::List { csv } = command {
        return list(csv.as_deref(), loaded, printer).await;
    }
    let linx = Sides::new(loaded, environment)?
        .join(loaded, true, printer.progress())
        .await?;
    match command {
        LinksCommand::List { .. } => Ok(Status::Done),
        LinksCommand::Suggest { accept } => suggest(&linx, *accept, printer).await,
        LinksCommand::Set(pairs) => {
            let changed = set(&linx, &pairs_of(pairs, &linx).await?).await?;
            print_changed(changed, "linked", printer)
        }
        LinksCommand::Unlink(References { entities }) => {
            print_changed(linx.unlink(entities).await?, "unlinked", printer)
        }
        LinksCommand::Ignore(References { entities }) => {
            print_changed(linx.ignore(entities).await?, "ignored from now on", printer)
        }
        LinksCommand::Unignore(References { entities }) => {
            print_changed(linx.unignore(entities).await?, "taken up again", printer)
        }
    }
}

async fn list(csv: Option<&Path>, loaded: &Loaded, printer: &Printer) -> Result<Status, CliError> {
    let ledger = open_ledger(loaded)?;
    let (links, ignored) = (ledger.links().await?, ledger.ignored().await?);
    if let Some(path) = csv {
        file::replace(path, &to_csv(&links)?)?;
    }
    let listed = links::Listed {
        links: links.iter().map(links::Listing::from).collect(),
        ignored,
    };
    printer.report(&links::list(&listed), &listed)?;
    Ok(Status::Done)
}

async fn suggest(linx: &Linx, accept: Option<u8>, printer: &Printer) -> Result<Status, CliError> {
    let suggestions = linx.suggest_links().await?;
    let sure = accept.map_or_else(Vec::new, |above| linx_core::links::accepted(&suggestions, above));
    let accepted = if sure.is_empty() { 0 } else { set(linx, &sure).await? };
    let value = Suggested {
        suggestions: &suggestions,
        accepted,
    };
    printer.report(&links::suggestions(&suggestions, accepted), &value)?;
    Ok(Status::Done)
}

async fn set(linx: &Linx, pairs: &[(OfficeRef, RecordId)]) -> Result<usize, CliError> {
    let made = linx.set_links(pairs).await;
    made.map_err(|error| not_linked(error, "`linx links list` tells what is linked; nothing was changed."))
}

fn not_linked(error: LinkError, hint: &str) -> CliError {
    match error {
        LinkError::Linx(error) => error.into(),
        error => CliError::usage(error.to_string()).hint(hint),
    }
}

/// What a file of pairs holds.
enum InFile {
    /// References and ids, as `linx links list --csv` writes them.
    Ids(Vec<(OfficeRef, RecordId)>),
    /// Numbers and codes, as a company has them.
    Names(Vec<NamedPair>),
}

fn print_changed(changed: usize, how: &str, printer: &Printer) -> Result<Status, CliError> {
    printer.report(&links::changed(changed, how), &Changed { changed })?;
    Ok(Status::Done)
}

/// The pair of the arguments, or those of the file.
async fn pairs_of(pairs: &Pairs, linx: &Linx) -> Result<Vec<(OfficeRef, RecordId)>, CliError> {
    match (&pairs.csv, pairs.office, &pairs.field) {
        (Some(path), ..) => match from_csv(path)? {
            InFile::Ids(pairs) => Ok(pairs),
            InFile::Names(pairs) => {
                let found = linx.find_pairs(&pairs).await;
                found.map_err(|error| {
                    not_linked(
                        error,
                        "The numbers and codes are those of both services; nothing was changed.",
                    )
                })
            }
        },
        (None, Some(office), Some(field)) => Ok(vec![(office, RecordId(field.as_str().into()))]),
        _ => Err(CliError::usage(
            "a Procore entity and an ExakTime id are wanted, or --csv FILE",
        )),
    }
}

fn to_csv(links: &[linx_core::ledger::Link]) -> Result<String, CliError> {
    let failed = |error: csv::Error| CliError::failed("the links cannot be written as CSV").caused_by(error);
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(["procore", "exaktime"]).map_err(failed)?;
    for link in links {
        writer
            .write_record([cell(link.office.to_string()), cell(link.record.as_str().to_owned())])
            .map_err(failed)?;
    }
    let bytes = writer.into_inner().map_err(|error| failed(error.into_error().into()))?;
    String::from_utf8(bytes).map_err(|error| CliError::failed("the links cannot be written as CSV").caused_by(error))
}

/// Columns `procore` and `exaktime`, and `kind` where they hold numbers and codes instead of ids; all is text, so that no
/// zero is lost (hazard C7).
fn from_csv(path: &Path) -> Result<InFile, CliError> {
    let wrong = |what: String| CliError::usage(format!("{}: {what}", path.display()));
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(|error| wrong("it cannot be read".into()).caused_by(error))?;
    let head = reader
        .headers()
        .map_err(|error| wrong("it cannot be read".into()).caused_by(error))?
        .clone();
    let column = |name: &str| {
        head.iter()
            .position(|title| title.eq_ignore_ascii_case(name))
            .ok_or_else(|| wrong(format!("it has no column {name}")).hint("`linx links list --csv FILE` writes one."))
    };
    let (office, field) = (column("procore")?, column("exaktime")?);
    let kind = column("kind").ok();
    let (mut pairs, mut named) = (Vec::new(), Vec::new());
    for (row, record) in reader.records().enumerate() {
        let record = record.map_err(|error| wrong(format!("row {} cannot be read", row + 1)).caused_by(error))?;
        let text = |column: usize| uncell(record.get(column).unwrap_or_default());
        let unread = |error: linx_core::model::IdError| wrong(format!("row {}: {error}", row + 1));
        // A blank never makes or clears a mapping (hazard C14).
        if text(field).is_empty() {
            return Err(wrong(format!("row {}: the ExakTime id is blank", row + 1)));
        }
        match kind {
            None => pairs.push((text(office).parse().map_err(unread)?, RecordId(text(field).into()))),
            Some(kind) => named.push(NamedPair {
                kind: text(kind).parse().map_err(unread)?,
                office: text(office).to_owned(),
                field: text(field).to_owned(),
            }),
        }
    }
    Ok(if kind.is_some() {
        InFile::Names(named)
    } else {
        InFile::Ids(pairs)
    })
}
