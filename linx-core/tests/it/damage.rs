//! A ledger whose file was damaged: no line is made twice on the strength of it.

// The purity of the core is not the tests': they make the files that the ledger has to cope with.
#![allow(clippy::disallowed_methods)]

use std::path::{Path, PathBuf};
use std::sync::Arc;

use linx_core::LinxError;
use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::export::check_marks;
use linx_core::hold::Reason;
use linx_core::ledger::{Direction, Ledger, LedgerError, MemoryLedger, Owner};
use linx_core::ports::CheckStatus;
use linx_http::Clock;
use tempfile::TempDir;

use crate::harness::{Harness, two_weeks};

fn open(path: &Path) -> Result<SqliteLedger, LedgerError> {
    let owner = Owner {
        name: "a test".into(),
        host: "office-pc".into(),
        boot: Some("monday".into()),
        process: 100,
    };
    SqliteLedger::open(path, owner, |_| true)
}

/// A contractor whose two weeks were exported, and the file that remembers it, closed.
struct Exported {
    harness: Harness,
    entries: usize,
    folder: TempDir,
    file: Vec<u8>,
}

impl Exported {
    async fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let path = folder.path().join("linx.db");
        let mut harness = Harness::with_ledger(Arc::new(open(&path).unwrap()));
        harness.apply_sync().await;
        harness.apply_export().await;
        harness.ledger = Arc::new(MemoryLedger::new());
        Self {
            entries: harness.procore.entries().len(),
            harness,
            file: std::fs::read(&path).unwrap(),
            folder,
        }
    }

    /// Where a text stands in the file.
    fn places(&self, text: &str) -> Vec<usize> {
        let at_place = |at: &usize| self.file[*at..].starts_with(text.as_bytes());
        (0..self.file.len()).filter(at_place).collect()
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("damaged.db")
    }

    /// Exports with other bytes in the file; nothing may be written. The reasons why lines are held.
    async fn export_with(&mut self, bytes: &[u8]) -> Result<Vec<Reason>, LinxError> {
        std::fs::write(self.path(), bytes).unwrap();
        self.harness.ledger = Arc::new(open(&self.path())?);
        let result = self.export().await;
        self.harness.ledger = Arc::new(MemoryLedger::new());
        assert_eq!(self.harness.procore.entries().len(), self.entries);
        self.harness.keys_in_procore();
        result
    }

    async fn export(&self) -> Result<Vec<Reason>, LinxError> {
        let linx = self.harness.linx();
        let plan = linx.plan_export(&two_weeks()).await?;
        let report = linx.apply_export(&plan).await?;
        Ok(report.held.iter().map(|held| held.reason).collect())
    }

    /// The same with one bit flipped.
    async fn export_with_flipped(&mut self, at: usize) -> Result<Vec<Reason>, LinxError> {
        let mut bytes = self.file.clone();
        bytes[at] ^= 1;
        self.export_with(&bytes).await
    }
}

#[tokio::test]
async fn b10_a_flipped_bit_in_a_stored_key_makes_no_line_twice() {
    let mut exported = Exported::new().await;
    let sound = exported.export_with(&exported.file.clone()).await.unwrap();
    let key = exported.harness.keys_in_procore()[0].clone();
    let places = exported.places(&key);
    assert!(
        places.len() >= 4,
        "the row's key, the key in the row, the intent, its outcome: {places:?}"
    );
    let day = key.find(':').unwrap() + "2026-03-0".len();
    let mut damaged = 0;
    for place in places {
        // The worker's last digit, the day's, and the class's letter.
        for at in [key.find(':').unwrap() - 1, day + 1, key.len() - 1] {
            match exported.export_with_flipped(place + at).await {
                Err(LinxError::Ledger(error @ LedgerError::Damaged(_))) => {
                    assert!(!error.to_string().contains("Delgado"), "{error}");
                    damaged += 1;
                }
                Err(other) => panic!("{other:?}"),
                Ok(held) => assert_eq!(held, sound, "bit {at} of {key}"),
            }
        }
    }
    assert!(
        damaged >= 6,
        "the row's key and the key in the row, at three places each: {damaged}"
    );
}

