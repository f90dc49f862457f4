//! What becomes of the hours: entered into the account as soon as it is known, with its reason where they are kept back.

use std::collections::BTreeMap;

use chrono::NaiveDate;

use crate::hold::{Disposition, Held};
use crate::model::{Hours, RecordId};
use crate::plan::{Account, Rounded};

/// Hours of one employee's day, as ExakTime says.
#[derive(Debug, Clone, Copy)]
pub(super) struct Worked<'a> {
    pub(super) employee: &'a RecordId,
    pub(super) date: NaiveDate,
    pub(super) hours: Hours,
}

/// The account, and what is told about hours that become no line.
#[derive(Debug, Default)]
pub(super) struct PlanTally {
    pub(super) account: Account,
    pub(super) held: Vec<Held>,
    pub(super) left_out: Vec<Held>,
    /// Hours of the days around those asked for, which were read for shifts that reach over.
    pub(super) outside: BTreeMap<(RecordId, NaiveDate), Hours>,
    /// What each employee gains and loses by rounding.
    pub(super) rounded: BTreeMap<RecordId, Rounded>,
}

impl PlanTally {
    /// Checks that every hour has one fate, and drops those of days that were not asked for. Errors with the first day
    /// that does not add up.
    pub(super) fn close(&mut self) -> Result<(), String> {
        self.account.check()?;
        for ((employee, date), hours) in &self.outside {
            self.account.forget(employee, *date, *hours);
        }
        Ok(())
    }

    /// Hours that stand in Procore, or will.
    pub(super) fn store<'a>(&mut self, worked: impl IntoIterator<Item = Worked<'a>>) {
        let mut worked = worked.into_iter().peekable();
        while let Some(Worked {
            employee,
            date,
            mut hours,
        }) = worked.next()
        {
            // The lines of a day follow one another: it is looked up once.
            while let Some(more) = worked.next_if(|next| next.date == date && next.employee == employee) {
                hours += more.hours;
            }
            self.account.stored(employee, date, hours);
        }
    }

    /// Hours whose line stands on a day that was not asked for.
    pub(super) fn put_aside<'a>(&mut self, worked: impl IntoIterator<Item = Worked<'a>>) {
        for Worked { employee, date, hours } in worked {
            self.account.left_out(employee, date, hours);
            *self.outside.entry((employee.clone(), date)).or_default() += hours;
        }
    }

    /// Hours that were put aside and are compared after all (hazard D17).
    pub(super) fn take_back<'a>(&mut self, worked: impl IntoIterator<Item = Worked<'a>>) {
        for Worked { employee, date, hours } in worked {
            let left = Hours::ZERO - hours;
            self.account.left_out(employee, date, left);
            *self.outside.entry((employee.clone(), date)).or_default() += left;
        }
    }

    /// Hours that become no line: held or left out, as the reason says.
    pub(super) fn withhold<'a>(&mut self, held: Held, worked: impl IntoIterator<Item = Worked<'a>>) {
        let fate = held.reason.fate();
        for Worked { employee, date, hours } in worked {
            match fate {
                Disposition::Held => self.account.held(employee, date, hours),
                Disposition::LeftOut => self.account.left_out(employee, date, hours),
            }
        }
        match fate {
            Disposition::Held => self.held.push(held),
            Disposition::LeftOut => self.left_out.push(held),
        }
    }
}
