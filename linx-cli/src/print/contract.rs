//! The JSON of reports: the program's contract with scripts. Names and order of its keys may gain and never lose.

use std::collections::BTreeMap;

use linx_core::export::{ExportHours, ExportReport, ExportSummary, ReportedLine};
use linx_core::hold::{Held, Reason};
use linx_core::ledger::{Direction, RunId};
use linx_core::model::{Hours, RecordId};
use linx_core::plan::{Account, Adopted, ByOtherHands, MassChange, Rounded, Suggestion};
use linx_core::ports::{Check, CheckStatus};
use linx_core::sync::{ReportedChange, SyncReport, SyncSummary};
use serde::Serialize;

use super::words;

/// What `linx sync` and `linx apply` of such a plan print.
#[derive(Serialize)]
pub struct SyncDocument<'a> {
    run: Option<RunId>,
    direction: Direction,
    applied: bool,
    summary: SyncSummary,
    changes: &'a [ReportedChange],
    adopted: &'a [Adopted],
    held: Vec<HeldItem<'a>>,
    left_out: Vec<HeldItem<'a>>,
    likely: &'a [Suggestion],
    refused: Vec<String>,
    notes: &'a [String],
}

/// What `linx export` and `linx apply` of such a plan print.
#[derive(Serialize)]
pub struct ExportDocument<'a> {
    run: Option<RunId>,
    direction: Direction,
    from: chrono::NaiveDate,
    to: chrono::NaiveDate,
    applied: bool,
    summary: ExportSummary,
    hours: ExportHours,
    other_hands: ByOtherHands,
    changes: &'a [ReportedLine],
    held: Vec<HeldItem<'a>>,
    left_out: Vec<HeldItem<'a>>,
    account: &'a Account,
    employees: &'a BTreeMap<RecordId, String>,
    refused: Vec<String>,
    zone_data: &'a str,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    rounded: &'a BTreeMap<RecordId, Rounded>,
    notes: &'a [String],
}

/// One thing that is held or left out.
#[derive(Serialize)]
struct HeldItem<'a> {
    kind: &'static str,
    id: String,
    code: Reason,
    reason: &'static str,
    fix: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    seconds: Option<&'a Hours>,
}

impl<'a> From<&'a Held> for HeldItem<'a> {
    fn from(held: &'a Held) -> Self {
        Self {
            kind: held.subject.kind(),
            id: held.subject.id().into_owned(),
            code: held.reason,
            reason: held.reason.why(),
            fix: words::fix(&held.reason.fix()),
            detail: words::detail(held),
            seconds: held.hours.as_ref(),
        }
    }
}

fn items(held: &[Held]) -> Vec<HeldItem<'_>> {
    held.iter().map(HeldItem::from).collect()
}

/// One sentence for each kind of record, and for lines.
fn refused(refused: &[MassChange]) -> Vec<String> {
    refused
        .chunk_by(|one, other| one.becoming.kind() == other.becoming.kind())
        .map(|group| group.iter().map(words::mass_change).collect::<Vec<_>>().join("; "))
        .collect()
}

/// One line of what `linx doctor` prints.
#[derive(Serialize)]
pub struct CheckItem<'a> {
    name: &'a str,
    verdict: CheckStatus,
    saw: &'a str,
    fix: String,
}

impl<'a> From<&'a Check> for CheckItem<'a> {
    fn from(check: &'a Check) -> Self {
        Self {
            name: &check.name,
            verdict: check.status,
            saw: &check.saw,
            fix: words::fix(&check.fix),
        }
    }
}

impl<'a> From<&'a SyncReport> for SyncDocument<'a> {
    fn from(report: &'a SyncReport) -> Self {
        Self {
            run: report.run,
            direction: report.direction,
            applied: report.applied,
            summary: report.summary,
            changes: &report.changes,
            adopted: &report.adopted,
            held: items(&report.held),
            left_out: items(&report.left_out),
            likely: &report.likely,
            refused: refused(&report.refused),
            notes: &report.notes,
        }
    }
}

impl<'a> From<&'a ExportReport> for ExportDocument<'a> {
    fn from(report: &'a ExportReport) -> Self {
        Self {
            run: report.run,
            direction: report.direction,
            from: report.from,
            to: report.to,
            applied: report.applied,
            summary: report.summary,
            hours: report.hours,
            other_hands: report.other_hands,
            changes: &report.changes,
            held: items(&report.held),
            left_out: items(&report.left_out),
            account: &report.account,
            employees: &report.employees,
            refused: refused(&report.refused),
            zone_data: &report.zone_data,
            rounded: &report.rounded,
            notes: &report.notes,
        }
    }
}
