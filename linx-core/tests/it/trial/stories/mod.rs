//! Stories of an adversary: combinations of deeds that might pay twice, leave hours out in silence, or undo what the office did.

mod combined;
pub(super) mod decided;
mod elsewhere;
mod everyday;
mod files;
mod office;
mod one_list;
mod random;
mod script;
mod selections;
mod under_way;

use linx_core::export::ExportReport;
use linx_core::plan::Selection;
use procore_client::TimecardEntryId;
use procore_client::timecards::ApprovalStatus;

use super::in_time;
use super::moves::office;
use crate::harness::{Harness, two_weeks};
use crate::small_company::all_hours;

pub(super) const TUESDAY: &str = "2026-03-03";

/// Facilities (`01-500`), as ExakTime names it in a record.
pub(super) fn facilities(harness: &Harness) -> Option<String> {
    let mut code = None;
    in_time(harness, "p-201", TUESDAY, 1, |record| {
        code.clone_from(&record.cost_code);
    });
    code
}

/// Ben's morning of Tuesday is on another code, which nobody has that day at that place.
pub(super) fn recode(harness: &Harness) {
    let code = facilities(harness);
    in_time(harness, "p-202", TUESDAY, 0, |record| record.cost_code = code);
}

pub(super) fn approve(harness: &Harness, id: TimecardEntryId) {
    office(harness, id, |entry| entry.status = ApprovalStatus::Approved);
}

pub(super) fn told(report: &ExportReport) -> Vec<String> {
    let held = report.held.iter();
    held.map(|held| format!("{} {} [{}]", held.reason.code(), held.subject.id(), held.detail))
        .collect()
}

/// After a few nights that many hours stand, and nobody needs to look.
pub(super) async fn comes_to_rest(harness: &Harness, due: i64) {
    let mut last = Vec::new();
    for _ in 0..5 {
        let report = harness.try_export().await.unwrap();
        last = told(&report);
        if last.is_empty() && report.refused.is_empty() && all_hours(harness) == due {
            return;
        }
        harness.next_day();
    }
    panic!("{} h stand for {due}, held for ever: {last:#?}", all_hours(harness));
}

pub(super) fn of(employee: &str) -> Selection {
    Selection {
        employees: vec![employee.to_owned()],
        ..two_weeks()
    }
}

/// The fortnight, with consent to a mass change.
pub(super) fn consent() -> Selection {
    Selection {
        allow_mass_change: true,
        ..two_weeks()
    }
}
