//! What happens in a simulated company, as an observer who stands above both services sees it.

use std::collections::BTreeSet;

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};

/// A human being, whatever the services call them.
pub type Human = usize;

/// A stretch of work, as ExakTime has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Punch {
    /// Whose it is; `None` where the employee record is nobody's that is known.
    pub human: Option<Human>,
    pub date: NaiveDate,
    pub place: String,
    pub code: String,
    /// Hundredths of hours.
    pub hours: i64,
    /// When it began by the clock at the place, where that is known.
    pub from: Option<NaiveTime>,
}

/// What a timecard entry of Procore says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    pub human: Human,
    pub date: NaiveDate,
    /// Project and sub-job.
    pub place: String,
    pub code: String,
    /// Hundredths of hours.
    pub hours: i64,
}

/// By whose hand something is done in Procore.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hand {
    /// Linx's own requests, whenever they arrive.
    Linx,
    /// People in the office, foremen who type, other programs.
    Other,
}

/// What befell the lists that a run read, without a sign that the run could see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Blind {
    /// A list lacked a row, or all of them, and looked whole.
    LackedRows,
    /// People acted, or another run wrote, while it ran.
    SawChanges,
}

/// A request of Linx's that left. It may arrive much later.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sent {
    pub left: DateTime<Utc>,
    /// What people did before this moment could be known when it left: Linx is to look directly before, which takes some seconds.
    pub known: DateTime<Utc>,
}

#[derive(Debug, Clone)]
pub enum Event {
    /// A night: ExakTime's warehouse is filled anew, and holds these stretches from now on, by their ids.
    Warehouse(Vec<(u32, Punch)>),
    /// An entry is made. `key` is what its mark says it is for (`None`: no mark of Linx's); an entry that people copy keeps the mark.
    Made {
        entry: u64,
        by: Hand,
        key: Option<String>,
        content: Content,
    },
    /// An entry has this content from now on. `sent` is a request of Linx's.
    Changed {
        entry: u64,
        by: Hand,
        content: Content,
        sent: Option<Sent>,
    },
    Deleted {
        entry: u64,
        by: Hand,
        sent: Option<Sent>,
    },
    /// Linx asked to change or delete an entry, and the service refused, for it is approved.
    Refused {
        entry: u64,
        sent: Sent,
    },
    /// People put a deleted entry back.
    PutBack {
        entry: u64,
    },
    /// It is approved (or open again): the service then refuses changes and deletions.
    Approved {
        entry: u64,
        approved: bool,
    },
    /// A fault of the network made a request of Linx's count twice: what it made stands twice, and not by Linx's fault.
    DoubledByFault {
        key: String,
    },
    /// Procore does not tell what was deleted, all the while.
    HidesDeleted,
    /// A human's worker is deleted in Procore and made anew.
    MadeAnew {
        human: Human,
    },
    /// Linx's memory (its ledger) was lost, or an older copy was put back.
    MemoryLost,
    /// An export begins; several may be under way, each with its own number.
    ExportBegins {
        run: u32,
        from: NaiveDate,
        to: NaiveDate,
        whole: bool,
        consent: bool,
    },
    /// It ends by itself (a run that dies never ends). `needs_nobody` is exit status 0. `told` are the humans' days that it names as
    /// held, refused or different; `told_all` means that it told of something that may be about any day (an incomplete list).
    ExportEnds {
        run: u32,
        failed: bool,
        needs_nobody: bool,
        told: BTreeSet<(Human, NaiveDate)>,
        told_all: bool,
        blind: BTreeSet<Blind>,
    },
    /// Faults have stopped, people rest, and several whole exports have ended since. `disturbed` says that people edited entries or a
    /// fault doubled something before, so that something may be held for good.
    AtRest {
        disturbed: bool,
    },
}

/// An event and when it happens, by the true time.
#[derive(Debug, Clone)]
pub struct Dated {
    pub at: DateTime<Utc>,
    pub event: Event,
}
