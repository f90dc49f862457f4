//! What is written to Procore and read back from it, entry by entry and field by field.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveTime;
use http::Method;
use linx_core::export::ExportReport;
use linx_core::hold::Reason;
use linx_core::mapping::{LineDraft, MappingRules, Overrides, StandardRules};
use linx_core::model::{
    Coding, Entry, EntryContent, EntryEndpoint, LineItemTypeId, ProjectCodeId, ProjectId, Span, TimeTypeId, WorkerId,
};
use linx_core::ports::{FailureKind, NewEntry, Office, PortError, SentEntries};
use linx_core::settings::{Removals, Timesheets, UnresolvedCostCode};
use linx_http::sandbox::Fault;
use procore_client::ids;
use procore_client::timesheets::TimesheetStatus;

use crate::harness::{Harness, day, once};

const LAKEFRONT: ProjectId = ProjectId(316_002);
const BEN: WorkerId = WorkerId(562_949_953_430_002);
const LABOR: LineItemTypeId = LineItemTypeId(50_887);
const REGULAR: TimeTypeId = TimeTypeId(9185);
const MARK: &str = "linx1 7:2026-03-02:316002:-:03-300:REG 01234567";

/// Eight regular hours of Ben's at Lakefront Tower, on its first cost code that takes labor.
fn eight_hours(harness: &Harness) -> EntryContent {
    let code = harness.procore.with_state(|state| {
        let labor = |code: &procore_client::sandbox::ProjectCode| {
            let labor = ids::LineItemTypeId::new(LABOR.0);
            (code.project.get(), code.sub_job) == (LAKEFRONT.0, None) && code.line_item_types.contains(&labor)
        };
        *state.project_codes.iter().find(|(_, code)| labor(code)).unwrap().0
    });
    EntryContent {
        worker: BEN,
        date: day("2026-03-02"),
        coding: Arc::new(Coding {
            cost_code: Some(ProjectCodeId(code.get())),
            line_item_type: Some(LABOR),
            time_type: Some(REGULAR),
            ..Coding::of(LAKEFRONT)
        }),
        hours: "8.00".parse().unwrap(),
        span: None,
        description: Some("columns, level 4".into()),
        billable: true,
    }
}

/// The same by the clock, with half an hour of meal.
fn seven_to_half_past_three(harness: &Harness) -> EntryContent {
    let at = |hour, minute| day("2026-03-02").and_time(NaiveTime::from_hms_opt(hour, minute, 0).unwrap());
    let span = Span {
        start: at(7, 0),
        stop: at(15, 30),
        lunch_minutes: 30,
    };
    EntryContent {
        span: Some(Box::new(span)),
        ..eight_hours(harness)
    }
}

/// One entry, alone.
async fn made(harness: &Harness, content: &EntryContent) -> Result<Entry, PortError> {
    let new = NewEntry {
        content: content.clone(),
        mark: MARK.into(),
        unique_id: None,
        timesheet: None,
    };
    let entries = harness
        .office()
        .create_entries(EntryEndpoint::SingleEntries, &[new])
        .await?;
    Ok(entries.into_iter().next().flatten().unwrap())
}

fn takes_start_and_stop(harness: &Harness) {
    harness
        .procore
        .with_state(|state| state.configuration.start_stop_projects = vec![ids::ProjectId::new(LAKEFRONT.0)]);
}

#[tokio::test]
async fn d10_a_meal_is_sent_once_by_the_clock_and_comes_back_as_it_was_sent() {
    let harness = Harness::contractor();
    takes_start_and_stop(&harness);
    let mut content = seven_to_half_past_three(&harness);
    let entry = made(&harness, &content).await.unwrap();
    assert_eq!(entry.content, content);

    // A meal that is gone goes, and a stop after midnight is of the next day.
    let span = content.span.as_mut().unwrap();
    (span.stop, span.lunch_minutes) = (day("2026-03-03").and_hms_opt(1, 15, 0).unwrap(), 0);
    content.hours = "18.25".parse().unwrap();
    let entry = harness.office().update_entry(entry.id, &content, MARK).await.unwrap();
    assert_eq!(entry.content, content);
    let read = harness
        .office()
        .entries(content.date, content.date, None, &SentEntries::default())
        .await
        .unwrap();
    assert_eq!(read.rows[0].content, content);
}

