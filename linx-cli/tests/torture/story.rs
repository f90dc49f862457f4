//! A torture as data, drawn from a seed, and in words.

use std::fmt;

use fastrand::Rng;

/// What the tortured program does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Direction {
    Sync,
    Export,
}

/// What is done to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Deed {
    /// `SIGKILL`.
    Kill,
    /// `SIGTERM`.
    Terminate,
    /// `SIGINT`, as by Ctrl-C.
    Interrupt,
    /// Three runs, of which each is killed, asked to end or interrupted.
    AgainAndAgain,
    /// `SIGSTOP`; another program meanwhile; `SIGCONT`.
    Stop,
    /// The same, and the stopped run loses its lease to the other program.
    StopAndTakeOver,
    /// Two programs of one direction at once, of which one is killed.
    TwoAtOnce,
    /// A sync beside an export over a ledger in which nothing is linked yet; one of them is killed.
    BothDirections,
    /// No file can grow beyond a size, and the program is told so.
    FullDisk,
    /// No file can grow beyond a size, and the system kills the program in the middle of the write that does.
    TornWrite,
    /// The ledger cannot be opened or written from the start.
    ShutLedger,
    /// `SIGKILL`, and then somebody removes what lies beside the ledger.
    LostPart,
    /// After the run somebody puts back a copy of the ledger that was made in its middle.
    OlderCopy,
}

pub const DEEDS: [Deed; 13] = [
    Deed::Kill,
    Deed::AgainAndAgain,
    Deed::StopAndTakeOver,
    Deed::FullDisk,
    Deed::TwoAtOnce,
    Deed::Terminate,
    Deed::TornWrite,
    Deed::LostPart,
    Deed::Stop,
    Deed::BothDirections,
    Deed::Interrupt,
    Deed::OlderCopy,
    Deed::ShutLedger,
];

/// When.
#[derive(Debug, Clone, Copy)]
pub enum Moment {
    /// At the n-th request that changes something.
    Write(u32, Phase),
    /// At the n-th request of any kind.
    Request(u32, Phase),
    /// At the n-th line of the log.
    Line(u32),
    /// When the ledger's journal has grown n times.
    Growth(u32),
}

/// Where a request is while the signal is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// It has arrived and is applied afterwards.
    Before,
    /// It is applied, and its answer is not sent yet.
    After,
    /// It is on its way, and arrives when the service has seen so many more.
    Late(u32),
}

/// In which way a ledger is shut.
#[derive(Debug, Clone, Copy)]
pub enum Shut {
    FileIsReadOnly,
    FolderIsReadOnly,
    FileIsAFolder,
    JournalIsAFolder,
    IndexIsAFolder,
}

/// What is removed beside the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lost {
    /// SQLite makes the `-shm` file anew.
    Index,
    /// With the `-wal` file everything goes that was written since the last run ended.
    Journal,
}

#[derive(Debug, Clone)]
pub struct Torture {
    pub deed: Deed,
    pub direction: Direction,
    /// Whether an export finds that all stands, and that some of it was corrected since.
    pub corrects: bool,
    pub moment: Moment,
    /// When the second and the third run are struck.
    pub later: [Moment; 2],
    /// At which write of the other run the stopped one goes on; after its end if it writes less.
    pub amid: u32,
    /// The greatest file, in blocks of 512 bytes.
    pub blocks: u32,
    pub shut: Shut,
    pub lost: Lost,
    /// Whether the next run, too, may not wait.
    pub impatient: bool,
}

impl Torture {
    pub fn draw(seed: u64) -> Self {
        let mut rng = Rng::with_seed(seed);
        let deed = DEEDS[usize::try_from(seed).unwrap() % DEEDS.len()];
        let (direction, corrects) = match rng.u32(..4) {
            0 => (Direction::Sync, false),
            1 => (Direction::Export, true),
            _ => (Direction::Export, false),
        };
        let work = Work { direction, corrects };
        let lost = rng.choice([Lost::Index, Lost::Journal]).unwrap();
        // A request comes late, but before a run that waits may conclude that it will not come. Of two programs the one that sent
        // it may live, and looks again soon; one that is stopped has its answer once it goes on; and a ledger that is lost says
        // of nothing that it is on its way.
        let latest = match deed {
            Deed::Stop | Deed::StopAndTakeOver | Deed::OlderCopy => 0,
            Deed::LostPart if lost == Lost::Journal => 0,
            Deed::TwoAtOnce | Deed::BothDirections => 3,
            _ => 30,
        };
        Self {
            deed,
            direction,
            corrects,
            moment: work.moment(&mut rng, latest),
            later: [(); 2].map(|()| work.moment(&mut rng, latest)),
            amid: rng.u32(1..40),
            blocks: rng.u32(20..work.blocks()),
            shut: rng
                .choice([
                    Shut::FileIsReadOnly,
                    Shut::FolderIsReadOnly,
                    Shut::FileIsAFolder,
                    Shut::JournalIsAFolder,
                    Shut::IndexIsAFolder,
                ])
                .unwrap(),
            lost,
            impatient: rng.bool(),
        }
    }

