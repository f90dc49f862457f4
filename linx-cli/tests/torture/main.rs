//! The torture: the real program as real processes, against both sandboxes on sockets, struck at moments that a seed draws.
//!
//! A torture takes a small company (four people, 28 lines, 108.00 h), lets `linx export` or `linx sync` run on it, and does
//! something to the process, to its files, or beside it: a signal that ends it or stops it, a second program over the same
//! ledger, a full disk, a ledger that cannot be written, was lost in part or is an older copy. The moment is the n-th request
//! that a sandbox receives (the signal goes out before the request is applied, after it, or the request arrives late), the
//! n-th line of the program's log, the n-th growth of the ledger's journal, or the byte at which the disk is full. Nothing
//! sleeps: a sandbox answers only when the signal is out.
//!
//! Judged are each request (no mark stands twice, never more than 108.00 h, nobody twice in ExakTime, nobody deactivated),
//! each process as it ends (its status, what it says, and whether its ledger is whole), and what is there once some ordinary
//! runs have brought everything to rest: each line once, 108.00 h, and a last run that writes nothing.
//!
//! ```text
//! cargo test -p linx-cli --test torture                                  the gate's 20
//! TORTURES=200 cargo test -p linx-cli --test torture -- --nocapture      many, with a table of what was met
//! TORTURES=1 TORTURE_FIRST=17 cargo test -p linx-cli --test torture -- --nocapture      one of them
//! ```
//!
//! The same seed is the same torture, as far as processes are the same twice: which line or growth comes when is not.

// Signals, and a lease that a dead process loses at once.
#![cfg(target_os = "linux")]
// A test may stop where it stands.
#![allow(clippy::unwrap_used)]

mod acts;
mod company;
mod files;
mod judge;
mod process;
mod rest;
mod story;
mod table;
mod watch;

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::company::Company;
use crate::story::Torture;
use crate::table::Table;

fn asked(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(otherwise)
}

/// Plays one torture to its end. Errors with what is wrong, the torture in words, and how to see it again.
fn play(seed: u64) -> Result<(Torture, acts::Came), String> {
    let torture = Torture::draw(seed);
    let played = std::panic::catch_unwind(|| {
        let company = Company::new(&torture);
        let came = acts::play(&torture, &company)?;
        rest::bring_to_rest(&torture, &company)?;
        Ok(came)
    });
    let came = played.unwrap_or_else(|_| Err("the test itself panicked, see above".to_owned()));
    came.map(|came| (torture.clone(), came)).map_err(|wrong: String| {
        format!(
            "torture {seed}: {torture}.\n  {wrong}\n  again: TORTURES=1 TORTURE_FIRST={seed} cargo test -p linx-cli --test torture -- --nocapture"
        )
    })
}

#[test]
fn whatever_is_done_to_the_program_each_hour_stands_once() {
    let (first, count) = (asked("TORTURE_FIRST", 1), asked("TORTURES", 20));
    let (table, wrong) = (Mutex::new(Table::default()), Mutex::new(Vec::new()));
    let next = AtomicU64::new(first);
    // More than there are cores: most of the time a torture waits for a disk or for the time to settle.
    let hands = 3 * std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..hands {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + count {
                        return;
                    }
                    match play(seed) {
                        Ok((torture, came)) => {
                            println!("torture {seed}: {torture}: {came}");
                            table.lock().unwrap().add(&torture, &came);
                        }
                        Err(story) => wrong.lock().unwrap().push(story),
                    }
                }
            });
        }
    });
    let (table, wrong) = (table.into_inner().unwrap(), wrong.into_inner().unwrap());
    println!("{table}");
    assert!(
        wrong.is_empty(),
        "{} of {count} tortures:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
    if count >= 200 {
        table.assert_met_something();
    }
}
