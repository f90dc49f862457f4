//! Whether Procore holds lines of Linx that a ledger knows nothing of (hazards B12, B14).

use std::collections::BTreeSet;

use chrono::{Days, NaiveDate};

use super::diff::written_line;
use crate::hold::{Fix, Remedy};
use crate::ledger::{Ledger, LedgerError, recover};
use crate::ports::{Check, Office, PortError, SentEntries};

/// How many days are looked at.
const DAYS: Days = Days::new(14);

/// Checks whether the entries of the last two weeks in Procore carry marks of Linx that this ledger never made. Then it was
/// lost or put back to an older copy, or Linx writes for this company from a second ledger as well: of lines that it does
/// not know, nobody can say whether the office deleted them. Only reads.
pub async fn check_marks(office: &dyn Office, ledger: &dyn Ledger, today: NaiveDate) -> Check {
    let name = "Lines of another ledger";
    match unknown_marks(office, ledger, today - DAYS, today).await {
        Ok(0) => Check::ok(name, "none in the last two weeks"),
        Ok(count) => Check::warn(
            name,
            format!("{count} lines of the last two weeks carry marks that this ledger never made"),
            Fix::new(
                "If Linx runs for this company elsewhere, let it run with one ledger; if this one was lost, restore it, or \
                 compare what the next plan holds with {}",
                &[Remedy::Procore],
            ),
        ),
        Err(words) => Check::warn(name, words, "Mend what is said above, and check again"),
    }
}

/// How many keys there are in the marks of entries that the ledger neither has nor ever meant to create.
async fn unknown_marks(
    office: &dyn Office,
    ledger: &dyn Ledger,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<usize, String> {
    let unread = |error: LedgerError| error.to_string();
    let lines = ledger.lines(from, to).await.map_err(unread)?;
    let entries = office.entries(from, to, None, &SentEntries::default()).await;
    let entries = entries.map_err(|error: PortError| error.words().to_owned())?;
    let mut unknown = recover::unknown_keys(&entries.rows, &lines);
    for intent in ledger.line_writes(&unknown, &BTreeSet::new()).await.map_err(unread)? {
        if let Some(key) = written_line(&intent) {
            unknown.remove(key);
        }
    }
    Ok(unknown.len())
}
