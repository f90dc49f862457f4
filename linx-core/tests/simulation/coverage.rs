//! What many histories have to meet: what is never met is a fault of the simulator.

use std::collections::BTreeMap;

use linx_core::hold::Reason;

use crate::calls::name_of;
use crate::swarm::FAULTS;

/// So many histories meet everything.
pub const ENOUGH: u64 = 20_000;

/// Why something is held or left out in companies like these. The other reasons are of projects that have classes of work, of further
/// settings, and of files.
const REASONS: [Reason; 38] = [
    Reason::AdjustedInOffice,
    Reason::AwaitsRefresh,
    Reason::BesideKept,
    Reason::CostCodeNotInProject,
    Reason::CostCodeNotLinked,
    Reason::DayIncomplete,
    Reason::DeletedInOffice,
    Reason::DuplicateIdentifier,
    Reason::EditedOnBothSides,
    Reason::EmployeeNotLinked,
    Reason::EmployeeRelinked,
    Reason::EnteredByAnother,
    Reason::EntryLocked,
    Reason::AttributeConflict,
    Reason::GoneInPart,
    Reason::GuardRefused,
    Reason::IncompleteList,
    Reason::LateChange,
    Reason::LedgerFailed,
    Reason::LinkTargetGone,
    Reason::LocationNotLinked,
    Reason::LostLedger,
    Reason::NoCostCode,
    Reason::NoTimeType,
    Reason::NoTimesheet,
    Reason::NotApproved,
    Reason::NotSent,
    Reason::OpenRecord,
    Reason::Overlap,
    Reason::PartHeld,
    Reason::ProjectClosed,
    Reason::RemovedButEdited,
    Reason::StalePlan,
    Reason::StandsTwice,
    Reason::StoredDifferently,
    Reason::UnknownOutcome,
    Reason::UnreadableRow,
    Reason::UnsentTime,
];

/// What people do.
const DEEDS: [&str; 35] = [
    "Approves",
    "Classes",
    "ClosesCode",
    "ClosesProject",
    "Copies",
    "Corrects",
    "Deletes",
    "EditsDay",
    "EditsHours",
    "EditsWorker",
    "ForgetsStop",
    "HiredTwice",
    "Hires",
    "Leaves",
    "MadeAnew",
    "Merged",
    "MovesDay",
    "MovesPerson",
    "OpensCode",
    "OpensProject",
    "PutsBack",
    "Recodes",
    "Renames",
    "RenamesCode",
    "RenamesRecord",
    "Reopens",
    "Replaces",
    "Returns",
    "Shifts",
    "SignsAll",
    "Splits",
    "Types",
    "Unpunches",
    "Unsigns",
    "Works",
];

/// What counts as proof: what is noted of lines, and what writes came to. Lines that are adopted are of a setting, and a service that stores
/// otherwise than was sent is none of these.
const EVIDENCE: [&str; 23] = [
    "absent",
    "asked",
    "gone Agreed",
    "gone Deleted",
    "gone Elsewhere",
    "gone LeftOut",
    "lacked",
    "line Recovered",
    "line Restored",
    "line Written",
    "linked",
    "may be another's",
    "may be nobody's",
    "may be on another day",
    "missing",
    "refused",
    "removed",
    "reread",
    "stored",
    "told",
    "unknown",
    "unseen Target",
    "unseen Write",
];

/// What was never met.
pub fn never_met(met: &BTreeMap<String, u64>) -> Vec<String> {
    let reasons = REASONS.iter().map(|reason| format!("reason {}", reason.code()));
    let evidence = EVIDENCE.iter().map(|what| format!("evidence {what}"));
    let deeds = DEEDS.iter().map(|deed| format!("deed {deed}"));
    let faults = FAULTS.iter().map(|fault| format!("fault {}", name_of(*fault)));
    let others = [
        "death",
        "the ledger is lost",
        "the ledger is put back",
        "runs on another machine",
        "a plan is thought about",
        "a plan is a day old",
        "a list ails",
        "a word is said",
        "a word is not taken",
    ]
    .map(str::to_owned);
    let all = reasons.chain(evidence).chain(deeds).chain(faults).chain(others);
    all.filter(|what| !met.contains_key(what)).collect()
}

/// So many histories through HTTP meet every fault, and every answer of the sandboxes that a client has to understand.
pub const ENOUGH_THROUGH_HTTP: u64 = 100;

/// What histories through HTTP never met.
pub fn never_met_through_http(met: &BTreeMap<String, u64>) -> Vec<String> {
    let faults = FAULTS.iter().map(|fault| format!("fault {}", name_of(*fault)));
    let answers = [
        "DELETE 200",
        "PATCH 200",
        "POST 200",
        "POST 201",
        "POST 409",
        "POST 422",
        "PUT 200",
        "further page",
    ];
    let all = faults.chain(answers.map(|answer| format!("http {answer}")));
    all.filter(|what| !met.contains_key(what)).collect()
}
