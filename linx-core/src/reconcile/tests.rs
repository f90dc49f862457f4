use super::merge::merge;
use super::*;
use crate::change::RecordAction;
use crate::hold::Remedy;
use crate::ledger::Link;
use crate::mapping::{Desired, Ruling};
use crate::model::{Attribute, Attributes, CompanyCodeId, Kind, OfficeRef, Record, RecordId, WorkerId};
use crate::ports::Snapshot;
use crate::settings::{Guard, LikelyMatch, Owner, SyncSettings};

fn person(identifier: &str, last: &str, active: bool) -> Attributes {
    Attributes::default()
        .with(Attribute::Identifier, identifier)
        .with(Attribute::LastName, last)
        .with_active(active)
}

fn worker(id: u64) -> OfficeRef {
    OfficeRef::Worker(WorkerId(id))
}

fn desired(id: u64, attributes: Attributes) -> Desired {
    Desired {
        office: worker(id),
        ruling: Ruling::Becomes(attributes),
    }
}

fn record(id: &str, attributes: Attributes) -> Record {
    Record {
        kind: Kind::Employee,
        id: RecordId(id.into()),
        attributes,
        protected: false,
    }
}

fn link(office: u64, record: &str, base: Attributes) -> Link {
    Link {
        office: worker(office),
        kind: Kind::Employee,
        record: RecordId(record.into()),
        base,
    }
}

struct World {
    kind: Kind,
    desired: Vec<Desired>,
    left_alone: Vec<(OfficeRef, Attributes)>,
    current: Snapshot<Record>,
    links: Vec<Link>,
    settings: SyncSettings,
    proves_absence: bool,
    incomplete: Option<String>,
    allow_mass_change: bool,
}

impl World {
    fn new(desired: Vec<Desired>, current: Vec<Record>, links: Vec<Link>) -> Self {
        Self {
            kind: Kind::Employee,
            desired,
            left_alone: Vec::new(),
            current: Snapshot::complete(current),
            links,
            settings: SyncSettings::default(),
            proves_absence: true,
            incomplete: None,
            allow_mass_change: false,
        }
    }

    fn plan(&self) -> KindPlan {
        reconcile(&Input {
            kind: self.kind,
            desired: &self.desired,
            left_alone: &self.left_alone,
            proves_absence: &|_| self.proves_absence,
            incomplete: &|_| self.incomplete.clone(),
            emptied: &|_| self.desired.is_empty(),
            in_scope: &|_| true,
            current: &self.current,
            links: &self.links.iter().collect::<Vec<_>>(),
            settings: &self.settings,
            allow_mass_change: self.allow_mass_change,
        })
    }
}

fn held_codes(plan: &KindPlan) -> Vec<&'static str> {
    plan.held.iter().map(|held| held.reason.code()).collect()
}

/// Ann is made anew under a number that is another's as well, or while ExakTime's list is not whole: she is not made, and her old record
/// is hers still.
#[test]
fn c3_who_is_held_herself_is_sought_among_those_who_left() {
    let ann = |number: &str| {
        let ann = person(number, "A", true).with(Attribute::FirstName, "Ann");
        ann.with(Attribute::Email, "a@site.example")
    };
    let other = person("301", "Z", true);
    let world = |number: &str| {
        let mut world = World::new(
            vec![desired(28, ann(number)), desired(9, other.clone())],
            vec![record("p-103", ann("103")), record("p-301", other.clone())],
            vec![link(3, "p-103", ann("103")), link(9, "p-301", other.clone())],
        );
        world.settings.guard = Guard::OPEN;
        world
    };
    let mut in_part = world("302");
    in_part.current.incomplete = Some("the counts differ".into());
    for world in [world("302"), world("301"), in_part] {
        let plan = world.plan();
        assert_eq!(plan.changes, [], "{:?}", plan.held);
        assert!(plan.held.iter().any(|held| held.subject.entity() == Some(worker(3))));
    }
}