#[tokio::test]
async fn a2_the_other_way_of_telling_time_is_refused_and_nothing_is_stored() {
    let harness = Harness::contractor();
    let by_the_clock = seven_to_half_past_three(&harness);
    let error = made(&harness, &by_the_clock).await.unwrap_err();
    assert_eq!((error.kind(), error.may_be_applied()), (FailureKind::Refused, false));
    takes_start_and_stop(&harness);
    let error = made(&harness, &eight_hours(&harness)).await.unwrap_err();
    assert_eq!((error.kind(), error.may_be_applied()), (FailureKind::Refused, false));
    assert!(harness.procore.entries().is_empty());
}

#[tokio::test]
async fn d18_a_signature_is_seen() {
    let harness = Harness::contractor();
    let entry = made(&harness, &eight_hours(&harness)).await.unwrap();
    assert!(!entry.signed);
    let id = ids::TimecardEntryId::new(entry.id.0);
    harness
        .procore
        .with_state(|state| state.entries.get_mut(&id).unwrap().signed = true);
    let date = day("2026-03-02");
    let read = harness
        .office()
        .entries(date, date, Some(BEN), &SentEntries::default())
        .await
        .unwrap();
    assert!(read.rows[0].signed);
}

#[tokio::test]
async fn c11_task_codes_tell_their_cost_code_and_whether_they_are_labor() {
    let harness = Harness::contractor();
    assert!(!harness.office().time_settings().await.unwrap().task_codes);
    harness
        .procore
        .with_state(|state| state.configuration.task_codes = true);
    assert!(harness.office().time_settings().await.unwrap().task_codes);
    let codes = harness.office().task_codes(LAKEFRONT).await.unwrap();
    assert!(codes.proves_absence() && codes.rows.iter().all(|code| code.active));
    let types = |full: &str| -> Vec<&str> {
        let of = codes.rows.iter().filter(|code| code.cost_code == full);
        of.map(|code| code.base_type.as_str()).collect()
    };
    assert_eq!(types("03-300"), ["labor", "materials"]);
    // Demolition takes no labor.
    assert_eq!(types("02-410"), ["materials"]);
}

#[tokio::test]
async fn d20_classifications_tell_where_they_count() {
    let harness = Harness::contractor();
    let list = harness.office().classifications().await.unwrap().rows;
    let told: Vec<_> = list
        .iter()
        .map(|one| (one.name.as_str(), one.abbreviation.as_deref(), one.projects.clone()))
        .collect();
    let first = Some(vec![ProjectId(316_001)]);
    let expected = [
        ("Journeyman Carpenter", Some("JC"), None),
        ("Apprentice Carpenter", Some("AC"), first),
    ];
    assert_eq!(told, expected);
}

const COMPANY_BULK: &str = "/timesheets";
const PROJECT_BULK: &str = "/bulk_create";

/// Both sides synced, and new lines written by `endpoint`.
async fn writing_by(endpoint: EntryEndpoint) -> Harness {
    let mut harness = Harness::contractor();
    harness.export.endpoint = endpoint;
    harness.apply_sync().await;
    harness
}

/// The same with lines that have no cost type, since their codes are left out: the company's bulk takes them.
async fn without_codes() -> Harness {
    let mut harness = writing_by(EntryEndpoint::CompanyBulk).await;
    harness.export.unresolved_cost_code = UnresolvedCostCode::Omit;
    harness.procore.with_state(|state| state.project_codes.clear());
    harness
}

fn posts(harness: &Harness, path: &str) -> usize {
    harness.procore_traffic.count(Some(&Method::POST), path)
}

fn held(report: &ExportReport) -> BTreeMap<Reason, usize> {
    report.held.iter().fold(BTreeMap::new(), |mut counts, held| {
        *counts.entry(held.reason).or_default() += 1;
        counts
    })
}

/// Every line of the plan stands once in Procore with the hours that were sent, and a second export writes nothing.
async fn assert_settled(harness: &Harness, lines: usize) {
    assert_eq!(harness.keys_in_procore().len(), lines);
    let writes = harness.writes();
    let again = harness.apply_export().await;
    assert!(again.changes.is_empty(), "{:?}", again.changes);
    assert_eq!((harness.writes(), harness.keys_in_procore().len()), (writes, lines));
}

