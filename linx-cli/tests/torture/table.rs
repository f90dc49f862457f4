//! What a series of tortures met.

use std::collections::BTreeMap;
use std::fmt;

use crate::acts::Came;
use crate::story::{DEEDS, Deed, Torture};

#[derive(Default)]
struct Row {
    played: usize,
    missed: usize,
    before: usize,
    within: usize,
    after: usize,
    ends: BTreeMap<String, usize>,
}

#[derive(Default)]
pub struct Table {
    rows: BTreeMap<Deed, Row>,
    notes: BTreeMap<&'static str, usize>,
}

impl Table {
    pub fn add(&mut self, torture: &Torture, came: &Came) {
        let row = self.rows.entry(torture.deed).or_default();
        row.played += 1;
        match came.met_at.map(|at| at - came.before) {
            None => row.missed += 1,
            Some(0) => row.before += 1,
            Some(writes) if writes < torture.writes() => row.within += 1,
            Some(_) => row.after += 1,
        }
        *row.ends.entry(came.ends.join(" + ")).or_default() += 1;
        for note in &came.notes {
            *self.notes.entry(note).or_default() += 1;
        }
    }

    /// A torture that never met a process shows nothing.
    pub fn assert_met_something(&self) {
        let rows: Vec<&Row> = self.rows.values().collect();
        let sum = |of: fn(&Row) -> usize| rows.iter().map(|row| of(row)).sum::<usize>();
        let (played, missed, within) = (sum(|row| row.played), sum(|row| row.missed), sum(|row| row.within));
        assert_eq!(self.rows.len(), DEEDS.len(), "{self}");
        assert!(4 * missed <= played && 3 * within >= played, "{self}");
        // Where the ledger is shut nothing can be written.
        let writing = self.rows.iter().filter(|(deed, _)| **deed != Deed::ShutLedger);
        for (deed, row) in writing {
            assert!(
                row.within > 0,
                "{deed:?} never met a run in the midst of its writes:\n{self}"
            );
        }
    }
}

impl fmt::Display for Table {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            out,
            "torture            played  missed  before  within   after  how they ended"
        )?;
        for (deed, row) in &self.rows {
            let ends: Vec<String> = row.ends.iter().map(|(end, times)| format!("{times} x {end}")).collect();
            let deed = format!("{deed:?}");
            writeln!(
                out,
                "{deed:<18} {:>6} {:>7} {:>7} {:>7} {:>7}  {}",
                row.played,
                row.missed,
                row.before,
                row.within,
                row.after,
                ends.join(", ")
            )?;
        }
        for (note, times) in &self.notes {
            writeln!(out, "{times} x {note}")?;
        }
        Ok(())
    }
}