/// A worker was deleted and made anew, and a person told Linx to leave the new one alone, who is at work under the old number.
#[test]
fn c5_nobody_is_made_inactive_whose_number_somebody_who_is_left_alone_has() {
    let base = person("00107", "Lindquist", true);
    let mut world = World::new(
        Vec::new(),
        vec![record("p-107", base.clone())],
        vec![link(7, "p-107", base.clone())],
    );
    world.desired = vec![desired(8, person("00108", "Other", true))];
    world.left_alone = vec![(worker(9), base)];
    let plan = world.plan();
    assert_eq!(held_codes(&plan), ["duplicate_identifier"]);
    assert!(
        plan.changes
            .iter()
            .all(|change| change.action != RecordAction::Deactivate)
    );

    world.left_alone = vec![(worker(9), person("00109", "Lindquist", true))];
    let plan = world.plan();
    assert!(
        plan.changes
            .iter()
            .any(|change| change.action == RecordAction::Deactivate)
    );
}

#[test]
fn c1_a_rename_is_an_update_of_the_linked_record() {
    let base = person("00107", "Lindquist", true);
    let world = World::new(
        vec![desired(7, person("00107", "Lindqvist", true))],
        vec![record("p-107", base.clone())],
        vec![link(7, "p-107", base)],
    );
    let plan = world.plan();
    assert_eq!(plan.changes.len(), 1);
    assert_eq!(plan.changes[0].action, RecordAction::Update);
    assert_eq!(plan.changes[0].record, Some(RecordId("p-107".into())));
    assert_eq!(plan.changes[0].base.get(Attribute::LastName), Some("Lindqvist"));
}

#[test]
fn b7_a_value_changed_only_in_exaktime_is_kept_and_a_later_change_in_procore_is_a_conflict() {
    let base = person("1", "Old", true);
    let mut world = World::new(
        vec![desired(1, base.clone())],
        vec![record("p-1", person("1", "Theirs", true))],
        vec![link(1, "p-1", base)],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty() && plan.held.is_empty() && plan.agreed.is_empty());
    assert_eq!(plan.kept, 1, "it is counted as kept");

    world.desired = vec![desired(1, person("1", "Ours", true))];
    let plan = world.plan();
    assert!(plan.changes.is_empty());
    assert_eq!(held_codes(&plan), ["field_conflict"]);
    assert!(plan.held[0].detail.contains("Old") && plan.held[0].detail.contains("Theirs"));

    world.settings.owners.insert(Attribute::LastName, Owner::Procore);
    assert_eq!(world.plan().changes.len(), 1);
    world.settings.owners.insert(Attribute::LastName, Owner::ExakTime);
    assert!(world.plan().changes.is_empty() && world.plan().held.is_empty());
}

#[test]
fn a11_c17_nobody_is_deactivated_while_whoever_has_the_number_by_now_may_be_unread() {
    let mut world = World::new(
        vec![desired(1, person("1", "A", false))],
        vec![record("p-1", person("1", "A", true))],
        vec![link(1, "p-1", person("1", "A", true))],
    );
    world.proves_absence = false;
    let plan = world.plan();
    assert!(plan.changes.is_empty() && plan.agreed.is_empty());
    assert_eq!(held_codes(&plan), ["incomplete_list"]);
    assert!(plan.held[0].detail.contains("could not be read"), "{:?}", plan.held);
    world.incomplete = Some("page 2 failed".into());
    assert!(world.plan().held[0].detail.contains("page 2 failed"));

    world.proves_absence = true;
    assert_eq!(world.plan().changes[0].action, RecordAction::Deactivate);
    // Who is inactive on both sides needs nobody.
    world.proves_absence = false;
    world.current.rows[0].attributes.set(Attribute::Active, "false");
    assert!(world.plan().held.is_empty(), "{:?}", world.plan().held);
}

#[test]
fn c3_a_rehired_worker_is_made_active_again() {
    let world = World::new(
        vec![desired(1, person("1", "A", true))],
        vec![record("p-1", person("1", "A", false))],
        vec![link(1, "p-1", person("1", "A", false))],
    );
    assert_eq!(world.plan().changes[0].action, RecordAction::Reactivate);
}

#[test]
fn c4_a_number_found_twice_holds_all_who_carry_it() {
    let twice_in_procore = World::new(
        vec![
            desired(21, person("00121", "A", true)),
            desired(22, person("00121", "B", true)),
        ],
        vec![record("p-121", person("00121", "A", true))],
        vec![],
    );
    let plan = twice_in_procore.plan();
    assert!(plan.changes.is_empty() && plan.agreed.is_empty());
    assert_eq!(held_codes(&plan), ["duplicate_identifier"; 2]);
    assert!(plan.held[0].detail.contains("worker:21, worker:22"));

    let twice_in_exaktime = World::new(
        vec![desired(1, person("7", "A", true))],
        vec![
            record("p-1", person("7", "A", true)),
            record("p-2", person("7", "A", true)),
        ],
        vec![],
    );
    assert_eq!(held_codes(&twice_in_exaktime.plan()), ["duplicate_identifier"]);
}

