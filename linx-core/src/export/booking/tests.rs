//! What hours are booked to, and what is held because it cannot be found.

use std::collections::BTreeSet;

use crate::export::test_world::{
    PROJECT, WORKER, applied, day, link, plan_by, plan_of, project_code, reasons, record, record_id, world,
};
use crate::export::{ExportFacts, plan};
use crate::hold::Reason;
use crate::mapping::StandardRules;
use crate::model::{
    Attribute, Attributes, ClassHours, ClassificationId, HourClass, Hours, Kind, LineItemTypeId, OfficeRef, Record,
    SubJob, SubJobId, TimeRecord, TimeTypeId,
};
use crate::plan::Selection;
use crate::ports::Snapshot;
use crate::settings::ExportSettings;

#[test]
fn c11_what_cannot_be_found_is_held_with_the_missing_piece_named() {
    let mut facts = world();
    let at = |change: fn(&mut TimeRecord)| {
        let mut record = record(2, 13, 3600);
        change(&mut record);
        record
    };
    let cases: [(Reason, TimeRecord, &str); 8] = [
        (
            Reason::EmployeeNotLinked,
            at(|record| record.employee = record_id("p-999")),
            "p-999",
        ),
        (Reason::NoLocation, at(|record| record.location = None), ""),
        (
            Reason::LocationNotLinked,
            at(|record| record.location = Some(record_id("loc-YARD"))),
            "loc-YARD",
        ),
        (Reason::NoCostCode, at(|record| record.cost_code = None), ""),
        (
            Reason::CostCodeNotLinked,
            at(|record| record.cost_code = Some(record_id("cc-IN"))),
            "cc-IN",
        ),
        (
            Reason::NoLaborType,
            at(|record| record.cost_code = Some(record_id("cc-410"))),
            "02-410",
        ),
        (
            Reason::CostCodeNotInProject,
            at(|record| record.cost_code = Some(record_id("cc-220"))),
            "31-220 in project:316",
        ),
        (
            Reason::NoTimeType,
            at(|record| record.hours = ClassHours::of(HourClass::DoubleTime, Hours::from_minutes(60))),
            "`Double Time`, and Procore has Regular Time, Overtime",
        ),
    ];
    for (reason, record, named) in cases {
        facts.records.rows = vec![record];
        let plan = plan_of(&facts);
        assert!(plan.is_empty(), "{reason}");
        assert_eq!(reasons(&plan.held), [reason]);
        assert!(plan.held[0].detail.contains(named), "{}", plan.held[0].detail);
    }
}

#[test]
fn c10_a_closed_project_holds_its_time() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 3600)];
    facts.projects.rows[0].active = false;
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::ProjectClosed]);
}

#[test]
fn c15_time_of_a_worker_whom_the_project_does_not_know_is_held() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 7, 8 * 3600)];
    facts.members = [(PROJECT, BTreeSet::new())].into();
    let plan = plan_by(&facts, &ExportSettings::default());
    assert_eq!(reasons(&plan.held), [Reason::NotInProject]);
    assert!(
        plan.held[0]
            .detail
            .contains("worker:7 is not in the directory of project:316")
    );
    facts.members = [(PROJECT, BTreeSet::from([WORKER]))].into();
    assert_eq!(plan_by(&facts, &ExportSettings::default()).changes.len(), 1);
}

#[test]
fn c11_time_without_its_code_is_held_or_sent_without_one_as_the_company_says() {
    let mut facts = world();
    let mut elsewhere = record(2, 7, 8 * 3600);
    elsewhere.cost_code = Some(record_id("cc-220"));
    facts.records.rows = vec![elsewhere];
    assert_eq!(
        reasons(&plan_by(&facts, &ExportSettings::default()).held),
        [Reason::CostCodeNotInProject]
    );
    let settings = ExportSettings {
        unresolved_cost_code: crate::settings::UnresolvedCostCode::Omit,
        ..ExportSettings::default()
    };
    let plan = plan_by(&facts, &settings);
    let content = &plan.changes[0].content;
    assert_eq!((content.coding.cost_code, content.coding.line_item_type), (None, None));
    assert_eq!(
        &*plan.changes[0].key.cost_code, "31-220",
        "the key still tells the code"
    );
}

#[test]
fn c11_of_several_labor_types_only_the_companys_default_is_taken() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 7, 8 * 3600)];
    let codes = vec![project_code(900, 71, "03-300", &["labor", "labor"])];
    facts.project_codes = [((PROJECT, None), Ok(Snapshot::complete(codes)))].into();
    assert_eq!(
        reasons(&plan_by(&facts, &ExportSettings::default()).held),
        [Reason::NoLaborType]
    );
    facts.settings.default_cost_type = Some(LineItemTypeId(51));
    let plan = plan_by(&facts, &ExportSettings::default());
    assert_eq!(plan.changes[0].content.coding.line_item_type, Some(LineItemTypeId(51)));
    facts.settings.default_cost_type = Some(LineItemTypeId(99));
    assert_eq!(
        reasons(&plan_by(&facts, &ExportSettings::default()).held),
        [Reason::NoLaborType]
    );
}

