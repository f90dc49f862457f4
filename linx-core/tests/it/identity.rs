//! Who is who: what makes two records the same, and what never does (hazards C1 to C9 and C14).

use linx_core::change::RecordAction;
use linx_core::hold::Reason;
use linx_core::links::LinkError;
use linx_core::model::{Attribute, Kind, OfficeRef, RecordId};
use linx_core::plan::Evidence;
use procore_client::ids::{ListId, StandardCostCodeId};
use procore_client::sandbox::CompanyCode;

use crate::actions::{changes, reasons};
use crate::harness::Harness;

#[tokio::test]
async fn c1_a_rename_in_procore_is_an_update_and_makes_no_second_record() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let before = harness.records_in_exaktime();
    harness.person_in_procore("00101", |person| person.last_name = "Delgado-Reyes".into());
    harness.procore.with_state(|state| {
        let tower = state.projects.values_mut().find(|project| project.number == "24-002");
        tower.unwrap().name = "Lakeside Tower".into();
        let code = state.company_codes.values_mut().find(|code| code.name == "Grading");
        code.unwrap().name = "Rough Grading".into();
    });
    let report = harness.apply_sync().await;
    let summary = &report.summary;
    assert_eq!((summary.employees.update, summary.employees.create), (1, 0));
    // The project and its three parts, whose names hold the project's.
    assert_eq!((summary.locations.update, summary.locations.create), (4, 0));
    assert_eq!((summary.cost_codes.update, summary.cost_codes.create), (1, 0));
    assert!(
        report
            .changes
            .iter()
            .all(|one| one.change.action != RecordAction::Deactivate)
    );
    assert_eq!(harness.records_in_exaktime(), before);
    assert_eq!(harness.in_exaktime("p-101", "lastName"), "Delgado-Reyes");
    assert_eq!(harness.in_exaktime("loc-24-002", "name"), "24-002 - Lakeside Tower");
    assert_eq!(harness.in_exaktime("cc-31-220", "name"), "Rough Grading");
}

#[tokio::test]
async fn c1_a_new_number_of_the_same_name_is_an_update_of_the_linked_record() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let before = harness.records_in_exaktime();
    harness.person_in_procore("00101", |person| person.employee_id = Some("90101".into()));
    harness.procore.with_state(|state| {
        let tower = state.projects.values_mut().find(|project| project.number == "24-002");
        tower.unwrap().number = "26-002".into();
    });
    harness.apply_sync().await;
    assert_eq!(harness.records_in_exaktime(), before);
    assert_eq!(harness.in_exaktime("p-101", "employeeIdentifier"), "90101");
    assert_eq!(harness.in_exaktime("loc-24-002.01", "identifier"), "26-002.01");
    assert!(harness.plan_sync().await.is_empty());
}

#[tokio::test]
async fn c2_a_name_changed_together_with_the_number_is_held_on_either_side() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    // In Procore, whose last name stays the same: father and son.
    let given_away = harness.person_in_procore("00102", |person| {
        person.first_name = "Obi".into();
        person.employee_id = Some("00150".into());
    });
    // In ExakTime: the leaver's record is renamed for the new hire, who would inherit the hours.
    harness.set_in_exaktime("p-103", "firstName", "Nils");
    harness.set_in_exaktime("p-103", "lastName", "Berg");
    harness.set_in_exaktime("p-103", "employeeIdentifier", "00151");
    let other = harness.link_to("p-103").await.unwrap().office;
    let writes = harness.writes();
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, given_away), [Reason::AnotherPerson]);
    assert_eq!(reasons(&report.held, other), [Reason::AnotherPerson]);
    assert_eq!(harness.writes(), writes, "neither is written");
    // The leaver goes; the record is the new hire's and stays open.
    harness.person_in_procore("00103", |person| person.is_active = false);
    assert_eq!(reasons(&harness.plan_sync().await.held, other), [Reason::AnotherPerson]);
    harness.dismiss_in_procore("00103");
    let plan = harness.plan_sync().await;
    assert_eq!(reasons(&plan.held, other), [Reason::AnotherPerson]);
    assert!(plan.is_empty());
}

