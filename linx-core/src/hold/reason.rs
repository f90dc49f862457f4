//! The catalogue of reasons: for each a code, why, and the way out.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::{Fix, Remedy};
use crate::model::IdError;

macro_rules! reasons {
    ($($(#[$doc:meta])* $name:ident, $code:literal, $fate:ident, $why:literal, $fix:literal, $remedies:expr;)+) => {
        /// Why something is held or left out.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[non_exhaustive]
        pub enum Reason {
            $(
                #[doc = $why]
                #[doc = ""]
                $(#[$doc])*
                $name,
            )+
        }

        impl Reason {
            /// Every reason, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The code, stable across versions.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code,)+ }
            }

            /// One sentence that says why.
            pub fn why(self) -> &'static str {
                match self { $(Self::$name => $why,)+ }
            }

            /// One sentence that says what to do, with the remedies in it as data.
            pub fn fix(self) -> Fix {
                match self { $(Self::$name => Fix::new($fix, const { &$remedies }),)+ }
            }

            /// Whether a person is needed, or a rule has decided.
            pub fn fate(self) -> Disposition {
                match self { $(Self::$name => Disposition::$fate,)+ }
            }
        }
    };
}

/// What became of something that was not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Disposition {
    /// Kept back until a person acts; tried again at each run.
    Held,
    /// Left out by a rule.
    LeftOut,
}

