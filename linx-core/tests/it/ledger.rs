//! Every ledger is held to one contract; the one in a file to what files add.

// The purity of the core is not the tests': they make the files that the ledger has to cope with.
#![allow(clippy::disallowed_methods)]

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{Beside, Direction, Ledger, LedgerError, MemoryLedger, Owner};
use linx_core::model::WorkerId;
use linx_core::testing::ledger::invented::{line, link, now, record_write, start};
use linx_core::testing::ledger::{clauses, plays_like_the_model};
use tempfile::TempDir;

use crate::harness::{Harness, day};

/// Runs a test against each kind of ledger.
macro_rules! for_each_ledger {
    ($($name:ident)+) => {
        const TRIED: &[&str] = &[$(stringify!($name)),+];

        $(
        mod $name {
            #[tokio::test]
            async fn in_memory() {
                super::holds(stringify!($name), &super::MemoryLedger::new()).await;
            }

            #[tokio::test]
            async fn in_a_file() {
                let folder = super::TempDir::new().unwrap();
                super::holds(stringify!($name), &super::open(folder.path())).await;
            }
        }
        )+
    };
}

for_each_ledger! {
    links_replace_one_another_by_their_entity
    links_that_are_taken_away_are_gone
    what_is_ignored_stays_so_until_it_is_lifted
    lines_are_told_by_day_and_go_when_they_are_removed
    b15_a_double_that_goes_leaves_the_line_and_its_own_entry_takes_it_along
    b15_what_was_ever_written_of_a_line_is_told
    d26_a_word_on_a_workers_day_stays_until_it_is_taken_back
    c18_an_entry_has_one_line_whatever_its_code_is_called
    d24_a_week_that_differs_stays_until_it_agrees
    b8_one_run_a_direction_holds_the_lease
    b14_a_lease_runs_out_by_the_clock_that_is_passed_in_and_each_intent_renews_it
    b14_a_lease_that_is_renewed_lasts_on_and_one_that_was_lost_is_not_renewed
    b14_a_run_that_lost_its_lease_writes_nothing_more
    a1_an_intent_is_open_until_its_outcome_is_known
    a1_what_goes_side_by_side_is_stored_in_one_go
    runs_are_told_newest_first_with_what_they_wrote
    c13_a_ledger_belongs_to_one_pair_of_companies
}

/// Tries a clause of the contract on a ledger.
async fn holds(name: &str, ledger: &dyn Ledger) {
    let clauses = clauses();
    let clause = clauses.iter().find(|clause| clause.name() == name).unwrap();
    clause.holds(ledger).await;
}

#[test]
fn every_clause_of_the_contract_is_tried() {
    let names: Vec<_> = clauses().iter().map(linx_core::testing::ledger::Clause::name).collect();
    assert_eq!(names, TRIED);
}

#[tokio::test]
async fn random_calls_leave_in_each_ledger_what_the_model_holds() {
    for seed in 0..40 {
        plays_like_the_model(&MemoryLedger::new(), seed, 200).await;
    }
    for seed in 0..6 {
        let folder = TempDir::new().unwrap();
        plays_like_the_model(&open(folder.path()), seed, 120).await;
    }
}

fn owner(process: u32, boot: &str) -> Owner {
    Owner {
        name: "a test".into(),
        host: "office-pc".into(),
        boot: Some(boot.into()),
        process,
    }
}

fn try_open(path: &Path) -> Result<SqliteLedger, LedgerError> {
    SqliteLedger::open(path, owner(100, "monday"), |_| true)
}

fn open(folder: &Path) -> SqliteLedger {
    try_open(&folder.join("linx.db")).unwrap()
}

#[tokio::test]
async fn b14_a_dead_process_loses_the_lease_at_once_and_a_living_one_keeps_it() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("linx.db");
    let ledger = open(folder.path());
    let _lease = ledger.lease(Direction::Export, now()).await.unwrap();
    let elsewhere = Owner {
        host: "another-pc".into(),
        ..owner(200, "tuesday")
    };
    let may_take = async |owner: Owner, runs: fn(u32) -> bool| {
        let ledger = SqliteLedger::open(&path, owner, runs).unwrap();
        ledger.lease(Direction::Export, now()).await.is_ok()
    };
    assert!(!may_take(owner(200, "monday"), |_| true).await);
    assert!(
        !may_take(elsewhere, |_| false).await,
        "of another host nothing is known"
    );
    assert!(may_take(owner(200, "monday"), |process| process != 100).await);
    std::mem::forget(ledger.lease(Direction::Export, now()).await.unwrap());
    assert!(
        may_take(owner(100, "tuesday"), |_| true).await,
        "the machine was started since"
    );
}