#[tokio::test]
async fn c3_a_rehired_worker_with_the_old_number_is_made_active_again() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.person_in_procore("00104", |person| person.is_active = false);
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-104", "status"), "Inactive");
    let before = harness.records_in_exaktime();
    harness.person_in_procore("00104", |person| person.is_active = true);
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Reactivate), ["00104"]);
    assert_eq!(plan.tally(Kind::Employee).reactivate, 1);
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-104", "status"), "Active");
    assert_eq!(harness.records_in_exaktime(), before);
}

#[tokio::test]
async fn c3_a_rehired_worker_with_a_new_number_is_reported_and_not_merged_by_name() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.dismiss_in_procore("00104");
    harness.apply_sync().await;
    let again = harness.hire_in_procore("00103", |person| {
        person.first_name = "Dmitri".into();
        person.last_name = "Volkov".into();
        person.employee_id = Some("00204".into());
    });
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Create), ["00204"]);
    // The old record is linked to who left; it is freed by hand, and then it is told.
    let left = harness.link_to("p-104").await.unwrap().office;
    harness.linx().unlink(&[left]).await.unwrap();
    let plan = harness.plan_sync().await;
    let likely = plan.likely.iter().find(|likely| likely.office == again).unwrap();
    assert_eq!(likely.record, RecordId("p-104".into()));
    assert!(likely.evidence.contains(&Evidence::SameName));
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Create), ["00204"]);
    assert!(plan.agreed.iter().all(|link| link.office != again));
    // A person says that it is the same, and the record lives on.
    harness
        .linx()
        .set_links(&[(again, likely.record.clone())])
        .await
        .unwrap();
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-104", "employeeIdentifier"), "00204");
    assert_eq!(harness.in_exaktime("p-104", "status"), "Active");
}

#[tokio::test]
async fn c4_a_number_found_twice_on_either_side_holds_all_who_carry_it_and_their_time() {
    let harness = Harness::contractor();
    harness.set_in_exaktime("p-105", "employeeIdentifier", "00106");
    let sixth = harness.person_in_procore("00106", |_| ());
    let first = harness.person_in_procore("00121", |_| ());
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, sixth), [Reason::DuplicateIdentifier]);
    assert_eq!(reasons(&report.held, first), [Reason::DuplicateIdentifier]);
    let of_twins = report
        .held
        .iter()
        .filter(|held| held.reason == Reason::DuplicateIdentifier);
    let text = serde_json::to_string(&of_twins.collect::<Vec<_>>()).unwrap();
    assert!(text.contains("p-105") && text.contains("p-106"), "named by id: {text}");
    for name in ["Castillo", "Hale", "Marsh", "Tsosie"] {
        assert!(!text.contains(name), "{text}");
    }
    for record in ["p-105", "p-106", "p-121"] {
        assert!(harness.link_to(record).await.is_none(), "{record}");
    }
    let export = harness.plan_export().await;
    let kept_back = export
        .held
        .iter()
        .filter(|held| held.reason == Reason::EmployeeNotLinked);
    assert!(kept_back.count() > 20, "their time is held");
}

#[tokio::test]
async fn c4_names_and_email_addresses_alone_link_nobody() {
    let harness = Harness::contractor();
    let shared = "crew@mesaprairie.example";
    for number in ["00101", "00102", "00119"] {
        harness.person_in_procore(number, |person| person.email = Some(shared.into()));
    }
    harness.set_in_exaktime("p-118", "workEmail", shared);
    harness.set_in_exaktime("p-118", "employeeIdentifier", "7118");
    harness.set_in_exaktime("p-118", "firstName", "Sam");
    harness.set_in_exaktime("p-118", "lastName", "Whitfield");
    let report = harness.apply_sync().await;
    assert!(
        harness.link_to("p-118").await.is_none(),
        "same name, same address, other number"
    );
    let sam = harness.person_in_procore("00119", |_| ());
    assert!(report.likely.iter().any(|likely| likely.office == sam));
    for (number, record) in [("00101", "p-101"), ("00102", "p-102")] {
        let office = harness.person_in_procore(number, |_| ());
        assert_eq!(harness.link_to(record).await.unwrap().office, office);
    }
}