#[test]
fn c2_a_name_changed_together_with_the_number_may_be_another_person() {
    let base = person("00107", "Lindquist", true);
    let mut world = World::new(
        vec![desired(7, person("00207", "Okafor", true))],
        vec![record("p-107", base.clone())],
        vec![link(7, "p-107", base)],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty() && plan.agreed.is_empty());
    assert_eq!(held_codes(&plan), ["another_person"]);
    assert!(!plan.held[0].detail.contains("Okafor"));

    for one_of_both in [person("00207", "Lindquist", true), person("00107", "Okafor", true)] {
        world.desired = vec![desired(7, one_of_both)];
        assert_eq!(world.plan().changes[0].action, RecordAction::Update);
    }
    let set_by_a_person = person("00207", "Okafor", true);
    world.desired = vec![desired(7, set_by_a_person.clone())];
    world.current = Snapshot::complete(vec![record("p-107", set_by_a_person)]);
    assert!(world.plan().held.is_empty());
}

#[test]
fn order_does_not_matter_and_a_plan_applied_leaves_nothing() {
    use proptest::prelude::*;
    let worker_of = (1u64..12, 0usize..4, any::<bool>());
    let record_of = (1u64..12, 0usize..4, any::<bool>());
    let names = ["Ames", "Boyd", "Cole", "Dunn"];
    let worlds = (
        proptest::collection::btree_map(1u64..20, worker_of, 0..12),
        proptest::collection::btree_map(1u64..20, record_of, 0..12),
    );
    proptest!(|((workers, records) in worlds)| {
        let ours: Vec<Desired> = workers
            .iter()
            .map(|(id, (number, name, active))| desired(*id, person(&number.to_string(), names[*name], *active)))
            .collect();
        let theirs: Vec<Record> = records
            .iter()
            .map(|(id, (number, name, active))| {
                record(&format!("p-{id}"), person(&number.to_string(), names[*name], *active))
            })
            .collect();
        let mut world = World::new(ours, theirs, vec![]);
        world.allow_mass_change = true;
        let plan = world.plan();
        world.desired.reverse();
        world.current.rows.reverse();
        let turned = world.plan();
        prop_assert_eq!(&plan.changes, &turned.changes);
        prop_assert_eq!((&plan.agreed, &plan.held), (&turned.agreed, &turned.held));

        apply(&mut world, &plan);
        let again = world.plan();
        prop_assert!(again.changes.is_empty(), "{:?}", again.changes);
        prop_assert!(again.agreed.is_empty());
        prop_assert_eq!(&again.held, &plan.held);
    });
}

/// Does to the world what the plan says.
fn apply(world: &mut World, plan: &KindPlan) {
    for change in &plan.changes {
        let id = change
            .record
            .clone()
            .unwrap_or_else(|| RecordId(format!("new-{}", change.office).into()));
        match world.current.rows.iter_mut().find(|row| row.id == id) {
            Some(row) => {
                for attribute in &change.attributes {
                    row.attributes
                        .set(attribute.attribute, attribute.to.as_deref().unwrap_or_default());
                }
            }
            None => world.current.rows.push(record(id.as_str(), change.base.clone())),
        }
        remember(
            world,
            Link {
                office: change.office,
                kind: change.kind,
                record: id,
                base: change.base.clone(),
            },
        );
    }
    for agreed in &plan.agreed {
        remember(world, agreed.clone());
    }
}

fn remember(world: &mut World, link: Link) {
    world.links.retain(|known| known.office != link.office);
    world.links.push(link);
}

#[test]
fn c7_leading_zeros_make_another_number() {
    let mut world = World::new(
        vec![desired(1, person("00042", "A", true))],
        vec![record("p", person("42", "B", true))],
        vec![],
    );
    let plan = world.plan();
    assert_eq!(plan.changes[0].action, RecordAction::Create);
    assert_eq!(plan.likely[0].evidence, [crate::plan::Evidence::NearIdentifier].into());

    world.current.rows[0].attributes.set(Attribute::LastName, "A");
    let plan = world.plan();
    assert!(
        plan.changes.is_empty() && plan.agreed.is_empty(),
        "neither made twice nor linked by likeness"
    );
    assert_eq!(held_codes(&plan), ["likely_match"]);
    assert!(
        plan.held[0].detail.contains("employee p: identifiers alike"),
        "{:?}",
        plan.held
    );
    world.settings.likely_match = LikelyMatch::Create;
    let plan = world.plan();
    assert_eq!((plan.changes[0].action, plan.likely.len()), (RecordAction::Create, 1));
}

