//! `linx demo`: the whole job on both sandboxes in this process, with a clock that stands still.

use std::sync::Arc;

use chrono::Weekday;
use exaktime_client::sandbox::SANDBOX_API_KEY;
use linx_core::Linx;
use linx_core::adapters::ClientClock;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_core::export::ExportReport;
use linx_core::ledger::{MemoryLedger, Pair};
use linx_core::plan::Selection;
use linx_core::ports::{Check, Field, Office};
use linx_core::settings::SyncSettings;
use linx_core::sync::{SyncOptions, SyncReport};
use linx_http::sandbox::InProcess;
use linx_http::{Clock, ManualClock};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};
use serde::{Serialize, Serializer};

use super::doctor;
use crate::error::{CliError, Status};
use crate::print::contract::{ExportDocument, SyncDocument};
use crate::print::document::{Block, Tone};
use crate::print::{Document, Printer, checks, export, sync};

/// What the demonstration shows, step by step, as a script reads it.
#[derive(Serialize)]
struct Shown {
    direction: &'static str,
    checks: Vec<Check>,
    #[serde(serialize_with = "sync_document")]
    sync_plan: SyncReport,
    #[serde(serialize_with = "sync_document")]
    sync: SyncReport,
    #[serde(serialize_with = "export_document")]
    export_plan: ExportReport,
    #[serde(serialize_with = "export_document")]
    export: ExportReport,
    #[serde(serialize_with = "sync_document")]
    sync_again: SyncReport,
    #[serde(serialize_with = "export_document")]
    export_again: ExportReport,
}

/// The same JSON as that of `linx sync`.
fn sync_document<S: Serializer>(report: &SyncReport, serializer: S) -> Result<S::Ok, S::Error> {
    SyncDocument::from(report).serialize(serializer)
}

/// The same JSON as that of `linx export`.
fn export_document<S: Serializer>(report: &ExportReport, serializer: S) -> Result<S::Ok, S::Error> {
    ExportDocument::from(report).serialize(serializer)
}

pub async fn run(printer: &Printer) -> Result<Status, CliError> {
    let shown = show().await?;
    let faults = shown.faults();
    printer.report(&shown.document(&faults), &shown)?;
    Ok(if faults.is_empty() {
        Status::Done
    } else {
        Status::Failed
    })
}

/// Both sandboxes, the two sides on them, and the days of the time that is in them.
struct Sandboxes {
    office: Arc<ProcoreOffice>,
    field: Arc<ExakTimeField>,
    linx: Linx,
    days: Selection,
}

fn sandboxes() -> Result<Sandboxes, CliError> {
    let broken = |error: linx_http::Error| CliError::failed("the sandboxes cannot be set up").caused_by(error);
    let day = |day| chrono::NaiveDate::from_ymd_opt(2026, 3, day).unwrap_or_default();
    // The Tuesday after the two weeks: everything has reached the warehouse.
    let now = day(17).and_hms_opt(12, 0, 0).unwrap_or_default().and_utc();
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(now));
    let procore = Arc::new(procore_client::sandbox::Sandbox::contractor());
    let exaktime = Arc::new(exaktime_client::sandbox::Sandbox::contractor());
    let office = procore_client::Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), SANDBOX_CLIENT_SECRET.into())
        .transport(Arc::new(InProcess::new(procore, Arc::clone(&clock))))
        .clock(Arc::clone(&clock))
        .build()
        .map_err(broken)?;
    let field = exaktime_client::Client::builder()
        .api_key(SANDBOX_API_KEY.into())
        .transport(Arc::new(InProcess::new(exaktime, Arc::clone(&clock))))
        .clock(Arc::clone(&clock))
        .build()
        .map_err(broken)?;
    let (office, field) = (
        Arc::new(ProcoreOffice::new(office)),
        Arc::new(ExakTimeField::new(field)),
    );
    let pair = Pair {
        office: format!("sandbox company {}", SANDBOX_COMPANY_ID.get()),
        field: "sandbox account".to_owned(),
    };
    let ledger = Arc::new(MemoryLedger::new());
    let clock = Arc::new(ClientClock::new(clock));
    // Who left is deactivated at once: the time is exported in the next step, and then the second run has nothing to do.
    let settings = SyncSettings {
        unsent_days: 0,
        ..SyncSettings::default()
    };
    let linx = Linx::builder(pair, office.clone(), field.clone(), ledger, clock)
        .sync(settings)
        .build()
        .map_err(|error| CliError::failed("the sandboxes cannot be set up").caused_by(error))?;
    Ok(Sandboxes {
        office,
        field,
        linx,
        days: Selection::days(day(2), day(15)),
    })
}