#[tokio::test]
async fn c5_a_person_who_was_merged_in_procore_is_pointed_at_the_record_by_an_explicit_link() {
    let mut harness = Harness::contractor();
    harness.sync.unsent_days = 0;
    harness.apply_sync().await;
    harness.apply_export().await;
    let sent = harness.procore.entries();
    let old = harness.link_to("p-101").await.unwrap().office;
    // Procore merges the person into another one, who keeps the number.
    let mut merged = None;
    harness.person_in_procore("00101", |person| merged = Some(person.clone()));
    harness.dismiss_in_procore("00101");
    let new = harness.hire_in_procore("00102", |person| *person = merged.unwrap());
    let plan = harness.plan_sync().await;
    assert_eq!(
        changes(&plan, Kind::Employee, RecordAction::Deactivate),
        Vec::<&str>::new(),
        "the record of a number that somebody active carries stays open"
    );
    assert_eq!(reasons(&plan.held, new), [Reason::DuplicateIdentifier]);
    assert_eq!(reasons(&plan.held, old), [Reason::DuplicateIdentifier]);
    // Nothing moves a mapping but a person.
    let pair = [(new, RecordId("p-101".into()))];
    let taken = harness.linx().set_links(&pair).await;
    assert!(matches!(taken, Err(LinkError::Taken { other, .. }) if other == old));
    harness.linx().unlink(&[old]).await.unwrap();
    harness.linx().set_links(&pair).await.unwrap();
    harness.apply_sync().await;
    assert_eq!(harness.link_to("p-101").await.unwrap().office, new);
    assert_eq!(harness.in_exaktime("p-101", "status"), "Active");
    assert!(harness.plan_sync().await.is_empty());
    assert_eq!(harness.procore.entries(), sent, "sent time stays where it is");
}

#[tokio::test]
async fn c5_a_link_whose_record_vanished_is_held_and_nothing_is_made_instead() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let office = harness.link_to("p-101").await.unwrap().office;
    harness.exaktime.with_state(|state| {
        state.persons.remove("p-101");
        state.employments.remove("p-101");
    });
    let plan = harness.plan_sync().await;
    assert_eq!(reasons(&plan.held, office), [Reason::LinkTargetGone]);
    assert!(plan.is_empty());
}

#[tokio::test]
async fn c6_a_deactivation_waits_until_the_leavers_time_is_exported() {
    let harness = Harness::contractor();
    let arlo = harness.person_in_procore("00127", |_| ());
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, arlo), [Reason::UnsentTime]);
    assert_eq!(harness.in_exaktime("p-127", "status"), "Active");
    assert!(
        harness.link_to("p-127").await.is_some(),
        "without, the time could not go"
    );
    assert_eq!(reasons(&harness.plan_sync().await.held, arlo), [Reason::UnsentTime]);
    harness.apply_export().await;
    let plan = harness.plan_sync().await;
    assert_eq!(changes(&plan, Kind::Employee, RecordAction::Deactivate), ["00127"]);
    harness.apply_sync().await;
    assert_eq!(harness.in_exaktime("p-127", "status"), "Inactive");
    assert!(harness.plan_sync().await.is_empty());
}

