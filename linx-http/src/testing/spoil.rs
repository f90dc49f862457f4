//! Ways of spoiling bytes.

use fastrand::Rng;

use super::json;
use super::tokens::TOKENS;

/// No spoiled input is longer, but for the examples themselves.
const LONGEST: usize = 256 * 1024;

/// One of the examples with a few things changed.
pub(super) fn spoiled(rng: &mut Rng, examples: &[Vec<u8>]) -> Vec<u8> {
    let mut input = examples[rng.usize(..examples.len())].clone();
    let by_structure = rng.bool();
    for _ in 0..rng.usize(1..6) {
        match json::spoiled(rng, &input).filter(|_| by_structure) {
            Some(changed) => input = changed,
            None => spoil(rng, &mut input, examples),
        }
    }
    input.truncate(LONGEST.max(examples.iter().map(Vec::len).max().unwrap_or(0)));
    input
}

/// Changes bytes in one way.
fn spoil(rng: &mut Rng, input: &mut Vec<u8>, examples: &[Vec<u8>]) {
    let at = rng.usize(..=input.len());
    let until = rng.usize(at..=input.len().min(at + 40));
    match rng.u8(..16) {
        0..3 if at < input.len() => input[at] = rng.u8(..),
        3..5 if at < input.len() => input[at] ^= 1 << rng.u8(..8),
        5 | 6 => drop(input.drain(at..until)),
        7 => input.truncate(at),
        8..=10 => repeat(rng, input, at, until),
        11 => {
            let other = &examples[rng.usize(..examples.len())];
            input.truncate(at);
            input.extend_from_slice(&other[rng.usize(..=other.len())..]);
        }
        12 => replace_number(rng, input),
        _ => insert(input, at, rng.choice(TOKENS).unwrap_or_default().as_bytes()),
    }
}

fn insert(input: &mut Vec<u8>, at: usize, piece: &[u8]) {
    input.splice(at..at, piece.iter().copied());
}

/// Writes a piece twice, or many times: deep nesting where it opens something, a long line, many rows.
fn repeat(rng: &mut Rng, input: &mut Vec<u8>, at: usize, until: usize) {
    let times = if rng.bool() { 1 } else { 1 << rng.u8(..12) };
    let piece = input[at..until].repeat(times);
    insert(input, at, &piece);
}

/// Puts a token in the place of a number, so that what stands around it stays readable.
fn replace_number(rng: &mut Rng, input: &mut Vec<u8>) {
    let start = rng.usize(..=input.len());
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let Some(begin) = input[start..].iter().position(is_digit).map(|at| start + at) else {
        return;
    };
    let end = input[begin..]
        .iter()
        .position(|byte| !is_digit(byte))
        .map_or(input.len(), |at| begin + at);
    let token = rng.choice(TOKENS).unwrap_or_default();
    input.splice(begin..end, token.bytes());
}