#[cfg(unix)]
#[tokio::test]
async fn b14_a_ledger_behind_a_symbolic_link_is_the_same_ledger() {
    let folder = TempDir::new().unwrap();
    let ledger = open(folder.path());
    let path = folder.path().join("other.db");
    std::os::unix::fs::symlink(folder.path().join("linx.db"), &path).unwrap();
    let lease = ledger.lease(Direction::Sync, now()).await.unwrap();
    let other = try_open(&path).unwrap();
    assert!(matches!(
        other.lease(Direction::Sync, now()).await,
        Err(LedgerError::Busy(_))
    ));
    drop(lease);
    assert!(other.lease(Direction::Sync, now()).await.is_ok());
}

#[cfg(unix)]
#[tokio::test]
async fn b14_a_ledger_with_two_names_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()));
    let (first, second) = (folder.path().join("linx.db"), folder.path().join("other.db"));
    std::fs::hard_link(&first, &second).unwrap();
    std::fs::set_permissions(&first, std::fs::Permissions::from_mode(0o640)).unwrap();
    let bytes = std::fs::read(&first).unwrap();
    for path in [&first, &second] {
        let Err(LedgerError::Store("opened", cause)) = try_open(path) else {
            panic!("{} was opened", path.display());
        };
        let words = cause.to_string();
        for word in [
            path.to_str().unwrap(),
            "2 names",
            "journal",
            "Remove the other name",
            "copy",
        ] {
            assert!(words.contains(word), "{words}");
        }
    }
    let names: BTreeSet<_> = std::fs::read_dir(folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(
        names,
        BTreeSet::from(["linx.db".into(), "other.db".into()]),
        "no journal was begun"
    );
    assert_eq!(std::fs::read(&first).unwrap(), bytes);
    assert_eq!(first.metadata().unwrap().permissions().mode() & 0o777, 0o640);
    std::fs::remove_file(&first).unwrap();
    assert!(try_open(&second).is_ok(), "with one name it is a ledger again");
}

#[tokio::test]
async fn a_line_that_does_not_fit_its_key_is_an_error() {
    let folder = TempDir::new().unwrap();
    let ledger = open(folder.path());
    ledger.remember_lines(&[line("2026-03-02", 800)]).await.unwrap();
    let connection = rusqlite::Connection::open(folder.path().join("linx.db")).unwrap();
    connection.execute("UPDATE lines SET key = '9' || key", []).unwrap();
    let read = ledger.lines(day("2026-03-02"), day("2026-03-02")).await;
    assert!(matches!(read, Err(LedgerError::Damaged(_))));
}

#[tokio::test]
async fn what_was_written_is_there_when_the_file_is_opened_again() {
    let folder = TempDir::new().unwrap();
    let ledger = open(folder.path());
    ledger.remember_links(&[link(1, "Delgado")]).await.unwrap();
    let run_lease = ledger.lease(Direction::Sync, now()).await.unwrap();
    let run = ledger.begin_run(&run_lease, &start(Direction::Sync)).await.unwrap();
    ledger.record_intent(run, &record_write(), now()).await.unwrap();
    drop(run_lease);
    drop(ledger);
    let ledger = open(folder.path());
    assert_eq!(ledger.links().await.unwrap(), [link(1, "Delgado")]);
    assert_eq!(ledger.open_intents(Direction::Sync).await.unwrap().len(), 1);
    assert_eq!(ledger.runs(None, usize::MAX).await.unwrap()[0].id, run);
}

#[tokio::test]
async fn b8_the_lease_is_one_for_all_who_open_the_file() {
    let folder = TempDir::new().unwrap();
    let (one, other) = (open(folder.path()), open(folder.path()));
    let lease = one.lease(Direction::Sync, now()).await.unwrap();
    assert!(matches!(
        other.lease(Direction::Sync, now()).await,
        Err(LedgerError::Busy(_))
    ));
    drop(lease);
    assert!(other.lease(Direction::Sync, now()).await.is_ok());
}