#[tokio::test]
async fn c6_a_day_of_which_a_part_is_held_is_not_exported_yet() {
    let harness = Harness::contractor();
    harness.exaktime.with_state(|state| {
        // Of one of the leaver's days a part is on a code that nobody linked.
        let of_arlo = state.time_records.iter().filter(|record| record.person == "p-127");
        let record = of_arlo.max_by_key(|record| record.stop).unwrap();
        let mut part = record.clone();
        part.id = "tr-part".into();
        part.cost_code = Some("cc-unknown".into());
        part.start = record.stop.unwrap();
        part.stop = record.stop.map(|stop| stop + chrono::Duration::hours(1));
        part.regular_hours = "1.00".into();
        state.time_records.push(part);
    });
    let arlo = harness.person_in_procore("00127", |_| ());
    harness.apply_sync().await;
    let report = harness.apply_export().await;
    assert!(report.held.iter().any(|held| held.reason == Reason::CostCodeNotLinked));
    assert_eq!(reasons(&harness.plan_sync().await.held, arlo), [Reason::UnsentTime]);
}

#[tokio::test]
async fn c7_numbers_that_differ_in_zeros_are_different_people() {
    let harness = Harness::contractor();
    let short = harness.hire_in_procore("00103", |person| {
        person.first_name = "Nils".into();
        person.last_name = "Berg".into();
        person.employee_id = Some("101".into());
    });
    let long = harness.person_in_procore("00101", |_| ());
    harness.apply_sync().await;
    let (short, long) = (
        harness.link_of(short).await.unwrap(),
        harness.link_of(long).await.unwrap(),
    );
    assert_eq!(long.record.as_str(), "p-101");
    assert_ne!(short.record, long.record);
    assert_eq!(harness.in_exaktime(short.record.as_str(), "employeeIdentifier"), "101");
    assert_eq!(harness.in_exaktime("p-101", "employeeIdentifier"), "00101");
}

fn code(harness: &Harness, division: &str, code: &str, name: &str) -> OfficeRef {
    harness.procore.with_state(|state| {
        let divisions = state.company_codes.iter();
        let (parent, list): (StandardCostCodeId, ListId) = divisions
            .filter(|(_, one)| one.parent.is_none())
            .find(|(_, one)| one.code == division)
            .map(|(id, one)| (*id, one.list))
            .unwrap();
        let id = StandardCostCodeId::new(state.company_codes.keys().next_back().unwrap().get() + 1);
        let made = CompanyCode {
            list,
            code: code.to_owned(),
            name: name.to_owned(),
            parent: Some(parent),
            active: true,
        };
        state.company_codes.insert(id, made);
        format!("cost-code:{id}").parse().unwrap()
    })
}

#[tokio::test]
async fn c8_codes_are_compared_by_their_rule_and_never_cut() {
    let harness = Harness::contractor();
    // Equal but for letter case and blanks: both are held.
    let lower = code(&harness, "03", "30a", "Shotcrete");
    let upper = code(&harness, "03", "30A ", "Shotcrete, wet");
    // Equal but for a sign and zeros: another code, and a near one of what ExakTime has.
    let near = code(&harness, "03", "0300", "Slabs on grade");
    let long = code(&harness, "03", &"7".repeat(220), "Endless");
    let report = harness.apply_sync().await;
    assert_eq!(reasons(&report.held, lower), [Reason::DuplicateIdentifier]);
    assert_eq!(reasons(&report.held, upper), [Reason::DuplicateIdentifier]);
    assert_eq!(reasons(&report.held, long), [Reason::TextTooLong]);
    let link = harness.link_of(near).await.unwrap();
    assert_ne!(link.record.as_str(), "cc-03-300");
    assert_eq!(harness.in_exaktime(link.record.as_str(), "identifier"), "03-0300");
    for held in [lower, upper, long] {
        assert!(harness.link_of(held).await.is_none());
    }
    let cut = |text: &str| text.starts_with("03-777");
    let any_cut = harness.exaktime.with_state(|state| {
        let mut codes = state.cost_codes.values();
        codes.any(|code| code["identifier"].as_str().is_some_and(cut))
    });
    assert!(!any_cut);
}