#[tokio::test]
async fn b10_a_flipped_bit_in_the_number_of_an_entry_touches_no_other_entry() {
    let mut exported = Exported::new().await;
    let before = exported.harness.procore.entries();
    let sound = exported.export_with(&exported.file.clone()).await.unwrap();
    let marked = before.iter().filter(|entry| entry.origin_data.is_some());
    let ours: Vec<u64> = marked.map(|entry| entry.id.get()).collect();
    // The bit makes the odd number after it of an even one.
    let entry = *ours
        .iter()
        .find(|id| *id % 2 == 0 && ours.contains(&(*id + 1)))
        .unwrap();
    let mut told = 0;
    for place in exported.places(&format!("\"entry\":{entry},")) {
        let last = place + format!("\"entry\":{entry}").len() - 1;
        match exported.export_with_flipped(last).await {
            Ok(held) if held.contains(&Reason::MarkOfAnother) => told += 1,
            Ok(held) => assert_eq!(held, sound),
            Err(LinxError::Ledger(LedgerError::Damaged(_))) => {}
            Err(other) => panic!("{other:?}"),
        }
    }
    assert_eq!(told, 1);
    let shown = |entries| format!("{entries:?}");
    assert_eq!(shown(exported.harness.procore.entries()), shown(before));
}

#[tokio::test]
async fn b10_damage_is_told_with_its_row_and_what_to_do() {
    let exported = Exported::new().await;
    let key = exported.harness.keys_in_procore()[0].clone();
    let mut told = 0;
    for place in exported.places(&key) {
        let mut bytes = exported.file.clone();
        bytes[place + key.len() - 1] ^= 1;
        std::fs::write(exported.path(), &bytes).unwrap();
        let ledger = open(&exported.path()).unwrap();
        if let Err(error) = ledger.examine().await {
            assert!(matches!(error, LedgerError::Damaged(_)), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("Put a copy"), "{text}");
            told += usize::from(text.contains(&key));
        }
    }
    assert!(told >= 2, "{told}");
    std::fs::write(exported.path(), &exported.file).unwrap();
    open(&exported.path()).unwrap().examine().await.unwrap();
}

#[tokio::test]
async fn a_malformed_page_is_found_when_the_file_is_opened() {
    let exported = Exported::new().await;
    let mut bytes = exported.file.clone();
    // The kind of the second page: no page is of that.
    bytes[4096] ^= 0x40;
    std::fs::write(exported.path(), &bytes).unwrap();
    let error = open(&exported.path()).unwrap_err();
    assert!(matches!(error, LedgerError::Damaged(_)), "{error:?}");
}

#[tokio::test]
async fn a_malformed_page_of_a_great_file_lets_no_run_begin() {
    let exported = Exported::new().await;
    let path = exported.folder.path().join("linx.db");
    let great = rusqlite::Connection::open(&path).unwrap();
    great
        .execute_batch("CREATE TABLE great AS SELECT zeroblob(17 * 1024 * 1024)")
        .unwrap();
    great.close().unwrap();
    let now = exported.harness.our_clock.now();
    open(&path).unwrap().lease(Direction::Export, now).await.unwrap();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes[4096] ^= 0x40;
    std::fs::write(exported.path(), &bytes).unwrap();
    let ledger = open(&exported.path()).unwrap();
    let error = ledger.lease(Direction::Export, now).await.unwrap_err();
    assert!(matches!(error, LedgerError::Damaged(_)), "{error:?}");
}

#[tokio::test]
async fn b12_lines_of_another_ledger_are_told_by_the_check() {
    let exported = Exported::new().await;
    let office = exported.harness.office();
    let today = crate::harness::day("2026-03-17");
    let ours = open(&exported.folder.path().join("linx.db")).unwrap();
    let own = check_marks(office, &ours, today).await;
    assert_eq!(own.status, CheckStatus::Ok, "{own:?}");
    let lost = check_marks(office, &MemoryLedger::new(), today).await;
    assert_eq!(lost.status, CheckStatus::Warn);
    assert!(lost.saw.contains("marks that this ledger never made"), "{lost:?}");
}