#[test]
fn c3_who_has_no_number_is_held_with_the_likely_record_named() {
    let nameless = Attributes::default()
        .with(Attribute::LastName, "Delgado")
        .with_active(true);
    let world = World::new(
        vec![desired(1, nameless)],
        vec![record("p-1", person("1", "Delgado", true))],
        vec![],
    );
    let plan = world.plan();
    assert_eq!(held_codes(&plan), ["no_identifier"]);
    assert_eq!(plan.likely[0].record, RecordId("p-1".into()));
}

#[test]
fn c14_a_number_that_is_blanked_in_procore_changes_nothing_for_who_is_linked() {
    let base = person("1", "A", true);
    let blanked = Attributes::default().with(Attribute::LastName, "A").with_active(true);
    let world = World::new(
        vec![desired(1, blanked)],
        vec![record("p-1", base.clone())],
        vec![link(1, "p-1", base)],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty() && plan.held.is_empty(), "{plan:?}");
    assert_eq!(plan.unchanged, 1);
}

#[test]
fn places_that_would_have_one_name_are_held() {
    let place = |number: &str| {
        Attributes::default()
            .with(Attribute::Identifier, number)
            .with(Attribute::Name, "Tower")
            .with_active(true)
    };
    let of = |id: u64, attributes: Attributes| Desired {
        office: OfficeRef::Project(crate::model::ProjectId(id)),
        ruling: Ruling::Becomes(attributes),
    };
    let mut world = World::new(
        vec![
            of(1, place("1")),
            of(2, place("2")),
            of(3, place("3").with_active(false)),
        ],
        vec![],
        vec![],
    );
    world.kind = Kind::Location;
    let plan = world.plan();
    assert_eq!(held_codes(&plan), ["duplicate_name"; 2]);
    assert!(plan.held[0].detail.contains("project:1, project:2"));
    assert!(plan.changes.is_empty());
}

#[test]
fn c14_a_blank_never_erases() {
    let theirs = person("1", "A", true).with(Attribute::Email, "a@site.example");
    let world = World::new(
        vec![desired(1, person("1", "A", true))],
        vec![record("p-1", theirs.clone())],
        vec![link(1, "p-1", theirs)],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty());
    assert_eq!(plan.unchanged, 1);
}

#[test]
fn a_record_found_by_its_identifier_is_adopted_and_nothing_is_made_twice() {
    let world = World::new(
        vec![desired(1, person("1", "A", true))],
        vec![record("p-1", person("1", "A", true))],
        vec![],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty());
    assert_eq!(plan.agreed, [link(1, "p-1", person("1", "A", true))]);
}

#[test]
fn b4_absence_counts_only_in_a_list_that_was_read_completely() {
    let gone = person("1", "A", true);
    let mut world = World::new(
        vec![desired(2, person("2", "B", true))],
        vec![record("p-1", gone.clone()), record("p-2", person("2", "B", true))],
        vec![link(1, "p-1", gone)],
    );
    assert_eq!(world.plan().changes[0].action, RecordAction::Deactivate);
    world.proves_absence = false;
    let plan = world.plan();
    assert!(plan.changes.is_empty());
    assert_eq!(plan.notes.len(), 1);
}

#[test]
fn a3_nothing_is_created_against_a_list_that_may_lack_rows() {
    let mut world = World::new(vec![desired(1, person("1", "A", true))], vec![], vec![]);
    world.current.incomplete = Some("199 of 200 rows".into());
    let plan = world.plan();
    assert!(plan.changes.is_empty());
    assert_eq!(held_codes(&plan), ["incomplete_list"; 2]);
    assert_eq!(plan.held[0].subject.id(), "list:exaktime:employees");
}