#[tokio::test]
async fn a_ledger_of_the_first_format_is_brought_to_the_present_one() {
    let folder = TempDir::new().unwrap();
    let ledger = open(folder.path());
    ledger.remember_links(&[link(1, "Delgado")]).await.unwrap();
    drop(ledger);
    let connection = rusqlite::Connection::open(folder.path().join("linx.db")).unwrap();
    connection
        .execute_batch("DROP TABLE ignored; DROP TABLE leases; DROP TABLE beside; DROP TABLE late_weeks; DROP INDEX intents_by_line; DROP INDEX lines_by_entry; DROP INDEX intents_by_entry; DROP INDEX runs_by_direction")
        .unwrap();
    connection.pragma_update(None, "user_version", 1).unwrap();
    drop(connection);
    let ledger = open(folder.path());
    assert_eq!(ledger.links().await.unwrap(), [link(1, "Delgado")]);
    ledger.ignore(&[link(1, "").office]).await.unwrap();
    assert_eq!(ledger.ignored().await.unwrap().len(), 1);
}

#[tokio::test]
async fn d26_a_word_that_an_older_version_kept_is_read_as_one_of_which_nothing_more_is_known() {
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()));
    let connection = rusqlite::Connection::open(folder.path().join("linx.db")).unwrap();
    connection
        .execute_batch(
            "DROP INDEX intents_by_entry; DROP INDEX runs_by_direction; ALTER TABLE beside DROP COLUMN word; INSERT INTO beside (worker, date) VALUES (7, '2026-03-02')",
        )
        .unwrap();
    connection.pragma_update(None, "user_version", 5).unwrap();
    drop(connection);
    let ledger = open(folder.path());
    let monday = day("2026-03-02");
    let told = ledger.beside(monday, monday).await.unwrap();
    assert_eq!(told, [((WorkerId(7), monday), Beside::default())].into());
}

#[test]
fn a_ledger_of_a_newer_version_is_left_alone() {
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()));
    let path = folder.path().join("linx.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.pragma_update(None, "user_version", 99).unwrap();
    drop(connection);
    let error = try_open(&path).unwrap_err();
    assert!(matches!(error, LedgerError::Newer { found: 99, .. }), "{error}");
}

#[test]
fn a_file_of_another_program_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join("photos.db");
    let connection = rusqlite::Connection::open(&path).unwrap();
    connection.execute_batch("CREATE TABLE photos (id INTEGER)").unwrap();
    drop(connection);
    let before = std::fs::read(&path).unwrap();
    assert!(matches!(try_open(&path), Err(LedgerError::Store("opened", _))));
    assert_eq!(std::fs::read(&path).unwrap(), before, "not even its journal mode");
    std::fs::write(&path, "no database at all, but a text that somebody wrote").unwrap();
    assert!(matches!(try_open(&path), Err(LedgerError::Store("opened", _))));
    let nowhere = folder.path().join("missing").join("linx.db");
    assert!(matches!(try_open(&nowhere), Err(LedgerError::Store("opened", _))));
}

#[cfg(unix)]
#[test]
fn a14_the_file_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    drop(open(folder.path()));
    let mode = std::fs::metadata(folder.path().join("linx.db"))
        .unwrap()
        .permissions()
        .mode();
    assert_eq!(mode & 0o777, 0o600);
    let path = folder.path().join("linx.db");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    drop(open(folder.path()));
    let mode = std::fs::metadata(path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "one of an older version is made so");
}

#[tokio::test]
async fn whole_runs_go_as_well_with_a_file() {
    let folder = TempDir::new().unwrap();
    let mut harness = Harness::with_ledger(Arc::new(open(folder.path())));
    harness.apply_sync().await;
    let lines = harness.apply_export().await.summary.create;
    assert_eq!(harness.keys_in_procore().len(), lines);
    harness.ledger = Arc::new(open(folder.path()));
    // Who left and had time was linked, and leaves once the time is exported (hazard C6).
    assert_eq!(harness.apply_sync().await.summary.employees.deactivate, 1);
    assert!(harness.apply_sync().await.changes.is_empty());
    let again = harness.apply_export().await;
    assert_eq!((again.changes.len(), again.summary.unchanged), (0, lines));
}