    /// How many requests of the tortured run change something, where nothing goes wrong.
    pub fn writes(&self) -> usize {
        let (direction, corrects) = (self.direction, self.corrects);
        usize::try_from(Work { direction, corrects }.writes()).unwrap()
    }

    /// Whether some of what the ledger knew is gone afterwards.
    pub fn loses_some(&self) -> bool {
        self.deed == Deed::OlderCopy || (self.deed == Deed::LostPart && self.lost == Lost::Journal)
    }
}

/// What the tortured program has to do, by which the moments are drawn.
#[derive(Clone, Copy)]
struct Work {
    direction: Direction,
    corrects: bool,
}

impl Work {
    fn moment(self, rng: &mut Rng, latest: u32) -> Moment {
        let (requests, lines, growths, late) = match (self.direction, self.corrects) {
            (Direction::Sync, _) => (40, 60, 30, 8),
            (Direction::Export, true) => (70, 100, 20, 30),
            (Direction::Export, false) => (75, 100, 40, 30),
        };
        let phase = match rng.u32(..if latest > 0 { 4 } else { 2 }) {
            0 => Phase::Before,
            1 => Phase::After,
            // Rather late than soon: after the next run has looked for it.
            _ => {
                let late = 1..=late.min(latest);
                Phase::Late(rng.u32(late.clone()).max(rng.u32(late)))
            }
        };
        match rng.u32(..10) {
            0..6 => Moment::Write(rng.u32(1..=self.writes()), phase),
            6..8 => Moment::Request(rng.u32(1..=requests), phase),
            8 => Moment::Line(rng.u32(1..=lines)),
            _ => Moment::Growth(rng.u32(1..=growths)),
        }
    }

    /// How many requests of it change something, where nothing goes wrong.
    fn writes(self) -> u32 {
        match (self.direction, self.corrects) {
            (Direction::Sync, _) => 15,
            (Direction::Export, true) => 6,
            (Direction::Export, false) => 28,
        }
    }

    /// How many blocks its ledger takes at most.
    fn blocks(self) -> u32 {
        match (self.direction, self.corrects) {
            (Direction::Sync, _) => 1100,
            (Direction::Export, true) => 900,
            (Direction::Export, false) => 2400,
        }
    }
}

impl fmt::Display for Torture {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let program = match (self.direction, self.corrects) {
            (Direction::Sync, _) => "a first sync",
            (Direction::Export, true) => "an export of corrections",
            (Direction::Export, false) => "an export",
        };
        let moment = self.moment;
        match self.deed {
            Deed::Kill => write!(out, "{program} is killed {moment}")?,
            Deed::Terminate => write!(out, "{program} is asked to end {moment}")?,
            Deed::Interrupt => write!(out, "{program} is interrupted {moment}")?,
            Deed::AgainAndAgain => write!(
                out,
                "{program} is killed {moment}, the next interrupted {}, and one more asked to end {}",
                self.later[0], self.later[1]
            )?,
            Deed::Stop => write!(out, "{program} is stopped {moment}, and goes on after another one")?,
            Deed::StopAndTakeOver => write!(
                out,
                "{program} is stopped {moment}, and goes on at write {} of another one that has taken its lease, or after it",
                self.amid
            )?,
            Deed::TwoAtOnce => write!(
                out,
                "{program} is begun twice at once, and the first is killed {moment}"
            )?,
            Deed::BothDirections => write!(
                out,
                "a sync and an export are begun at once, and {program} is killed {moment}"
            )?,
            Deed::FullDisk => write!(out, "to {program} the disk is full at {} blocks", self.blocks)?,
            Deed::TornWrite => write!(
                out,
                "{program} is killed as it writes beyond {} blocks of a file",
                self.blocks
            )?,
            Deed::ShutLedger => write!(out, "{program} finds a ledger that is shut: {:?}", self.shut)?,
            Deed::LostPart => write!(
                out,
                "{program} is killed {moment}, and then this is lost: {:?}",
                self.lost
            )?,
            Deed::OlderCopy => write!(
                out,
                "{program} goes to its end, and a copy of the ledger is put back that was made {moment}"
            )?,
        }
        if self.impatient {
            out.write_str("; the next run may not wait")?;
        }
        Ok(())
    }
}

impl fmt::Display for Moment {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Write(number, phase) => write!(out, "{phase} write {number}"),
            Self::Request(number, phase) => write!(out, "{phase} request {number}"),
            Self::Line(number) => write!(out, "at line {number} of its log"),
            Self::Growth(number) => write!(out, "at growth {number} of the ledger's journal"),
        }
    }
}

impl fmt::Display for Phase {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Before => out.write_str("before a service applies"),
            Self::After => out.write_str("after a service has applied"),
            Self::Late(more) => write!(out, "with {more} more requests ahead of"),
        }
    }
}