#[tokio::test]
async fn c8_letter_case_and_blanks_make_no_second_code() {
    let harness = Harness::contractor();
    let podium = code(&harness, "03", "30a", "Shotcrete");
    harness.set_in_exaktime("cc-31-220", "identifier", " 03-30A ");
    harness.set_in_exaktime("cc-31-220", "name", "Shotcrete");
    harness.apply_sync().await;
    assert_eq!(harness.link_of(podium).await.unwrap().record.as_str(), "cc-31-220");
}

#[tokio::test]
async fn c9_the_same_code_in_two_projects_is_two_places() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let links = harness.ledger.links().await.unwrap();
    let firsts: Vec<&str> = links
        .iter()
        .filter(|link| matches!(link.office, OfficeRef::SubJob(..)))
        .filter_map(|link| link.base.get(Attribute::Identifier))
        .filter(|identifier| identifier.ends_with(".01"))
        .collect();
    assert_eq!(firsts, ["24-001.01", "24-002.01", "24-003.01"], "each with its scope");
}

#[tokio::test]
async fn c9_codes_without_their_project_hold_all_who_share_one() {
    let mut harness = Harness::contractor();
    harness.sync.naming.sub_job_identifier = "{{ sub_job.code }}".into();
    let plan = harness.plan_sync().await;
    let held = plan
        .held
        .iter()
        .filter(|held| held.reason == Reason::DuplicateIdentifier && held.subject.id().starts_with("sub-job:"));
    assert_eq!(held.count(), 6, "01 and 02 of three projects each");
}

#[tokio::test]
async fn c14_a_blank_in_procore_erases_neither_a_link_nor_a_value() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let blanked = harness.person_in_procore("00101", |person| {
        person.employee_id = None;
        person.email = Some(" ".into());
        person.job_title = None;
        person.first_name = String::new();
    });
    let writes = harness.writes();
    let report = harness.apply_sync().await;
    assert!(report.changes.is_empty(), "{:?}", report.changes);
    assert_eq!(harness.writes(), writes);
    assert_eq!(harness.link_of(blanked).await.unwrap().record.as_str(), "p-101");
    for (property, value) in [
        ("employeeIdentifier", "00101"),
        ("firstName", "Ana"),
        ("workEmail", "ana.delgado@mesaprairie.example"),
        ("jobTitle", "Carpenter"),
    ] {
        assert_eq!(harness.in_exaktime("p-101", property), value);
    }
}

#[tokio::test]
async fn c14_a_blank_in_exaktime_keeps_the_link_and_is_no_other_record() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    let office = harness.link_to("p-101").await.unwrap().office;
    harness.set_in_exaktime("p-101", "employeeIdentifier", "");
    let before = harness.records_in_exaktime();
    harness.apply_sync().await;
    assert_eq!(harness.link_to("p-101").await.unwrap().office, office);
    assert_eq!(harness.records_in_exaktime(), before);
}

#[tokio::test]
async fn a1_what_a_cut_creation_left_behind_keeps_no_number_from_an_employee() {
    let harness = Harness::contractor();
    harness.apply_sync().await;
    // A person whose employment was never made, since the connection broke in between.
    harness.exaktime.with_state(|state| {
        let mut person = state.persons["p-104"].clone();
        person.insert("personId".into(), "p-left".into());
        person.insert("employeeIdentifier".into(), "00177".into());
        state.persons.insert("p-left".into(), person);
    });
    harness.person_in_procore("00104", |person| person.employee_id = Some("00177".into()));
    let report = harness.apply_sync().await;
    assert_eq!(report.summary.employees.update, 1, "{:?}", report.held);
    assert_eq!(harness.in_exaktime("p-104", "employeeIdentifier"), "00177");
    let carriers = harness.exaktime.with_state(|state| {
        let number = |person: &serde_json::Map<String, serde_json::Value>| person.get("employeeIdentifier").cloned();
        let carry = state
            .persons
            .values()
            .filter(|person| number(person) == Some("00177".into()));
        carry.count()
    });
    assert_eq!(carriers, 1);
}