// The order is that in which `linx explain` and reports list them; related reasons stand together.
reasons! {
    // People, places and codes.
    /// Hazard C4.
    NoIdentifier, "no_identifier", Held,
        "It has no number or code, and nothing is linked by name alone.",
        "Give it a number in {} (employee ID, project number or code).", [Remedy::Procore];
    /// Hazards C4, C8.
    DuplicateIdentifier, "duplicate_identifier", Held,
        "Its number or code is carried by more than one record, so nobody can tell which is meant.",
        "Give each of them its own number, in the system that the detail names.", [];
    /// Places that nobody could tell apart when clocking in.
    DuplicateName, "duplicate_name", Held,
        "Another place would have the same name, and people could not tell them apart when they clock in.",
        "Give one of them another name in {}, or a naming template with the number in it.", [Remedy::Procore];
    /// Hazards C3, C7.
    LikelyMatch, "likely_match", Held,
        "ExakTime has a record that is probably the same under another number, and what is created there can never be deleted.",
        "If it is the same, {} links both; if it is another, set likely_match = \"create\" in {} for one run.", [Remedy::Link, Remedy::Settings("sync")];
    /// Hazard C12.
    DependencyHeld, "dependency_held", Held,
        "What it is a part of could not be written, so that it would stand alone.",
        "Mend what the detail names; it is tried again at the next run.", [];
    /// Hazard C6.
    UnsentTime, "unsent_time", Held,
        "It has time that is not exported yet, so that its deactivation is put off.",
        "Run {} for the days that the detail names, then sync again.", [Remedy::Export];
    /// Hazard C8; exaktime-api.md section 5.1.
    TextTooLong, "text_too_long", Held,
        "A text is longer than ExakTime takes (200 characters), and texts are never cut.",
        "Shorten it in {}, or change the naming template.", [Remedy::Procore];
    /// A name that ExakTime demands.
    MissingName, "missing_name", Held,
        "It has no name, and ExakTime demands one.",
        "Give it a name in {}.", [Remedy::Procore];
    /// Hazard B7.
    AttributeConflict, "field_conflict", Held,
        "The same value was changed in Procore and in ExakTime since they last agreed, or it differs where the two meet for the first time.",
        "Make both equal, or set the owner of this field in {}, for one run or for good.", [Remedy::Settings("sync.owners")];
    /// Hazard C2.
    AnotherPerson, "another_person", Held,
        "Name and number changed together, so that it may be another person under an old record, who would inherit the hours.",
        "If it is the same person, set both to the same on the other side; if not, {} it, so that it gets its own.", [Remedy::Unlink];
    /// Hazard C5.
    LinkTargetGone, "link_target_gone", Held,
        "It is linked to an ExakTime record that is no longer there.",
        "Link it to another record, or remove the link.", [];
    /// Hazards B5, C5.
    LinkNeverMet, "link_never_met", Held,
        "It was linked by hand, and Procore has not listed it since: it may be mistyped, so nothing is deactivated for it.",
        "Look the reference up in {}; {} it, and link the right one.", [Remedy::ListLinks, Remedy::Unlink];
    /// Hazards A11, A12.
    UnreadableRow, "unreadable_row", Held,
        "The service sent it in a form that could not be read.",
        "Look at the field named in the detail; report it if the record looks right there.", [];
    /// Hazards A3, B4, C16.
    IncompleteList, "incomplete_list", Held,
        "A list was not read completely, and what was not seen in it may be there all the same.",
        "Run again; if it stays, check the permissions and the service's status.", [];
    /// Hazard B5.
    GuardRefused, "guard_refused", Held,
        "Too many records would be changed or deactivated at once.",
        "Look at the plan; if it is right, run again with {}, or raise {}.", [Remedy::AllowMassChange, Remedy::Settings("sync.guard")];
    /// Hazards A1, A2.
    TargetRefused, "target_refused", Held,
        "The service refused it.",
        "Read the service's words in the detail and mend the record; it is tried again at the next run.", [];
    /// Hazards A1, A15.
    UnknownOutcome, "unknown_outcome", Held,
        "It was sent and got no answer: it may still arrive, and sent again it could stand twice.",
        "Run again after the time in the detail: the service is read before anything is sent a second time.", [];
    /// Hazard A8.
    NotSent, "not_sent", Held,
        "The service was gone or its limit was used up, so that this was not written.",
        "Run again when the service answers.", [];
    /// Hazards B1, B14.
    LedgerFailed, "ledger_failed", Held,
        "The ledger failed while the run was writing, or another run took over, and the run ended there.",
        "Check the ledger with {} and the disk it is on, then run again: what was sent and could not be noted is read back first.", [Remedy::Doctor];
    /// Hazard B6.
    StalePlan, "stale_plan", Held,
        "It changed after the plan was made.",
        "Make a new plan.", [];
    /// A rule of an integrator.
    HeldByRule, "held_by_rule", Held,
        "A mapping rule holds it.",
        "See the detail, which the rule gave.", [];
    /// Only people marked as employees are tracked (procore-api.md section 3.1).
    NotAnEmployee, "not_an_employee", LeftOut,
        "The person is not marked as an employee of the company.",
        "Tick \"Is employee of\" in the company directory, if time is to be tracked.", [];
    /// behaviour.md section 1.3.
    Ignored, "ignored", LeftOut,
        "Somebody chose to ignore it.",
        "Nothing to do; {} takes it up again.", [Remedy::Unignore];
    /// Nothing is created only to be inactive.
    Inactive, "inactive", LeftOut,
        "It is inactive in Procore and ExakTime does not have it.",
        "Nothing to do; it is created once it is active.", [];
    /// A choice of the settings.
    JobTitleNotChosen, "job_title_not_chosen", LeftOut,
        "People with this job title are not brought over.",
        "Nothing to do, unless job_titles or except_job_titles in {} is to change.", [Remedy::Settings("sync.workers")];
    /// A choice of the settings.
    NotInChosenProjects, "not_in_chosen_projects", LeftOut,
        "The worker is in the directory of none of the projects whose people are brought over.",
        "Nothing to do, unless projects in {} is to change or the worker is to be added to a project.", [Remedy::Settings("sync.workers")];
    /// A choice of the settings.
    StageNotChosen, "stage_not_chosen", LeftOut,
        "Projects of this stage are not brought over.",
        "Nothing to do, unless stages or except_stages in {} is to change.", [Remedy::Settings("sync.projects")];
    /// A choice of the settings.
    ListNotChosen, "list_not_chosen", LeftOut,
        "Cost codes of this list are not brought over.",
        "Nothing to do, unless lists in {} is to change.", [Remedy::Settings("sync.cost_codes")];
    /// A choice of the settings.
    NotChosen, "not_chosen", LeftOut,
        "It is not among those that the configuration names.",
        "Nothing to do, unless only or except in {} or {} is to change.", [Remedy::Settings("sync.workers"), Remedy::Settings("sync.projects")];
    /// Demonstration projects and templates.
    DemoOrTemplate, "demo_or_template", LeftOut,
        "It is a demonstration project or a template.",
        "Nothing to do.", [];
    /// The setting `deactivate`.
    OnlyProposed, "only_proposed", LeftOut,
        "It left Procore or became inactive there, and deactivations are only proposed.",
        "Deactivate the record that the detail names in {}, or set deactivate = \"apply\" in {}.", [Remedy::ExakTime, Remedy::Settings("sync")];
    /// Only leaves take time.
    ParentCode, "parent_code", LeftOut,
        "It is a heading with codes beneath it, and only the lowest codes take time.",
        "Nothing to do, unless {} is to be false.", [Remedy::Setting("sync", "leaf_codes_only")];
    /// A rule of an integrator or a filter.
    LeftOutByRule, "left_out_by_rule", LeftOut,
        "A filter or mapping rule leaves it out.",
        "Nothing to do, unless the rule is to change.", [];

    // Time.
    /// Hazard C4.
    EmployeeNotLinked, "employee_not_linked", Held,
        "The employee is not linked to a Procore worker.",
        "Give both the same number and run {}.", [Remedy::Sync];
    /// Hazard C10.
    LocationNotLinked, "location_not_linked", Held,
        "The location is not linked to a Procore project or sub-job.",
        "Give the location the identifier of its project and run {}, or correct the record in {}.", [Remedy::Sync, Remedy::ExakTime];
    /// A record without a place.
    NoLocation, "no_location", Held,
        "The record names no location.",
        "Choose the location on the time card in {}.", [Remedy::ExakTime];
    /// Hazard C11.
    CostCodeNotLinked, "cost_code_not_linked", Held,
        "The cost code is not linked to a company cost code.",
        "Give both the same code and run {}, or correct the record in {}.", [Remedy::Sync, Remedy::ExakTime];
    /// Hazard C11.
    NoCostCode, "no_cost_code", Held,
        "The record names no cost code.",
        "Choose the cost code on the time card in {}.", [Remedy::ExakTime];
    /// Hazard C10.
    ProjectClosed, "project_closed", Held,
        "The project is inactive in Procore and refuses new entries.",
        "Reopen the project, or correct the location in {}.", [Remedy::ExakTime];
    /// Hazard C15.
    NotInProject, "not_in_project", Held,
        "The worker is not in the project's directory, and Procore takes time only of those who are.",
        "Add the worker to the project's directory, or let the company track employees on all projects.", [];
    /// Hazards C9, C11.
    CostCodeNotInProject, "cost_code_not_in_project", Held,
        "The project (or sub-job) does not have this cost code.",
        "Add the code to the project's work breakdown structure, or correct the record in {}.", [Remedy::ExakTime];
    /// Hazard C11.
    NoLaborType, "no_labor_type", Held,
        "The project's cost code takes no labor, so that the hours would miss the budget.",
        "Add the labor cost type to this code in the project, or correct the record in {}.", [Remedy::ExakTime];
    /// Hazard C8.
    AmbiguousCostCode, "ambiguous_cost_code", Held,
        "The project has more than one code that fits, and none is chosen by its place in a list.",
        "Give each code of the project its own full code, or make one of them inactive.", [];
    /// Hazard D20.
    NoClassification, "no_classification", Held,
        "The work classification is missing, or Procore does not have exactly one of that name.",
        "Name it on the time card in {}, and map it to Procore's name in {}.", [Remedy::ExakTime, Remedy::Settings("export.classifications")];
    /// procore-api.md section 7.6.
    NoTimeType, "no_time_type", Held,
        "No Procore time type is set for this class of hours.",
        "Name the time type in {}.", [Remedy::Settings("export.time_types")];
    /// Hazard D8.
    OpenRecord, "open_record", Held,
        "The record has no end yet, and ends are never guessed.",
        "Add the missing clock-out in {}.", [Remedy::ExakTime];
    /// Hazard D8.
    DayIncomplete, "day_incomplete", Held,
        "Another record of this person's day is open, and a day is sent only when it is complete.",
        "Add the missing clock-out in {}.", [Remedy::ExakTime];
    /// Hazard D8.
    PartHeld, "part_held", Held,
        "It has fewer hours than were sent, and other time of its day is held, which may be what it lacks: the entry is not lowered.",
        "Clear up what is held of that day, and export it again.", [];
    /// Hazard D9.
    Overlap, "overlap", Held,
        "Records of this person overlap on this day.",
        "Correct the times in {}.", [Remedy::ExakTime];
    /// Hazard D28.
    RepeatedRow, "repeated_row", Held,
        "Rows of this person's day stand in the file more than once, equal in all columns: nothing tells time that was worked once from time that was worked twice.",
        "Take the repeated rows out of the file; if they are different stretches, give them a column that tells them apart, such as their start, or add them up in one row.", [];
    /// Hazard D9.
    TooManyHours, "too_many_hours", Held,
        "The day has more hours than a day can have.",
        "Correct the times in {}.", [Remedy::ExakTime];
    /// Hazard D23.
    NegativeHours, "negative_hours", Held,
        "It takes hours off, and the shift that they belong to was not found or does not have as many.",
        "Move the deduction to the day, place and code of its shift in {}, and export both days together.", [Remedy::ExakTime];
    /// Hazards D3, D4.
    NoTimeZone, "no_time_zone", Held,
        "The time zone of the place is needed and not known.",
        "Set the project's time zone in {}, or {} for projects without one.", [Remedy::Procore, Remedy::Setting("export", "time_zone")];
    /// Hazard D1.
    TimeSkipped, "time_skipped", Held,
        "Its start or stop is a time that the clock at the place never showed: the clocks went forward over it.",
        "Correct the time in {}.", [Remedy::ExakTime];
    /// Hazard D2.
    TimeTwice, "time_twice", Held,
        "Its start or stop is a time that the clock at the place showed twice, and nothing tells which is meant.",
        "Take the time from ExakTime's warehouse instead of a file, or correct the entry by hand.", [];
    /// Hazard D6.
    ShiftTooLong, "shift_too_long", Held,
        "It ends before it begins, or lasts longer than a shift may.",
        "Correct the times in {}, or raise {}.", [Remedy::ExakTime, Remedy::Setting("export", "longest_shift_hours")];
    /// Hazard D22.
    HoursNotComputed, "hours_not_computed", Held,
        "It lasts more than an hour from start to stop and has no hours: ExakTime has not computed it yet, or they are wrong.",
        "Export again after ExakTime's next refresh; if it stays, correct the record in {}.", [Remedy::ExakTime];
    /// Hazards D3, D6.
    WorkDateDiffers, "work_date_differs", Held,
        "ExakTime's work date is none of the days on which the shift was worked by the clock at the place.",
        "Check the project's time zone in {} and the work date in {}.", [Remedy::Procore, Remedy::ExakTime];
    /// procore-api.md section 7.1.
    NoStartStop, "no_start_stop", Held,
        "The project takes start and stop times, and the record has none.",
        "Enter start and stop in {}, or switch the project to total hours in {}.", [Remedy::ExakTime, Remedy::Procore];
    /// Hazards D1, D2, D10.
    ClockChange, "clock_change", Held,
        "The clocks change during the shift, so that Procore would compute other hours out of its start and stop.",
        "Enter this shift in {} by hand.", [Remedy::Procore];
    /// Hazards D10, D15.
    HoursDifferFromClock, "hours_differ_from_clock", Held,
        "The project takes start and stop, and with a break of whole minutes they do not come to the hours of ExakTime.",
        "Correct the times in {}, or switch the project to total hours in {}.", [Remedy::ExakTime, Remedy::Procore];
    /// exaktime-api.md section 5.5.
    NotApproved, "not_approved", Held,
        "The day is not approved to the level that the configuration asks for.",
        "Approve the day in {}, or change {}.", [Remedy::ExakTime, Remedy::Setting("export", "approved_only")];
    /// Hazard D8.
    NotSettled, "not_settled", Held,
        "The day is not settled yet: its time may still change.",
        "Wait, or lower {}.", [Remedy::Setting("export", "settled_days")];
    /// Hazard D18.
    EntryLocked, "entry_locked", Held,
        "The time changed in ExakTime, but the entry was reviewed, approved, completed or signed in Procore.",
        "Set the entry back to pending in {} and export again, or change it there by hand.", [Remedy::Procore];
    /// Hazard D24.
    LateChange, "late_change", Held,
        "Time of a week that was sent earlier is another now: a late punch, or a card that was opened again.",
        "Export that week again, as the detail says.", [];
    /// Hazard B13.
    AwaitsRefresh, "awaits_refresh", Held,
        "ExakTime does not show its time, and one look proves nothing: the warehouse may not have read that day yet. Until then the hours stand in Procore.",
        "Export again after ExakTime's next refresh: the line is deleted if its time is still missing. Or delete the entry in {} by hand.", [Remedy::Procore];
    /// Hazard B7.
    EditedOnBothSides, "edited_on_both_sides", Held,
        "The entry was changed or deleted in Procore, and the time changed in ExakTime too.",
        "Decide which is right and make the other equal.", [];
    /// Hazards A15, B7.
    LateOrOffice, "late_or_office", Held,
        "The entry is as one of Linx's own requests would have left it that was given up: it may have arrived late, or the office decided so.",
        "Make the entry in {} and the time in {} equal. If an entry is gone whose hours are right, {} lets it be written again.", [Remedy::Procore, Remedy::ExakTime, Remedy::Beside];
    /// Hazard D19.
    RemovedButEdited, "removed_but_edited", Held,
        "The time is gone from ExakTime, but its entry was changed, reviewed or signed in Procore.",
        "Delete the entry in {} by hand if it is no longer right.", [Remedy::Procore];
    /// Hazard D19.
    GoneInPart, "gone_in_part", Held,
        "There is no time for this line any more, and only a file or some places were looked at: it may be elsewhere by now.",
        "Export the whole days; where a file is all there is, delete the entry in {} by hand if its time is gone.", [Remedy::Procore];
    /// Hazard D19.
    BesideKept, "beside_kept", Held,
        "An entry of ours has more hours than ExakTime and is not taken away, since it may not be changed or nothing proves that its time is gone, and these hours may have become this line's: they would be paid twice.",
        "Look at the entries of the day that the detail names in {}, mend what stands there, and export again: the whole day, where it was some places or a file. Where the entry was deleted, the next export writes what is on another place or code, and {} lets the same work in another class or at other times be written.", [Remedy::Procore, Remedy::Beside];
    /// Hazard D26.
    EnteredByAnother, "entered_by_another", Held,
        "Somebody else has entered time on this worker's day in Procore, and it may be the same: written beside it, it would be paid twice.",
        "Delete one of the two in {}; if both are right, {} lets the line be written; {} = \"adopt-equal\" takes over what is equal.", [Remedy::Procore, Remedy::Beside, Remedy::Setting("export", "other_hands")];
    /// Hazard B15.
    StandsTwice, "stands_twice", Held,
        "Two or more entries in Procore carry the mark of this one line, so that its hours stand there more than once.",
        "Delete all but the right one in {}; where it is proven that all are ours and untouched, the next export does it.", [Remedy::Procore];
    /// Hazard B12, and B14 where another ledger is at work.
    LostLedger, "lost_ledger", Held,
        "Procore shows lines of these days that this ledger never wrote: a ledger was lost, and the office may have deleted this line since.",
        "Restore the ledger that wrote them; if there is none, compare the lines with Procore, then run again with {}. While the guard refuses something, that is consent to what it refuses, and these lines wait.", [Remedy::AllowMassChange];
    /// Hazard B10.
    MarkOfAnother, "mark_of_another", Held,
        "The ledger has this line in an entry that carries the mark of another line: one of the two is damaged.",
        "Check the ledger with {}; restore a copy of it if it is damaged, and otherwise mend the entry in {}.", [Remedy::Doctor, Remedy::Procore];
    /// Hazards C5, C17.
    EmployeeRelinked, "employee_relinked", Held,
        "Time of this employee was sent for another worker and stands there still: sent again, it would be paid twice.",
        "Delete the entry that the detail names in {}, or set it to the right worker there, and run {} again; if the link is wrong, mend it with {}.", [Remedy::Procore, Remedy::Export, Remedy::Link];
    /// Hazard A13.
    StoredDifferently, "stored_differently", Held,
        "Procore stored something else than was sent.",
        "Compare the entry in {} with the detail; check the rounding of the company.", [Remedy::Procore];
    /// procore-api.md section 7.2.
    NoEndpoint, "no_endpoint", Held,
        "No way of writing that is open to the company takes the field that the detail names, and it is not to be lost.",
        "Ask Procore to enroll the company for the project's bulk create, or take the field off the line.", [];
    /// procore-api.md section 7.5.
    NoTimesheet, "no_timesheet", Held,
        "The timesheet of the project's day could be neither found nor made.",
        "Read the service's words in the detail; switch on the project's Timesheets tool, or set {} = \"individual\".", [Remedy::Setting("export", "timesheets")];
    /// Hazard D16.
    SplitByOffice, "split_by_office", Held,
        "The time changed in ExakTime, but Procore's overtime rules have split the entry, and which part is to change is not known.",
        "Correct the parts in {} by hand, or delete all of them but the first and export again.", [Remedy::Procore];
    /// Hazard D13.
    TooShort, "too_short", LeftOut,
        "It is shorter than the hundredths of an hour that Procore counts, and the day's sum has no more to give.",
        "Nothing to do.", [];
    /// Hazard D22.
    Leave, "leave", LeftOut,
        "It is leave, and no time type is set for it.",
        "Nothing to do, unless {} is to name a time type for this code.", [Remedy::Settings("export.leave")];
    /// Hazard D22.
    ZeroHours, "zero_hours", LeftOut,
        "It has no hours.",
        "Nothing to do.", [];
    /// The office's decision stands.
    AdjustedInOffice, "adjusted_in_office", LeftOut,
        "The office adjusted the entry after it was exported, and ExakTime's time did not change since.",
        "Nothing to do: the office's value stands.", [];
    /// The office's decision stands.
    DeletedInOffice, "deleted_in_office", LeftOut,
        "The office deleted the entry after it was exported, and ExakTime's time did not change since.",
        "Nothing to do: it is not put back.", [];
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl FromStr for Reason {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        Self::ALL
            .iter()
            .copied()
            .find(|reason| reason.code() == text)
            .ok_or_else(|| IdError {
                text: text.to_owned(),
                expected: "a reason code",
            })
    }
}

impl Serialize for Reason {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Reason {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_unique_and_every_reason_has_its_sentences() {
        let codes: std::collections::BTreeSet<_> = Reason::ALL.iter().map(|reason| reason.code()).collect();
        assert_eq!(codes.len(), Reason::ALL.len());
        for reason in Reason::ALL {
            assert!(
                reason.why().ends_with('.') && reason.fix().to_string().ends_with('.'),
                "{reason}"
            );
            assert_eq!(reason.code().parse(), Ok(*reason));
        }
    }
}