async fn show() -> Result<Shown, CliError> {
    let Sandboxes {
        office,
        field,
        linx,
        days,
    } = sandboxes()?;
    let mut checks = office.check().await;
    checks.extend(field.check().await);

    let options = SyncOptions::default();
    let plan = linx.plan_sync(&options).await?;
    let sync_plan = SyncReport::planned(&plan);
    let sync = linx.apply_sync(&plan).await?;

    let plan = linx.plan_export(&days).await?;
    let export_plan = ExportReport::planned(&plan);
    let export = linx.apply_export(&plan).await?;

    let plan = linx.plan_sync(&options).await?;
    let sync_again = linx.apply_sync(&plan).await?;
    let plan = linx.plan_export(&days).await?;
    let export_again = linx.apply_export(&plan).await?;
    Ok(Shown {
        direction: "demo",
        checks,
        sync_plan,
        sync,
        export_plan,
        export,
        sync_again,
        export_again,
    })
}

impl Shown {
    /// What did not go as a demonstration should.
    fn faults(&self) -> Vec<&'static str> {
        let sync_failed: usize = [
            &self.sync.summary.employees,
            &self.sync.summary.locations,
            &self.sync.summary.cost_codes,
        ]
        .map(|tally| tally.failed)
        .iter()
        .sum();
        let expected = [
            (
                doctor::status(&self.checks) == Status::Done,
                "a prerequisite is not met",
            ),
            (
                sync_failed == 0 && self.sync.written() > 0,
                "the sync did not write all of its plan",
            ),
            (
                self.export.summary.failed == 0 && self.export.written() > 0,
                "the export did not write all of its plan",
            ),
            (self.export.account.check().is_ok(), "the hours do not add up"),
            (
                self.sync_again.changes.is_empty(),
                "the second sync found something to write",
            ),
            (
                self.export_again.changes.is_empty(),
                "the second export found something to write",
            ),
            (
                self.export_again.hours.stored == self.export.hours.stored,
                "the second export accounts for other hours",
            ),
        ];
        expected
            .into_iter()
            .filter(|(met, _)| !met)
            .map(|(_, fault)| fault)
            .collect()
    }

    fn document(&self, faults: &[&str]) -> Document {
        let chapter = |title: &str, blocks: Vec<Block>| {
            let mut chapter = vec![Block::Chapter { text: title.to_owned() }];
            chapter.extend(blocks);
            chapter
        };
        let again = vec![
            Block::text(
                Tone::Plain,
                format!("Sync: {} to write.", self.sync_again.changes.len()),
            ),
            Block::text(
                Tone::Plain,
                format!("Export: {} to write.", self.export_again.changes.len()),
            ),
            Block::text(Tone::Plain, export::equation(&self.export_again)),
        ];
        let verdict = if faults.is_empty() {
            vec![Block::text(
                Tone::Good,
                "Everything went as a demonstration should. A real run with held records ends with exit status 3; \
                 this one ends with 0.",
            )]
        } else {
            faults.iter().map(|fault| Block::text(Tone::Bad, *fault)).collect()
        };
        Document::new("Linx: an invented contractor, both services imitated in this process")
            .with(chapter(
                "1  Doctor: is everything as it has to be?",
                checks::blocks(&self.checks),
            ))
            .with(chapter("2  Sync: the plan", sync::changes(&self.sync_plan)))
            .with(chapter("3  Sync: applied", sync::outcome(&self.sync)))
            .with(chapter(
                "4  Export of two weeks: the plan",
                export::lines(&self.export_plan),
            ))
            .with(chapter(
                "5  Export: applied",
                export::outcome(&self.export, Weekday::Mon),
            ))
            .with(chapter("6  Both again: nothing is written twice", again))
            .with(chapter("Verdict", verdict))
    }
}