#[tokio::test]
async fn c11_a_company_with_task_codes_gets_them_by_the_one_way_that_takes_them() {
    let harness = writing_by(EntryEndpoint::SingleEntries).await;
    harness
        .procore
        .with_state(|state| state.configuration.task_codes = true);
    let report = harness.apply_export().await;
    let (lines, reasons) = (report.summary.create, held(&report));
    assert!(lines > 100 && !reasons.contains_key(&Reason::NoEndpoint), "{reasons:?}");
    assert!(
        reasons.contains_key(&Reason::NoLaborType),
        "demolition takes no labor by task code either"
    );
    let entries = harness.procore.entries();
    assert!(entries.iter().all(|entry| entry.wbs_code.is_some()));
    assert!(posts(&harness, PROJECT_BULK) > 0);
    assert_settled(&harness, lines).await;

    let harness = writing_by(EntryEndpoint::SingleEntries).await;
    harness.procore.with_state(|state| {
        state.configuration.task_codes = true;
        state.bulk_create_enabled = false;
    });
    let report = harness.apply_export().await;
    assert_eq!(
        report.written(),
        0,
        "without that way they are held, and no code is lost"
    );
    assert!(
        report
            .held
            .iter()
            .any(|held| held.reason == Reason::NoEndpoint && held.detail.contains("task code"))
    );
    assert_eq!(report.account.check(), Ok(()));
}

#[tokio::test]
async fn lines_go_one_by_one_unless_many_at_once_lose_nothing() {
    let harness = writing_by(EntryEndpoint::CompanyBulk).await;
    let report = harness.apply_export().await;
    // Every line has a cost type, which the company's bulk would lose.
    assert_eq!((posts(&harness, COMPANY_BULK), posts(&harness, PROJECT_BULK)), (0, 0));
    assert_settled(&harness, report.summary.create).await;

    let harness = without_codes().await;
    let report = harness.apply_export().await;
    assert_eq!(posts(&harness, COMPANY_BULK), report.summary.create.div_ceil(100));
    assert_settled(&harness, report.summary.create).await;

    let harness = writing_by(EntryEndpoint::ProjectBulk).await;
    let plan = harness.plan_export().await;
    let report = harness.apply_export().await;
    let of_project = plan.changes.iter().fold(BTreeMap::new(), |mut counts, change| {
        *counts.entry(change.content.coding.project).or_insert(0_usize) += 1;
        counts
    });
    let requests: usize = of_project.values().map(|lines| lines.div_ceil(25)).sum();
    assert_eq!(posts(&harness, PROJECT_BULK), requests);
    assert_eq!(report.written(), plan.changes.len());
    assert_settled(&harness, plan.changes.len()).await;
}

#[tokio::test]
async fn b9_one_bad_line_of_a_batch_holds_itself_only() {
    let harness = writing_by(EntryEndpoint::ProjectBulk).await;
    let plan = harness.plan_export().await;
    // A worker whom somebody took off the list of employees after the plan was made.
    let worker = plan.changes[0].content.worker;
    let bad = plan
        .changes
        .iter()
        .filter(|change| change.content.worker == worker)
        .count();
    let person = ids::PersonId::new(worker.0);
    let employee = |is_employee: bool| {
        harness
            .procore
            .with_state(|state| state.people.get_mut(&person).unwrap().is_employee = is_employee);
    };
    employee(false);
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(report.account.check(), Ok(()));
    assert_eq!(held(&report).get(&Reason::TargetRefused), Some(&bad));
    assert_eq!(
        (report.summary.failed, harness.keys_in_procore().len()),
        (bad, plan.changes.len() - bad)
    );
    employee(true);
    let again = harness.apply_export().await;
    assert_eq!((again.summary.create, again.summary.failed), (bad, 0));
}

#[tokio::test]
async fn a10_a_line_that_the_answer_does_not_tell_of_is_looked_for_before_it_is_sent_again() {
    let harness = writing_by(EntryEndpoint::ProjectBulk).await;
    // Procore keeps the good lines and says nothing of the bad ones.
    harness
        .procore
        .with_state(|state| state.bulk_create_keeps_good_ones = true);
    let plan = harness.plan_export().await;
    let worker = plan.changes[0].content.worker;
    let bad = plan
        .changes
        .iter()
        .filter(|change| change.content.worker == worker)
        .count();
    let person = ids::PersonId::new(worker.0);
    harness
        .procore
        .with_state(|state| state.people.get_mut(&person).unwrap().is_employee = false);
    let report = harness.linx().apply_export(&plan).await.unwrap();
    assert_eq!(report.account.check(), Ok(()));
    assert_eq!(held(&report).get(&Reason::UnknownOutcome), Some(&bad));
    assert_eq!(harness.keys_in_procore().len(), plan.changes.len() - bad);
    // Read back once a try for each worker's day, not once for each line; and once for what was deleted.
    let days: BTreeSet<_> = plan
        .changes
        .iter()
        .filter(|change| change.content.worker == worker)
        .collect();
    let days: BTreeSet<_> = days.iter().map(|change| change.key.date).collect();
    let reads = harness.procore_traffic.count(Some(&Method::GET), "/timecard_entries");
    assert!(reads <= 7 + 2 * days.len(), "{reads} reads for {} days", days.len());
}

