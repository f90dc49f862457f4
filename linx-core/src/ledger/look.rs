//! When what is not seen proves that it will not come (hazards A15, D27).
//!
//! A request may arrive after its sender has given it up, and a list may lack a row that is there. So one look that does not
//! show a write proves nothing: it is noted with the intent, and a later one concludes, `settle_seconds` after it. The first
//! was made when the request had left, since its sender had its answer or was dead by then; so nobody has to know when that
//! was, and a clock that was set between the run that sent it and the one that looks changes nothing.

use chrono::{DateTime, TimeDelta, Utc};

use super::record::{IntentId, JournalEntry, Outcome};
use super::unseen::{Missed, Moment, Unseen};
use crate::settings::Settle;

/// By how much our clock and that of a service may differ, where their times are compared.
pub(crate) const CLOCKS_DIFFER: TimeDelta = TimeDelta::minutes(15);

/// A look at the target, of a run that may conclude from it.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// When it began.
    pub at: Moment,
    /// How far two looks have to be apart.
    pub settle: Settle,
    /// The newest intent for which this run has waited so long since it looked first, whatever the clocks say.
    pub waited_for: Option<IntentId>,
}

impl Look {
    /// Whether not seeing a write now would conclude: an earlier look did not show it, long enough ago.
    pub(crate) fn may_conclude(&self, intent: &JournalEntry) -> bool {
        first(intent).is_some() && self.left(intent).is_zero()
    }

    /// What follows from not seeing a write: `concluded`, if this is the second look; else what is to be noted with it. `None`
    /// where that is noted already, and another look has to come later.
    pub(crate) fn missed(&self, intent: &JournalEntry, missed: Missed, concluded: Outcome) -> Option<Outcome> {
        match first(intent) {
            Some(first) if first.missed == missed && self.left(intent).is_zero() => Some(concluded),
            Some(first) if first.missed == missed => None,
            _ => {
                let words = match &intent.outcome {
                    Some(Outcome::Unknown(words)) => Some(words.clone()),
                    Some(Outcome::Unseen(before)) => before.words.clone(),
                    _ => None,
                };
                Some(self.unseen(missed, words))
            }
        }
    }

    /// The note that this look, the first one, has not shown a write. `words` say what was seen when it was sent.
    pub(crate) fn unseen(&self, missed: Missed, words: Option<String>) -> Outcome {
        let at = self.at;
        Outcome::Unseen(Unseen { at, missed, words })
    }

    /// How long it still takes until another look may conclude: a whole span where none was before this one.
    pub(crate) fn left(&self, intent: &JournalEntry) -> TimeDelta {
        let span = self.settle.span();
        let Some(first) = first(intent) else {
            return span;
        };
        if self.waited_for.is_some_and(|newest| intent.id <= newest) {
            return TimeDelta::zero();
        }
        // A clock that was set back makes the wait no longer than a whole one.
        (span - self.at.since(first.at)).clamp(TimeDelta::zero(), span)
    }

    /// Whether this look is a second one to a `first` that lacked a row: far enough apart that one list alone, which lacked what
    /// was there, is not both.
    pub(crate) fn follows(&self, first: Moment) -> bool {
        self.at.since(first) >= self.settle.span()
    }

    /// Whether this look was made before `first`, by the clocks: one of them was wrong then, and `first` says nothing.
    pub(crate) fn precedes(&self, first: Moment) -> bool {
        self.at.since(first) < TimeDelta::zero()
    }

    /// From when on another look may conclude, by our clock.
    pub(crate) fn known_from(&self, intent: &JournalEntry) -> DateTime<Utc> {
        self.at.here + self.left(intent)
    }
}