#[test]
fn d20_classes_stay_apart_and_a_project_that_certifies_its_payroll_demands_one() {
    let mut facts = world();
    let class = |id, name: &str, abbreviation: &str| crate::model::Classification {
        id: ClassificationId(id),
        name: name.into(),
        abbreviation: Some(abbreviation.into()),
        projects: None,
        active: true,
    };
    facts.classifications = vec![class(1, "Carpenter Journeyman", "CJ"), class(2, "Laborer", "LB")];
    let of = |hour: u32, class: Option<&str>| TimeRecord {
        classification: class.map(Into::into),
        ..record(2, hour, 2 * 3600)
    };
    facts.records.rows = vec![
        of(7, Some("Carpenter J")),
        of(9, Some("lb")),
        of(11, None),
        of(13, Some("Welder")),
    ];
    let settings = ExportSettings {
        classifications: [("Carpenter J".to_owned(), "CJ".to_owned())].into(),
        classified_projects: vec!["24-001".into()],
        ..ExportSettings::default()
    };
    let rules = StandardRules::new(&crate::settings::SyncSettings::default(), &settings).unwrap();
    let plan = plan(&facts, &rules, &settings, &Selection::days(day(1), day(31))).unwrap();
    let classes: Vec<_> = plan
        .changes
        .iter()
        .map(|change| change.content.coding.classification)
        .collect();
    assert_eq!(
        classes,
        [Some(ClassificationId(1)), Some(ClassificationId(2))],
        "never merged"
    );
    let said: Vec<_> = plan
        .changes
        .iter()
        .map(|change| change.view.classification.as_deref())
        .collect();
    assert_eq!(said, [Some("Carpenter J"), Some("lb")], "the source's words are kept");
    assert!(
        plan.changes
            .iter()
            .all(|change| change.key.classification == change.content.coding.classification)
    );
    assert_eq!(
        reasons(&plan.held),
        [Reason::NoClassification; 2],
        "one without and one that Procore does not have"
    );
    assert_eq!(plan.account.total().held, Hours::from_minutes(240));
}

#[test]
fn c5_two_employees_may_be_one_person_by_an_explicit_entry() {
    let mut facts = world();
    let employee = |id: &str, number: &str| Record {
        kind: Kind::Employee,
        id: record_id(id),
        attributes: Attributes::default().with(Attribute::Identifier, number),
        protected: false,
    };
    facts.employees.rows = vec![employee("p-102", "00102"), employee("p-117", "00117")];
    let merged = TimeRecord {
        employee: record_id("p-117"),
        ..record(2, 15, 3600)
    };
    facts.records.rows = vec![record(2, 7, 3600), merged];
    assert_eq!(reasons(&plan_of(&facts).held), [Reason::EmployeeNotLinked]);

    let settings = ExportSettings {
        same_person: [("00117".to_owned(), "00102".to_owned())].into(),
        ..ExportSettings::default()
    };
    let of = |facts: &ExportFacts| {
        plan(
            facts,
            &StandardRules::standard(),
            &settings,
            &Selection::days(day(1), day(31)),
        )
        .unwrap()
    };
    let one = of(&facts);
    assert_eq!(one.changes.len(), 1, "one line of both");
    assert_eq!(one.changes[0].content.hours.to_string(), "2.00");
    let whose: Vec<&str> = one.changes[0]
        .carries
        .iter()
        .map(|carried| carried.employee.as_str())
        .collect();
    assert_eq!(whose, ["p-102", "p-117"]);
    assert!(of(&applied(facts, &one)).is_empty());
}

#[test]
fn c11_leave_is_booked_to_its_place_with_its_time_type_and_without_a_code() {
    let mut facts = world();
    let vacation = facts
        .links
        .iter()
        .find(|link| link.record == record_id("cc-220"))
        .unwrap()
        .clone();
    facts.codes = vec![Record {
        kind: Kind::CostCode,
        id: vacation.record.clone(),
        attributes: Attributes::default().with(Attribute::Identifier, "VAC"),
        protected: false,
    }];
    let podium = SubJob {
        project: PROJECT,
        id: SubJobId(9),
        code: "01".into(),
        name: "Podium".into(),
    };
    facts.sub_jobs = vec![podium];
    facts
        .links
        .push(link(OfficeRef::SubJob(PROJECT, SubJobId(9)), "loc-1.01"));
    facts.project_codes.insert(
        (PROJECT, Some(SubJobId(9))),
        Ok(Snapshot::complete(vec![project_code(910, 71, "03-300", &["labor"])])),
    );
    let mut leave = record(2, 13, 8 * 3600);
    (leave.cost_code, leave.location) = (Some(vacation.record), Some(record_id("loc-1.01")));
    facts.records.rows = vec![leave];
    let settings = |word: &str| ExportSettings {
        leave: [("VAC".into(), word.into())].into(),
        ..ExportSettings::default()
    };
    let plan = plan_by(&facts, &settings("Overtime"));
    assert_eq!(plan.changes.len(), 1, "{:?}", plan.held);
    let coding = &plan.changes[0].content.coding;
    assert_eq!(
        (coding.sub_job, coding.time_type),
        (Some(SubJobId(9)), Some(TimeTypeId(2)))
    );
    assert_eq!((coding.cost_code, coding.line_item_type), (None, None));
    let plan = plan_by(&facts, &settings(""));
    assert_eq!((plan.changes.len(), reasons(&plan.left_out)), (0, vec![Reason::Leave]));
}