#[test]
fn c4_on_an_incomplete_list_of_either_side_nobody_gets_a_number_that_another_may_have() {
    let base = person("5", "E", true);
    let mut world = World::new(
        vec![
            desired(1, person("1", "A", true)),
            desired(2, person("2", "B", true)),
            desired(5, person("55", "E", true)),
            desired(6, person("6", "Renamed", true)),
        ],
        vec![
            record("p-2", person("2", "B", true)),
            record("p-5", base.clone()),
            record("p-6", person("6", "F", true)),
        ],
        vec![link(5, "p-5", base), link(6, "p-6", person("6", "F", true))],
    );
    let plan = world.plan();
    assert_eq!((plan.changes.len(), plan.agreed.len(), plan.held.len()), (3, 1, 0));

    world.incomplete = Some("19 of 20 rows".into());
    let plan = world.plan();
    assert_eq!(held_codes(&plan), ["incomplete_list"; 3], "{:?}", plan.held);
    assert!(plan.agreed.is_empty() && plan.adopted.is_empty());
    assert_eq!(plan.changes.len(), 1, "a rename gives no number: {:?}", plan.changes);

    world.incomplete = None;
    world.current.incomplete = Some("19 of 20 rows".into());
    let plan = world.plan();
    assert_eq!(
        held_codes(&plan),
        ["incomplete_list"; 4],
        "and the list itself: {:?}",
        plan.held
    );
    assert_eq!((plan.changes.len(), plan.agreed.len()), (1, 0));
}

#[test]
fn b4_a_linked_record_that_is_in_no_list_is_gone_only_where_the_list_is_whole() {
    let mut world = World::new(
        vec![desired(1, person("1", "A", true))],
        vec![],
        vec![link(1, "p-1", person("1", "A", true))],
    );
    assert_eq!(held_codes(&world.plan()), ["link_target_gone"]);
    world.current.incomplete = Some("19 of 20 rows".into());
    assert_eq!(held_codes(&world.plan()), ["incomplete_list"; 2]);
}

#[test]
fn b5_an_emptied_list_and_a_mass_change_need_consent() {
    let people = |count: u64| {
        (0..count)
            .map(|n| (n, person(&n.to_string(), "A", true)))
            .collect::<Vec<_>>()
    };
    let all = people(40);
    let records: Vec<_> = all
        .iter()
        .map(|(n, attributes)| record(&format!("p-{n}"), attributes.clone()))
        .collect();
    let links: Vec<_> = all
        .iter()
        .map(|(n, attributes)| link(*n, &format!("p-{n}"), attributes.clone()))
        .collect();

    let some = |keep: usize| {
        all[..keep]
            .iter()
            .map(|(n, attributes)| desired(*n, attributes.clone()))
            .collect()
    };
    let mut within = World::new(some(30), records.clone(), links.clone());
    assert_eq!(within.plan().changes.len(), 10);
    within.desired = some(29);
    let plan = within.plan();
    assert!(plan.changes.is_empty());
    assert_eq!(held_codes(&plan), ["guard_refused"; 11]);
    let [refused] = &plan.refused[..] else {
        panic!("{:?}", plan.refused)
    };
    assert_eq!((refused.count, refused.population), (11, 40));
    assert_eq!(refused.limit, Some(Guard::default()));
    assert_eq!(
        refused.remedies(),
        [Remedy::AllowMassChange, Remedy::Settings("sync.guard")]
    );
    within.allow_mass_change = true;
    assert_eq!(within.plan().changes.len(), 11);

    let one_left = World::new(vec![], records[..1].to_vec(), links[..1].to_vec());
    assert!(
        !one_left.plan().refused.is_empty(),
        "an empty list after a full one always needs consent"
    );
}

#[test]
fn b5_records_that_nobody_linked_do_not_widen_the_guard() {
    let people: Vec<(u64, Attributes)> = (0..20).map(|n| (n, person(&n.to_string(), "A", true))).collect();
    let name = |n: u64| format!("p-{n}");
    let leavers = (20..200).map(|n| record(&name(n), person(&n.to_string(), "L", false)));
    let records = people
        .iter()
        .map(|(n, attributes)| record(&name(*n), attributes.clone()));
    let world = World::new(
        people[..5]
            .iter()
            .map(|(n, attributes)| desired(*n, attributes.clone()))
            .collect(),
        records.chain(leavers).collect(),
        people
            .iter()
            .map(|(n, attributes)| link(*n, &name(*n), attributes.clone()))
            .collect(),
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty(), "15 of the 20 at work are not a few of 200");
    assert_eq!((plan.refused[0].count, plan.refused[0].population), (15, 20));
}