/// The first look that did not show a write, if there was one.
fn first(intent: &JournalEntry) -> Option<&Unseen> {
    match &intent.outcome {
        Some(Outcome::Unseen(first)) => Some(first),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::change::{RecordAction, RecordChange};
    use crate::ledger::{RunId, Write};
    use crate::model::{Attributes, Kind, OfficeRef, WorkerId};

    fn at(here: i64, there: Option<i64>) -> Moment {
        let instant = |seconds| DateTime::from_timestamp(seconds, 0).unwrap();
        Moment {
            here: instant(here),
            there: there.map(instant),
        }
    }

    fn look(at: Moment) -> Look {
        Look {
            at,
            settle: Settle::default(),
            waited_for: None,
        }
    }

    fn intent(outcome: Option<Outcome>) -> JournalEntry {
        let at = DateTime::from_timestamp(0, 0).unwrap();
        JournalEntry {
            id: IntentId(7),
            run: RunId(1),
            write: Write::Record(RecordChange {
                office: OfficeRef::Worker(WorkerId(1)),
                kind: Kind::Employee,
                action: RecordAction::Create,
                record: None,
                identifier: String::new(),
                attributes: Vec::new(),
                why: String::new(),
                base: Attributes::default(),
            }),
            at,
            heard: at,
            outcome,
        }
    }

    #[test]
    fn d27_a_first_look_by_a_clock_that_was_ahead_says_nothing() {
        for there in [None, Some(1000)] {
            let first = at(1000, there);
            for (seconds, is_before, is_later) in [
                (-80_000, true, false),
                (999, true, false),
                (1001, false, false),
                (1119, false, false),
                (1120, false, true),
            ] {
                let look = look(at(seconds, there.map(|_| seconds)));
                assert_eq!(
                    (look.precedes(first), look.follows(first)),
                    (is_before, is_later),
                    "{seconds}"
                );
            }
        }
    }

    #[test]
    fn a15_the_first_look_is_noted_and_a_second_one_later_concludes() {
        let first = look(at(1000, None));
        let cut = intent(Some(Outcome::Unknown("cut".into())));
        let note = first.missed(&cut, Missed::Write, Outcome::Absent).unwrap();
        let Outcome::Unseen(unseen) = &note else {
            panic!("{note:?}")
        };
        assert_eq!(unseen.words.as_deref(), Some("cut"));
        assert!(!note.is_final(), "the intent stays open");
        let noted = intent(Some(note));
        for (seconds, concludes) in [(1001, false), (1119, false), (1120, true), (90_000, true)] {
            let second = look(at(seconds, None));
            let outcome = second.missed(&noted, Missed::Write, Outcome::Absent);
            assert_eq!(outcome == Some(Outcome::Absent), concludes, "{seconds}");
            assert!(concludes || outcome.is_none(), "it is noted already");
        }
        // The entry that was there is missing now: that is missed for the first time.
        let other = look(at(90_000, None)).missed(&noted, Missed::Target, Outcome::Absent);
        assert!(matches!(other, Some(Outcome::Unseen(_))), "{other:?}");
        // However long a span was waited for, nobody has looked before.
        let waited = Look {
            waited_for: Some(IntentId(7)),
            ..look(at(90_000, None))
        };
        let outcome = waited.missed(&intent(None), Missed::Write, Outcome::Absent);
        assert!(matches!(outcome, Some(Outcome::Unseen(_))), "{outcome:?}");
    }

    proptest! {
        /// Whatever is set: less than the span by either clock concludes nothing, unless the run has waited for it.
        #[test]
        fn d27_neither_clock_alone_settles_a_request(here in -10_000_i64..10_000, there in -10_000_i64..10_000) {
            let first = look(at(50_000, Some(70_000)));
            let noted = intent(first.missed(&intent(None), Missed::Write, Outcome::Absent));
            let second = look(at(50_000 + here, Some(70_000 + there)));
            let outcome = second.missed(&noted, Missed::Write, Outcome::Absent);
            prop_assert_eq!(outcome == Some(Outcome::Absent), here >= 120 && there >= 120);
            prop_assert!(second.left(&noted) <= Settle::default().span());
            let waited = Look { waited_for: Some(IntentId(7)), ..second };
            prop_assert_eq!(waited.missed(&noted, Missed::Write, Outcome::Absent), Some(Outcome::Absent));
        }
    }
}
