//! What somebody does to the files of the ledger, and whether it is whole.

use std::fs::{Permissions, copy, create_dir, remove_dir, remove_file, rename, set_permissions};
use std::os::unix::fs::PermissionsExt;

use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{Direction as Lease, Ledger, LedgerError, Owner};
use tempfile::TempDir;

use crate::company::Company;
use crate::story::{Direction, Lost, Shut};

const LEDGER: &str = "linx.db";
pub const JOURNAL: &str = "linx.db-wal";
const INDEX: &str = "linx.db-shm";
const ASIDE: &str = "aside.db";

/// A copy of the ledger as it lies on the disk at this moment.
pub fn copied(company: &Company) -> TempDir {
    let folder = TempDir::new().unwrap();
    for name in [LEDGER, JOURNAL] {
        if company.path(name).exists() {
            copy(company.path(name), folder.path().join(name)).unwrap();
        }
    }
    folder
}

/// Puts a copy in the place of the ledger.
pub fn put_back(company: &Company, copied: &TempDir) {
    for name in [LEDGER, JOURNAL, INDEX] {
        let (there, here) = (copied.path().join(name), company.path(name));
        if here.exists() {
            remove_file(&here).unwrap();
        }
        if there.exists() {
            copy(there, here).unwrap();
        }
    }
}

pub fn lose(company: &Company, lost: Lost) {
    let names: &[&str] = match lost {
        Lost::Index => &[INDEX],
        // An index of a journal that is not there is SQLite's to judge, but nobody removes one alone.
        Lost::Journal => &[JOURNAL, INDEX],
    };
    for name in names {
        // A process that ended in time has removed it itself.
        let _ = remove_file(company.path(name));
    }
}

/// Shuts the ledger, and returns whether that keeps this user out: whoever may do everything is not kept out by rights.
pub fn shut(company: &Company, shut: Shut) -> bool {
    let ledger = company.path(LEDGER);
    match shut {
        Shut::FileIsReadOnly => {
            if ledger.exists() {
                set_permissions(&ledger, Permissions::from_mode(0o400)).unwrap();
            }
            ledger.exists() && std::fs::OpenOptions::new().append(true).open(&ledger).is_err()
        }
        Shut::FolderIsReadOnly => {
            set_permissions(company.folder.path(), Permissions::from_mode(0o500)).unwrap();
            create_dir(company.path("probe")).is_err()
        }
        Shut::FileIsAFolder => {
            if ledger.exists() {
                rename(&ledger, company.path(ASIDE)).unwrap();
            }
            create_dir(&ledger).is_ok()
        }
        Shut::JournalIsAFolder => create_dir(company.path(JOURNAL)).is_ok(),
        Shut::IndexIsAFolder => create_dir(company.path(INDEX)).is_ok(),
    }
}

/// Opens again what was shut.
pub fn open(company: &Company, shut: Shut) {
    let ledger = company.path(LEDGER);
    match shut {
        Shut::FileIsReadOnly if ledger.exists() => {
            set_permissions(&ledger, Permissions::from_mode(0o600)).unwrap();
        }
        Shut::FileIsReadOnly => {}
        Shut::FolderIsReadOnly => set_permissions(company.folder.path(), Permissions::from_mode(0o700)).unwrap(),
        Shut::FileIsAFolder => {
            remove_dir(&ledger).unwrap();
            if company.path(ASIDE).exists() {
                rename(company.path(ASIDE), &ledger).unwrap();
            }
        }
        Shut::JournalIsAFolder => remove_dir(company.path(JOURNAL)).unwrap(),
        Shut::IndexIsAFolder => remove_dir(company.path(INDEX)).unwrap(),
    }
}

/// What is wrong with the ledger, in a copy: the next run finds the one that is there as the last one left it.
pub fn judge_ledger(company: &Company) -> Result<(), String> {
    let copied = copied(company);
    if !copied.path().join(LEDGER).exists() {
        return Ok(());
    }
    let ledger = SqliteLedger::open(&copied.path().join(LEDGER), somebody(), |_| true);
    let looked = ledger.and_then(|ledger| company.runtime.block_on(ledger.examine()));
    looked.map_err(|error| format!("the ledger: {error}: {:?}", std::error::Error::source(&error)))
}

/// Takes the lease of a run that has not been heard of for longer than a lease lasts, and gives it up at once. Errors where
/// the file is locked.
pub fn take_lease_over(company: &Company, direction: Direction) -> Result<(), LedgerError> {
    let direction = match direction {
        Direction::Sync => Lease::Sync,
        Direction::Export => Lease::Export,
    };
    let ledger = SqliteLedger::open(&company.path(LEDGER), somebody(), |_| true)?;
    let later = chrono::DateTime::from(std::time::SystemTime::now()) + chrono::TimeDelta::minutes(91);
    company.runtime.block_on(ledger.lease(direction, later)).map(drop)
}

/// Somebody on another machine.
fn somebody() -> Owner {
    Owner {
        name: "another program".into(),
        host: "another-pc".into(),
        boot: None,
        process: 1,
    }
}
