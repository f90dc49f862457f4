//! The inputs of one kind, tried one after the other.

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use fastrand::Rng;

use super::spoil::spoiled;

/// An input that takes longer is one without end.
const LONGEST: Duration = Duration::from_mins(1);

/// How much of an input that failed is printed.
const SHOWN: usize = 8 * 1024;

/// Good examples of one kind of input, and how much memory a spoiled one may take.
#[derive(Debug)]
pub struct Inputs {
    kind: String,
    examples: Vec<Vec<u8>>,
    usual: usize,
    fixed: usize,
    per_byte: usize,
}

impl Inputs {
    /// Returns inputs of a kind, such as `pages`, spoiled from these examples.
    ///
    /// # Panics
    ///
    /// Without an example.
    pub fn new(kind: impl Into<String>, examples: impl IntoIterator<Item = impl Into<Vec<u8>>>) -> Self {
        let examples: Vec<Vec<u8>> = examples.into_iter().map(Into::into).collect();
        assert!(!examples.is_empty(), "no examples");
        Self {
            kind: kind.into(),
            examples,
            usual: 1000,
            fixed: 1024 * 1024,
            per_byte: 100,
        }
    }

    /// Adds every file of a folder as an example.
    ///
    /// # Panics
    ///
    /// If the folder cannot be read.
    #[must_use]
    pub fn and_folder(mut self, folder: &Path) -> Self {
        let files = std::fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
        let mut files = files.unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        files.sort_by_key(std::fs::DirEntry::path);
        for file in files {
            let path = file.path();
            let read = std::fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            self.examples.push(read);
        }
        self
    }

    /// Sets how many inputs a usual run tries; 1000 unless set.
    #[must_use]
    pub fn usually(mut self, count: usize) -> Self {
        self.usual = count;
        self
    }

    /// Sets how many bytes an input may take: so many, and so many more for each byte of its own. A mebibyte and a hundred
    /// unless set.
    #[must_use]
    pub fn memory(mut self, fixed: usize, per_byte: usize) -> Self {
        (self.fixed, self.per_byte) = (fixed, per_byte);
        self
    }

    /// Gives the examples, and then spoiled ones, to `property`, which panics where something does not hold. `measure` runs
    /// what it is given and tells how many bytes of memory that took at most.
    ///
    /// # Panics
    ///
    /// When `property` does, or takes too much memory. One without end ends the process.
    pub fn each(&self, measure: impl Fn(&mut dyn FnMut()) -> u64, mut property: impl FnMut(&[u8])) {
        let seed = number_of("SPOILED_SEED").unwrap_or(0);
        let count = number_of("SPOILED").map_or(self.usual, |count| usize::try_from(count).unwrap_or(usize::MAX));
        let (began, (at, _ends_with_this)) = (Instant::now(), self.watch());
        for number in 0..count.max(self.examples.len()) {
            at.store(number, Ordering::Relaxed);
            let input = self.input(seed, number);
            let tried = catch_unwind(AssertUnwindSafe(|| {
                let taken = measure(&mut || property(&input));
                let most = input.len().saturating_mul(self.per_byte).saturating_add(self.fixed);
                assert!(
                    taken <= most as u64,
                    "{taken} bytes of memory, where {most} are allowed"
                );
            }));
            if let Err(panic) = tried {
                let shown = &input[..input.len().min(SHOWN)];
                eprintln!(
                    "{}: input {number} of seed {seed}, {} bytes: b\"{}\"",
                    self.kind,
                    input.len(),
                    shown.escape_ascii()
                );
                resume_unwind(panic);
            }
        }
        let tried = count.max(self.examples.len());
        println!("{}: {tried} inputs in {} ms", self.kind, began.elapsed().as_millis());
    }

    /// The examples come first, as they are. Each other depends on its number alone.
    fn input(&self, seed: u64, number: usize) -> Vec<u8> {
        match self.examples.get(number) {
            Some(example) => example.clone(),
            None => spoiled(
                &mut Rng::with_seed(seed.wrapping_shl(32) ^ number as u64),
                &self.examples,
            ),
        }
    }

    /// Ends the process when the same input is at work for too long. Watches until what it returns is dropped.
    fn watch(&self) -> (Arc<AtomicUsize>, Sender<()>) {
        let (kind, at) = (self.kind.clone(), Arc::new(AtomicUsize::new(0)));
        let (sender, ended) = channel();
        let watched = Arc::clone(&at);
        std::thread::spawn(move || {
            let mut before = usize::MAX;
            while let Err(RecvTimeoutError::Timeout) = ended.recv_timeout(LONGEST) {
                let now = watched.load(Ordering::Relaxed);
                if now == before {
                    eprintln!("{kind}: input {now} does not end");
                    std::process::abort();
                }
                before = now;
            }
        });
        (at, sender)
    }
}

fn number_of(variable: &str) -> Option<u64> {
    let text = std::env::var(variable).ok()?;
    Some(
        text.parse()
            .unwrap_or_else(|_| panic!("{variable} is no number: {text}")),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "HTTP/1.1 200\r\ntotal: 2\r\n\r\n[{\"id\":1,\"name\":\"A\"},{\"id\":2,\"name\":null}]";

    fn measured(run: &mut dyn FnMut()) -> u64 {
        allocation_counter::measure(run).bytes_max
    }

    #[test]
    fn the_same_number_of_the_same_seed_is_the_same_input() {
        let inputs = Inputs::new("pages", [PAGE]);
        let of = |seed| (0..200).map(|number| inputs.input(seed, number)).collect::<Vec<_>>();
        assert_eq!(of(0), of(0));
        assert_eq!(of(0)[0], PAGE.as_bytes());
        let differ = of(0).iter().zip(of(1)).filter(|(one, other)| *one != other).count();
        assert!(differ > 150, "{differ}");
    }

    #[test]
    fn many_inputs_stay_readable_and_others_do_not() {
        let inputs = Inputs::new("pages", [PAGE]);
        let is_json = |input: &Vec<u8>| {
            let body = input.strip_prefix(b"HTTP/1.1 200\r\ntotal: 2\r\n\r\n");
            body.is_some_and(|body| serde_json::from_slice::<serde_json::Value>(body).is_ok())
        };
        let readable = (0..1000).filter(|number| is_json(&inputs.input(0, *number))).count();
        assert!((200..800).contains(&readable), "{readable}");
    }

    #[test]
    fn what_panics_or_takes_too_much_memory_fails() {
        let inputs = Inputs::new("pages", [PAGE]).usually(50).memory(10_000, 1);
        inputs.each(measured, |input| drop(input.to_vec()));
        let greedy = || inputs.each(measured, |_| drop(vec![0_u8; 1_000_000]));
        assert!(catch_unwind(AssertUnwindSafe(greedy)).is_err());
        let panicking = || inputs.each(measured, |input| assert_eq!(input, PAGE.as_bytes()));
        assert!(catch_unwind(AssertUnwindSafe(panicking)).is_err());
    }
}