#[tokio::test]
async fn a1_a_batch_whose_answer_was_lost_is_found_and_not_sent_again() {
    for endpoint in [EntryEndpoint::ProjectBulk, EntryEndpoint::CompanyBulk] {
        for fault in [
            Fault::CutAfter,
            Fault::AnswerLost(http::Response::builder().status(503).body(bytes::Bytes::new()).unwrap()),
            Fault::CutBefore,
        ] {
            let (harness, path) = match endpoint {
                EntryEndpoint::CompanyBulk => (without_codes().await, COMPANY_BULK),
                _ => (writing_by(endpoint).await, PROJECT_BULK),
            };
            harness.procore_faults.order(once(Method::POST, path, 0, fault));
            let report = harness.apply_export().await;
            assert_eq!(report.summary.failed, 0, "{:?}", report.held);
            assert_settled(&harness, report.summary.create).await;
        }
    }
}

/// An answer of this status that takes the place of the service's own, after it has stored what was sent.
fn after_storing(status: u16, body: &'static str) -> Fault {
    let answer = http::Response::builder().status(status);
    Fault::AnswerLost(answer.body(bytes::Bytes::from_static(body.as_bytes())).unwrap())
}

#[tokio::test]
async fn a16_a_batch_that_was_stored_and_refused_is_read_back_before_its_halves_are_sent() {
    for status in [302, 303, 400, 401, 403, 404, 409, 413, 422] {
        for (endpoint, path) in [
            (EntryEndpoint::ProjectBulk, PROJECT_BULK),
            (EntryEndpoint::CompanyBulk, COMPANY_BULK),
        ] {
            let harness = match endpoint {
                EntryEndpoint::CompanyBulk => without_codes().await,
                _ => writing_by(endpoint).await,
            };
            let fault = after_storing(status, r#"{"message":"refused"}"#);
            harness.procore_faults.order(once(Method::POST, path, 0, fault));
            let report = harness.apply_export().await;
            assert_eq!(report.summary.failed, 0, "{status}: {:?}", report.held);
            assert_settled(&harness, report.summary.create).await;
        }
    }
}

#[tokio::test]
async fn a16_an_entry_that_was_stored_behind_a_gateways_refusal_stands_once() {
    let told = r#"{"message":"refused"}"#;
    for (status, body) in [
        (302, ""),
        (307, told),
        (401, told),
        (403, "<html>"),
        (407, ""),
        (413, told),
        (451, "<html>"),
    ] {
        let harness = writing_by(EntryEndpoint::SingleEntries).await;
        let fault = after_storing(status, body);
        harness
            .procore_faults
            .order(once(Method::POST, "/timecard_entries", 1, fault));
        let report = harness.apply_export().await;
        assert_eq!(report.summary.failed, 0, "{status}: {:?}", report.held);
        assert_settled(&harness, report.summary.create).await;
    }
}

#[tokio::test]
async fn a1_a_run_that_is_killed_in_a_batch_is_taken_up_and_leaves_each_line_once() {
    for killed_at in [0, 1] {
        let harness = writing_by(EntryEndpoint::ProjectBulk).await;
        let stall = once(Method::POST, PROJECT_BULK, killed_at, Fault::Stall);
        harness.procore_faults.order(stall);
        let plan = harness.plan_export().await;
        let linx = harness.linx();
        tokio::select! {
            _ = linx.apply_export(&plan) => panic!("the run was to be killed"),
            () = harness.procore_faults.stalled() => {}
        }
        drop(linx);
        let report = harness.apply_export().await;
        assert_eq!(report.summary.create + report.summary.unchanged, plan.changes.len());
        assert_settled(&harness, plan.changes.len()).await;
    }
}

#[tokio::test]
async fn a_company_that_is_not_enrolled_is_written_to_one_by_one_with_a_note() {
    let harness = writing_by(EntryEndpoint::ProjectBulk).await;
    harness.procore.with_state(|state| state.bulk_create_enabled = false);
    let report = harness.apply_export().await;
    assert_eq!((report.summary.failed, posts(&harness, PROJECT_BULK)), (0, 1));
    assert!(
        report.notes.iter().any(|note| note.contains("project-bulk")),
        "{:?}",
        report.notes
    );
    assert_settled(&harness, report.summary.create).await;
}

#[tokio::test]
async fn d20_a_class_goes_by_the_way_that_keeps_it_or_is_held() {
    for enrolled in [true, false] {
        let mut harness = writing_by(EntryEndpoint::SingleEntries).await;
        harness.procore.with_state(|state| state.bulk_create_enabled = enrolled);
        // The work classifications are read.
        harness.export.classified_projects = vec!["none of these".into()];
        let classed = harness.plan_export().await.changes[0].key.clone();
        let rules = Overrides::of(StandardRules::standard()).timesheet_line(move |standard, time| {
            let is_classed = (time.worker.id, time.record.work_date, time.cost_code)
                == (classed.worker, classed.date, &*classed.cost_code);
            standard.timesheet_line(time).map(|draft| LineDraft {
                classification: is_classed.then(|| "JC".into()),
                ..draft
            })
        });
        let linx = harness.linx_by(Arc::new(rules));
        let plan = linx.plan_export(&crate::harness::two_weeks()).await.unwrap();
        let lines = plan.changes.len();
        let report = linx.apply_export(&plan).await.unwrap();
        assert_eq!(report.account.check(), Ok(()));
        assert_eq!(posts(&harness, PROJECT_BULK), 1);
        let kept = harness
            .procore
            .entries()
            .iter()
            .filter(|entry| entry.classification.is_some())
            .count();
        if enrolled {
            assert_eq!((report.written(), kept), (lines, 1));
        } else {
            let no_way: Vec<_> = report
                .held
                .iter()
                .filter(|held| held.reason == Reason::NoEndpoint)
                .collect();
            assert_eq!((no_way.len(), no_way[0].detail.as_str()), (1, "work classification"));
            assert_eq!((report.written(), kept), (lines - 1, 0));
        }
    }
}

#[tokio::test]
async fn d14_hours_are_decimals_by_every_endpoint() {
    for endpoint in EntryEndpoint::IN_ORDER {
        let harness = Harness::contractor();
        let mut content = eight_hours(&harness);
        content.hours = "8.30".parse().unwrap();
        Arc::make_mut(&mut content.coding).line_item_type = None;
        let new = NewEntry {
            content: content.clone(),
            mark: MARK.into(),
            unique_id: None,
            timesheet: None,
        };
        let entries = harness.office().create_entries(endpoint, &[new]).await.unwrap();
        assert_eq!(entries[0].as_ref().unwrap().content, content, "{endpoint:?}");
        assert_eq!(harness.procore.entries()[0].hours.as_deref(), Some("8.3"));
    }
    // A colon is not a decimal: the row is unreadable, and nothing is made of it.
    let harness = Harness::contractor();
    made(&harness, &eight_hours(&harness)).await.unwrap();
    harness.procore.with_state(|state| {
        state
            .entries
            .values_mut()
            .for_each(|entry| entry.hours = Some("8:30".into()));
    });
    let date = day("2026-03-02");
    let read = harness
        .office()
        .entries(date, date, None, &SentEntries::default())
        .await
        .unwrap();
    assert!(read.rows.is_empty() && !read.proves_absence());
}

#[tokio::test]
async fn b11_the_mark_is_text_by_every_endpoint_and_no_number_is_made_of_it() {
    for endpoint in EntryEndpoint::IN_ORDER {
        let harness = Harness::contractor();
        let new = |mark: &str| NewEntry {
            content: {
                let mut content = eight_hours(&harness);
                Arc::make_mut(&mut content.coding).line_item_type = None;
                content
            },
            mark: mark.into(),
            unique_id: None,
            timesheet: None,
        };
        let marks = ["linx1 one 00000001", "linx1 two 00000002"];
        let batch: Vec<NewEntry> = marks.iter().map(|mark| new(mark)).collect();
        for entries in batch.chunks(endpoint.most()) {
            let stored = harness.office().create_entries(endpoint, entries).await.unwrap();
            let told = stored
                .iter()
                .map(|entry| entry.as_ref().unwrap().origin.clone().unwrap());
            assert!(
                told.map(String::from)
                    .eq(entries.iter().map(|entry| entry.mark.clone())),
                "{endpoint:?}"
            );
        }
        let entries = harness.procore.entries();
        assert!(entries.iter().all(|entry| entry.origin_id.is_none()));
        // Two alike could not be told apart in the answer.
        if endpoint.most() > 1 {
            let twice = [new(marks[0]), new(marks[0])];
            let error = harness.office().create_entries(endpoint, &twice).await.unwrap_err();
            assert_eq!((error.kind(), error.may_be_applied()), (FailureKind::Refused, false));
            assert_eq!(harness.procore.entries().len(), 2);
        }
    }
}

/// The timesheets of Procore, by project and day, with the entries in them.
fn sheets(harness: &Harness) -> BTreeMap<(u64, String, usize), usize> {
    harness.procore.with_state(|state| {
        let inside = |id| state.live_entries().filter(|entry| entry.timesheet == Some(id)).count();
        state
            .timesheets
            .iter()
            .map(|(id, sheet)| ((sheet.project.get(), sheet.date.to_string(), sheet.number), inside(*id)))
            .collect()
    })
}

#[tokio::test]
async fn entries_share_the_timesheet_of_their_project_and_day_while_it_is_pending() {
    let mut harness = writing_by(EntryEndpoint::SingleEntries).await;
    harness.export.timesheets = Timesheets::Shared;
    let report = harness.apply_export().await;
    assert_eq!(report.summary.failed, 0, "{:?}", report.held);
    let first = sheets(&harness);
    let days: BTreeSet<_> = harness
        .procore
        .entries()
        .iter()
        .map(|entry| (entry.project.get(), entry.date.to_string()))
        .collect();
    assert_eq!(first.len(), days.len());
    assert_eq!(first.values().sum::<usize>(), report.summary.create);

    // One more line on a day of which the timesheet is pending, one on a day of which it is approved.
    let (pending, approved) = harness.procore.with_state(|state| {
        let mut by_day = state
            .timesheets
            .iter_mut()
            .filter(|(_, sheet)| sheet.project.get() == LAKEFRONT.0);
        let pending = by_day.next().unwrap().1.date;
        let (_, sheet) = by_day.next().unwrap();
        sheet.status = TimesheetStatus::Approved;
        (pending, sheet.date)
    });
    let mut expected = first.clone();
    let of = |date: chrono::NaiveDate, number| (LAKEFRONT.0, date.to_string(), number);
    *expected.get_mut(&of(pending, 1)).unwrap() += 1;
    expected.insert(of(approved, 2), 1);
    one_more_on(&harness, &[pending, approved]);
    let again = harness.apply_export().await;
    assert_eq!((again.summary.create, again.summary.failed), (2, 0), "{:?}", again.held);
    assert_eq!(sheets(&harness), expected);
}

/// One more hour in ExakTime on each of these days, at Lakefront Tower.
fn one_more_on(harness: &Harness, days: &[chrono::NaiveDate]) {
    harness.exaktime.with_state(|state| {
        for date in days {
            let model = state
                .time_records
                .iter()
                .find(|record| record.location.as_deref() == Some("loc-24-002") && record.stop.is_some());
            let mut more = model.unwrap().clone();
            let shift = *date - more.work_date;
            more.id = format!("tr-more-{date}");
            more.work_date = *date;
            more.cost_code = Some("cc-06-100".into());
            more.start += shift + chrono::Duration::hours(12);
            more.stop = more.stop.map(|_| more.start + chrono::Duration::hours(1));
            more.regular_hours = "1.00".into();
            state.time_records.push(more);
        }
    });
}

#[tokio::test]
async fn a1_a_timesheet_whose_answer_was_lost_is_found_and_not_made_twice() {
    for fault in [Fault::CutAfter, Fault::CutBefore] {
        let mut harness = writing_by(EntryEndpoint::SingleEntries).await;
        harness.export.timesheets = Timesheets::Shared;
        harness.procore_faults.order(once(Method::POST, COMPANY_BULK, 0, fault));
        let report = harness.apply_export().await;
        assert_eq!(report.summary.failed, 0, "{:?}", report.held);
        assert!(sheets(&harness).keys().all(|(.., number)| *number == 1));
    }
}

#[tokio::test]
async fn a_line_whose_timesheet_cannot_be_had_is_held_and_the_others_go_on() {
    let mut harness = writing_by(EntryEndpoint::SingleEntries).await;
    harness.export.timesheets = Timesheets::Shared;
    let plan = harness.plan_export().await;
    let there = |change: &&linx_core::change::LineChange| change.content.coding.project == LAKEFRONT;
    let count = plan.changes.iter().filter(there).count();
    harness
        .procore
        .with_state(|state| state.timesheets_off.insert(ids::ProjectId::new(LAKEFRONT.0)));
    let report = harness.apply_export().await;
    assert_eq!(held(&report).get(&Reason::NoTimesheet), Some(&count));
    assert_eq!(harness.keys_in_procore().len(), plan.changes.len() - count);
}

/// Procore's overtime rules split every entry over so many hours a day, whatever it tells.
fn splits_over(harness: &Harness, daily_hours: u32) {
    harness.procore.with_state(|state| {
        state.overtime = Some(procore_client::sandbox::OvertimeRule {
            daily_hours,
            regular: ids::TimeTypeId::new(REGULAR.0),
            overtime: ids::TimeTypeId::new(9186),
            always: true,
        });
    });
}

/// One record of nine and a half hours at the medical center, and nothing else.
async fn one_long_day(endpoint: EntryEndpoint) -> Harness {
    let mut harness = writing_by(endpoint).await;
    if endpoint == EntryEndpoint::CompanyBulk {
        harness.export.unresolved_cost_code = UnresolvedCostCode::Omit;
        harness.procore.with_state(|state| state.project_codes.clear());
    }
    harness.export.guard = linx_core::settings::Guard::OPEN;
    harness.exaktime.with_state(|state| {
        state.time_records.truncate(1);
        let record = &mut state.time_records[0];
        record.stop = Some(record.start + chrono::Duration::minutes(570));
        record.regular_hours = "9.50".into();
    });
    harness
}

fn hours_in_procore(harness: &Harness) -> Vec<String> {
    let entries = harness.procore.entries().into_iter();
    entries.filter_map(|entry| entry.hours).collect()
}

#[tokio::test]
async fn d16_an_entry_that_procore_split_is_one_line_of_the_hours_that_were_sent() {
    for endpoint in EntryEndpoint::IN_ORDER {
        let harness = one_long_day(endpoint).await;
        splits_over(&harness, 8);
        let report = harness.apply_export().await;
        assert_eq!(
            (report.written(), report.held.len()),
            (1, 0),
            "{endpoint:?}: {:?}",
            report.held
        );
        assert_eq!(hours_in_procore(&harness), ["8.0", "1.5"]);
        // Neither a stranger nor an edit, with and without the ledger.
        let mut harness = harness;
        for _ in 0..2 {
            let again = harness.apply_export().await;
            assert!(again.changes.is_empty() && again.held.is_empty() && again.left_out.is_empty());
            assert_eq!(again.summary.unchanged, 1);
            harness.ledger = std::sync::Arc::new(linx_core::ledger::MemoryLedger::new());
            harness.apply_sync().await;
        }
    }
}

#[tokio::test]
async fn d16_a_split_entry_whose_answer_was_lost_is_found_whole() {
    let harness = one_long_day(EntryEndpoint::SingleEntries).await;
    splits_over(&harness, 8);
    harness
        .procore_faults
        .order(once(Method::POST, "/timecard_entries", 0, Fault::CutAfter));
    let report = harness.apply_export().await;
    assert_eq!((report.written(), report.held.len()), (1, 0), "{:?}", report.held);
    assert_eq!(hours_in_procore(&harness), ["8.0", "1.5"]);
}

/// Nobody can tell whether somebody moved hours between the parts: the entry is a person's.
#[tokio::test]
async fn d16_an_entry_in_parts_stays_when_its_time_is_gone_and_is_told() {
    let mut harness = one_long_day(EntryEndpoint::SingleEntries).await;
    harness.export.removals = Removals::AtOnce;
    splits_over(&harness, 8);
    harness.apply_export().await;
    harness.exaktime.with_state(|state| state.time_records.clear());
    for _ in 0..2 {
        let report = harness.apply_export().await;
        assert_eq!(held(&report).get(&Reason::RemovedButEdited), Some(&1));
        assert_eq!(hours_in_procore(&harness), ["8.0", "1.5"]);
        harness.next_day();
    }
}

#[tokio::test]
async fn d16_a_correction_of_a_split_entry_is_a_persons() {
    let harness = one_long_day(EntryEndpoint::SingleEntries).await;
    splits_over(&harness, 8);
    harness.apply_export().await;
    harness
        .exaktime
        .with_state(|state| state.time_records[0].regular_hours = "9.00".into());
    let writes = harness.writes();
    let report = harness.apply_export().await;
    assert_eq!(held(&report).get(&Reason::SplitByOffice), Some(&1));
    assert!(report.account.check().is_ok() && report.account.total().held > linx_core::model::Hours::ZERO);
    assert_eq!(
        (harness.writes(), hours_in_procore(&harness)),
        (writes, vec!["8.0".to_owned(), "1.5".to_owned()])
    );
}

#[tokio::test]
async fn a13_what_procore_stored_otherwise_is_told_by_every_endpoint() {
    for endpoint in EntryEndpoint::IN_ORDER {
        let harness = one_long_day(endpoint).await;
        // No hour is regular to Procore, which sets the time type that was sent to overtime.
        splits_over(&harness, 0);
        let report = harness.apply_export().await;
        let told: Vec<_> = report
            .held
            .iter()
            .map(|held| (held.reason, held.detail.contains("time type")))
            .collect();
        assert_eq!(told, [(Reason::StoredDifferently, true)], "{endpoint:?}");
        assert_eq!(
            (report.written(), hours_in_procore(&harness)),
            (1, vec!["9.5".to_owned()])
        );
    }
}

#[tokio::test]
async fn d18_a_signed_entry_keeps_its_signature() {
    let harness = one_long_day(EntryEndpoint::SingleEntries).await;
    harness.apply_export().await;
    let id = harness.procore.entries()[0].id;
    harness
        .procore
        .with_state(|state| state.entries.get_mut(&id).unwrap().signed = true);
    harness
        .exaktime
        .with_state(|state| state.time_records[0].regular_hours = "9.00".into());
    let report = harness.apply_export().await;
    assert_eq!(held(&report).get(&Reason::EntryLocked), Some(&1));
    harness.exaktime.with_state(|state| state.time_records.clear());
    let report = harness.apply_export().await;
    assert_eq!(held(&report).get(&Reason::RemovedButEdited), Some(&1));
    let entry = harness.procore.with_state(|state| state.entries[&id].clone());
    assert!(entry.signed && entry.deleted_at.is_none());
    assert_eq!(entry.hours.as_deref(), Some("9.5"));
}

#[tokio::test]
async fn d25_a_plan_whose_hours_do_not_add_up_is_refused_before_anything_is_written() {
    let harness = writing_by(EntryEndpoint::SingleEntries).await;
    let mut plan = harness.plan_export().await;
    let employee = linx_core::model::RecordId("p-101".into());
    let second = linx_core::model::Hours::from_seconds(1);
    plan.account.read(&employee, day("2026-03-02"), second);
    let error = harness.linx().apply_export(&plan).await.unwrap_err();
    assert!(matches!(error, linx_core::LinxError::Unaccounted(_)));
    // Only the sync has run.
    assert!(harness.procore.entries().is_empty() && harness.ledger.runs(None, usize::MAX).await.unwrap().len() == 1);
}

#[tokio::test]
async fn c11_a_project_without_task_codes_takes_cost_codes() {
    let harness = writing_by(EntryEndpoint::SingleEntries).await;
    harness
        .procore
        .with_state(|state| state.configuration.task_codes = true);
    let none = http::Response::builder().header("total", 0).body("[]".into()).unwrap();
    harness
        .procore_faults
        .order(crate::harness::once(Method::GET, "/wbs_codes", 0, Fault::Instead(none)));
    let plan = harness.plan_export().await;
    let by_task = |change: &&linx_core::change::LineChange| change.content.coding.wbs_code.is_some();
    let (tasks, codes): (Vec<_>, Vec<_>) = plan.changes.iter().partition(by_task);
    assert!(
        !tasks.is_empty() && !codes.is_empty(),
        "{} {}",
        tasks.len(),
        codes.len()
    );
    let project = codes[0].key.project;
    assert!(
        codes
            .iter()
            .all(|change| change.key.project == project && change.content.coding.cost_code.is_some())
    );
}