#[test]
fn a_link_to_what_procore_never_listed_deactivates_nobody() {
    let world = World::new(
        vec![desired(2, person("2", "B", true))],
        vec![
            record("p-1", person("1", "A", true)),
            record("p-2", person("2", "B", true)),
        ],
        vec![link(1, "p-1", Attributes::default())],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
    assert_eq!(held_codes(&plan), ["link_never_met"]);
}

#[test]
fn c5_a_link_whose_record_vanished_is_held() {
    let world = World::new(
        vec![desired(1, person("1", "A", true))],
        vec![],
        vec![link(1, "p-1", person("1", "A", true))],
    );
    assert_eq!(held_codes(&world.plan()), ["link_target_gone"]);
}

#[test]
fn c5_a_leaver_whose_number_another_has_now_is_not_deactivated() {
    let base = person("103", "A", true);
    let left = |number: Option<&str>| person("", "A", false).with(Attribute::Identifier, number);
    for was in [None, Some("103-OLD")] {
        let world = World::new(
            vec![desired(3, left(was)), desired(28, person("103", "A", true))],
            vec![record("p-103", base.clone())],
            vec![link(3, "p-103", base.clone())],
        );
        let plan = world.plan();
        assert!(plan.changes.is_empty(), "{:?}", plan.changes);
        assert_eq!(held_codes(&plan), ["duplicate_identifier"; 2]);
        assert!(
            plan.held
                .iter()
                .any(|held| held.detail.contains("worker:28 has its number now"))
        );
    }
    let alone = World::new(
        vec![desired(3, left(None))],
        vec![record("p-103", base.clone())],
        vec![link(3, "p-103", base)],
    );
    assert_eq!(alone.plan().changes[0].action, RecordAction::Deactivate);
}

#[test]
fn c5_who_is_made_anew_under_a_number_that_was_edited_in_exaktime_is_not_made_twice() {
    let base = person("103", "A", true);
    for edited in [person("E-103", "A", true), person("", "A", true)] {
        let world = World::new(
            vec![desired(28, person("103", "A", true))],
            vec![record("p-103", edited.clone())],
            vec![link(3, "p-103", base.clone())],
        );
        let plan = world.plan();
        assert!(plan.changes.is_empty(), "{:?}", plan.changes);
        assert_eq!(held_codes(&plan), ["duplicate_identifier"; 2]);
    }
    // Of one who is inactive in ExakTime as well the number is free: a clerk may have made it so.
    let freed = World::new(
        vec![desired(28, person("103", "B", true))],
        vec![record("p-103", person("E-103", "A", false))],
        vec![link(3, "p-103", base.with_active(false))],
    );
    assert_eq!(freed.plan().changes[0].action, RecordAction::Create);
}

#[test]
fn c3_the_same_name_and_e_mail_are_all_too_likely_the_same_whatever_the_number() {
    let with = |number: &str| person(number, "A", true).with(Attribute::Email, "a@example.com");
    let world = World::new(
        vec![desired(3, with("103"))],
        vec![record("p-103", with("E-77"))],
        vec![],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
    assert_eq!(held_codes(&plan), ["likely_match"]);
}

#[test]
fn c3_who_is_likely_there_under_another_entity_is_not_made_inactive() {
    let base = person("00103", "A", true);
    let world = World::new(
        vec![
            desired(28, person("103", "A", true)),
            desired(9, person("109", "Z", true)),
        ],
        vec![record("p-103", base.clone()), record("p-109", person("109", "Z", true))],
        vec![link(3, "p-103", base), link(9, "p-109", person("109", "Z", true))],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty(), "{:?}", plan.changes);
    assert_eq!(held_codes(&plan), ["likely_match"; 2]);
}

#[test]
fn c2_a_record_that_was_given_to_another_without_a_number_is_nobodys_to_deactivate() {
    let base = person("103", "A", true);
    let given = person("", "Berg", true);
    for gone in [vec![], vec![desired(3, person("103", "A", false))]] {
        let mut others = vec![desired(9, person("109", "Z", true))];
        others.extend(gone);
        let world = World::new(
            others,
            vec![
                record("p-103", given.clone()),
                record("p-109", person("109", "Z", true)),
            ],
            vec![
                link(3, "p-103", base.clone()),
                link(9, "p-109", person("109", "Z", true)),
            ],
        );
        let plan = world.plan();
        assert!(plan.changes.is_empty(), "{:?}", plan.changes);
        assert_eq!(held_codes(&plan), ["another_person"]);
    }
}

#[test]
fn c3_who_left_and_was_inactive_already_is_made_active_when_he_is_back() {
    let base = person("103", "A", true);
    let mut world = World::new(
        vec![desired(9, person("109", "Z", true))],
        vec![
            record("p-103", base.clone().with_active(false)),
            record("p-109", person("109", "Z", true)),
        ],
        vec![
            link(3, "p-103", base.clone()),
            link(9, "p-109", person("109", "Z", true)),
        ],
    );
    let plan = world.plan();
    assert!(plan.changes.is_empty() && plan.held.is_empty());
    for link in plan.agreed {
        remember(&mut world, link);
    }
    world.desired.push(desired(3, base));
    assert_eq!(world.plan().changes[0].action, RecordAction::Reactivate);
}

#[test]
fn c8_a_text_that_does_not_fit_is_held_and_never_cut() {
    let long = "x".repeat(201);
    let world = World::new(vec![desired(1, person("1", &long, true))], vec![], vec![]);
    assert_eq!(held_codes(&world.plan()), ["text_too_long"]);
}

#[test]
fn a_leaver_is_deactivated_and_not_renamed() {
    let base = person("1", "A", true);
    let world = World::new(
        vec![desired(1, person("1", "Z", false))],
        vec![record("p-1", base.clone())],
        vec![link(1, "p-1", base)],
    );
    let plan = world.plan();
    assert_eq!(plan.changes[0].action, RecordAction::Deactivate);
    assert_eq!(plan.changes[0].attributes.len(), 1);
}

#[test]
fn what_the_service_keeps_for_itself_is_never_matched() {
    let mut code = record(
        "cc-IN",
        Attributes::default()
            .with(Attribute::Identifier, "IN")
            .with(Attribute::Name, "In"),
    );
    code.protected = true;
    let office = OfficeRef::CostCode(CompanyCodeId(1));
    let attributes = Attributes::default()
        .with(Attribute::Identifier, "IN")
        .with(Attribute::Name, "Inspection");
    let world = World::new(
        vec![Desired {
            office,
            ruling: Ruling::Becomes(attributes),
        }],
        vec![code],
        vec![],
    );
    assert!(world.plan().changes.is_empty() || world.plan().held.len() == 1);
}

#[test]
fn b7_what_a_person_blanked_at_a_leaver_stays_blank_when_he_comes_back() {
    let owners = SyncSettings::default().owners;
    let base = merge(&person("1", "A", false), &person("1", "A", true), None, &owners).base;
    let blanked = Attributes::default().with(Attribute::LastName, "A").with_active(false);
    let merged = merge(&person("1", "A", true), &blanked, Some(&base), &owners);
    let changed: Vec<Attribute> = merged.changes.iter().map(|change| change.attribute).collect();
    assert_eq!(changed, [Attribute::Active]);
}

/// Letters' case makes no other number, so that the two are met by it.
#[test]
fn c7_a_number_in_other_letters_is_found_and_written_as_procore_has_it() {
    let world = World::new(
        vec![desired(1, person("E101", "A", true))],
        vec![record("p-1", person("e101", "A", true))],
        Vec::new(),
    );
    let plan = world.plan();
    assert_eq!(held_codes(&plan), [""; 0]);
    let changed: Vec<_> = plan.changes.iter().flat_map(|change| &change.attributes).collect();
    assert_eq!(changed.len(), 1, "{changed:?}");
    assert_eq!(
        (changed[0].attribute, changed[0].to.as_deref()),
        (Attribute::Identifier, Some("E101"))
    );
}

#[test]
fn b4_who_is_gone_on_both_sides_counts_as_unchanged() {
    let [a, b] = [("101", "A"), ("102", "B")].map(|(number, name)| person(number, name, true));
    let world = World::new(
        vec![desired(1, a.clone())],
        vec![record("p-1", a.clone()), record("p-2", b.clone().with_active(false))],
        vec![link(1, "p-1", a), link(2, "p-2", b)],
    );
    let plan = world.plan();
    assert_eq!((plan.changes.len(), held_codes(&plan).len(), plan.unchanged), (0, 0, 2));
}
