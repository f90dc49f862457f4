//! How long the program takes to say its version: what every command pays.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::Figure;

const ROUNDS: usize = 40;

pub fn figures() -> Vec<Figure> {
    let once = || {
        let began = Instant::now();
        let output = Command::new(env!("CARGO_BIN_EXE_linx"))
            .arg("--version")
            .output()
            .expect("the program");
        assert!(output.status.success());
        began.elapsed()
    };
    let best = (0..ROUNDS).map(|_| once()).min().unwrap_or(Duration::MAX);
    vec![Figure::time("start-up", "", "0.010 s", best)]
}
