//! Which days of the records read may be sent.

use crate::export::plan;
use crate::export::test_world::{day, plan_by, reasons, record, record_id, world};
use crate::hold::Reason;
use crate::linx::LinxError;
use crate::mapping::StandardRules;
use crate::model::{Approval, ApprovalLevel};
use crate::plan::Selection;
use crate::settings::ExportSettings;

#[test]
fn only_approved_days_are_sent_where_that_is_asked_for() {
    let mut facts = world();
    facts.records.rows = vec![record(2, 13, 3600), record(3, 13, 3600)];
    facts.approvals = vec![
        Approval {
            employee: record_id("p-102"),
            work_date: day(2),
            level: ApprovalLevel::SignOff,
        },
        Approval {
            employee: record_id("p-102"),
            work_date: day(3),
            level: ApprovalLevel::Employee,
        },
    ];
    let settings = ExportSettings {
        approved_only: true,
        ..ExportSettings::default()
    };
    let selection = Selection::days(day(1), day(31));
    let plan = plan(&facts, &StandardRules::standard(), &settings, &selection).unwrap();
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(reasons(&plan.held), [Reason::NotApproved]);
}

#[test]
fn d8_a_day_is_sent_once_it_is_settled() {
    let mut facts = world();
    facts.records.rows = vec![record(10, 7, 3600), record(12, 7, 3600)];
    facts.today = day(14);
    let settings = ExportSettings {
        settled_days: 3,
        ..ExportSettings::default()
    };
    let plan = plan_by(&facts, &settings);
    assert_eq!(reasons(&plan.held), [Reason::NotSettled]);
    assert_eq!(plan.changes[0].key.date, day(10));
}

#[test]
fn d11_parts_of_a_day_are_not_rounded_one_place_at_a_time() {
    let settings = ExportSettings {
        rounding: crate::settings::Rounding::Quarter,
        ..ExportSettings::default()
    };
    let selection = Selection {
        locations: vec!["loc-1".into()],
        ..Selection::days(day(1), day(31))
    };
    let refused = plan(&world(), &StandardRules::standard(), &settings, &selection);
    assert!(matches!(refused, Err(LinxError::PartOfDay { setting: "rounding" })));
}
