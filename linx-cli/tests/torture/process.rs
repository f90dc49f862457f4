//! The program as a process that can be struck while it runs.

use std::fs::metadata;
use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::watch::Watch;

/// A process while it runs. A number is never signalled once its process may be gone: it may be somebody else's by then.
#[derive(Default)]
pub struct Victim(Mutex<Option<u32>>);

impl Victim {
    /// Sends a signal, if the process is there to get it.
    pub fn signal(&self, name: &str) {
        self.signal_then(name, || {});
    }

    /// The same, and does something while the process is certainly not waited for yet.
    fn signal_then(&self, name: &str, act: impl FnOnce()) {
        let process = self.number();
        if let Some(number) = *process {
            let kill = format!("kill -{name} {number}");
            let sent = Command::new("sh").args(["-c", &kill]).status().unwrap();
            if sent.success() {
                act();
            }
        }
    }

    pub fn runs(&self) -> bool {
        self.number().is_some()
    }

    fn number(&self) -> MutexGuard<'_, Option<u32>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How a process ended, and what it said.
pub struct Ended {
    pub status: ExitStatus,
    pub out: String,
    pub err: String,
}

impl Ended {
    /// Its status as a reader wants it: `3`, or `signal 9`.
    pub fn words(&self) -> String {
        match (self.status.code(), self.status.signal()) {
            (Some(code), _) => code.to_string(),
            (None, signal) => format!("signal {}", signal.unwrap_or_default()),
        }
    }
}

/// What happens to a running program.
pub enum Event {
    /// It was struck while it ran, when the services had been asked for so many changes.
    Struck(usize),
    Ended(Ended),
}

/// A running program. It is killed when dropped.
pub struct Running {
    pub victim: Arc<Victim>,
    watch: Arc<Watch>,
    events: Receiver<Event>,
    sender: Sender<Event>,
}

/// A line of the log to strike at, with the signal.
pub type AtLine = Option<(u32, &'static str)>;

impl Running {
    /// A program that is about to be begun. Whoever strikes it waits until it is.
    pub fn new(watch: &Arc<Watch>) -> Self {
        let (sender, events) = channel();
        Self {
            victim: Arc::default(),
            watch: Arc::clone(watch),
            events,
            sender,
        }
    }

    /// What sends the program a signal and tells that it did.
    pub fn blow(&self, signal: &'static str) -> impl FnOnce() + Send + use<> {
        let (victim, watch, sender) = (Arc::clone(&self.victim), Arc::clone(&self.watch), self.sender.clone());
        move || {
            let writes = watch.writes();
            victim.signal_then(signal, || {
                let _ = sender.send(Event::Struck(writes));
            });
        }
    }

    /// Begins it.
    pub fn begin(&self, command: &mut Command, at_line: AtLine) {
        let mut child = {
            let mut process = self.victim.number();
            let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
            *process = Some(child.id());
            child
        };
        let log = child.stderr.take().unwrap();
        let blow = at_line.map(|(number, signal)| (number, self.blow(signal)));
        let log = std::thread::spawn(move || {
            let (mut text, mut blow) = (String::new(), blow);
            for (line, number) in BufReader::new(log).lines().map_while(Result::ok).zip(1..) {
                text = text + &line + "\n";
                if let Some((_, blow)) = blow.take_if(|(wanted, _)| *wanted == number) {
                    blow();
                }
            }
            text
        });
        let (victim, sender) = (Arc::clone(&self.victim), self.sender.clone());
        std::thread::spawn(move || {
            let ended = end_of(&mut child, &victim, log);
            let _ = sender.send(Event::Ended(ended));
        });
    }

    /// Strikes it once a file has grown so many times.
    pub fn strike_at_growth(&self, file: PathBuf, number: u32, signal: &'static str) {
        let (victim, blow) = (Arc::clone(&self.victim), self.blow(signal));
        std::thread::spawn(move || {
            let (mut size, mut left) = (0, number);
            while victim.runs() {
                let now = metadata(&file).map_or(0, |file| file.len());
                if now > size {
                    (size, left) = (now, left - 1);
                }
                if left == 0 {
                    return blow();
                }
                std::thread::yield_now();
            }
        });
    }

    /// What happens to it next.
    pub fn next(&self) -> Event {
        self.events.recv().unwrap()
    }

    /// How it ends.
    pub fn ended(&self) -> Ended {
        loop {
            if let Event::Ended(ended) = self.next() {
                return ended;
            }
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.victim.signal("KILL");
    }
}

/// A process that has ended closes what it prints to, and keeps its number until it is waited for.
fn end_of(child: &mut Child, victim: &Victim, log: std::thread::JoinHandle<String>) -> Ended {
    let mut out = String::new();
    child.stdout.take().unwrap().read_to_string(&mut out).unwrap();
    let err = log.join().unwrap();
    *victim.number() = None;
    let status = child.wait().unwrap();
    Ended { status, out, err }
}
