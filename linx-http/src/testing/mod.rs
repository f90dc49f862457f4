//! Good inputs, spoiled: a test of whatever reads what somebody else wrote.
//!
//! Whatever comes from outside is answered with a value or an error: never with a panic, never without end, and never with
//! more memory than its length allows (hazard A18). [`Inputs`] tries that out. It takes a few good examples, spoils them in
//! thousands of ways, and gives each to a test. Which ways is drawn from a seed, so that every run tries the same.
//!
//! | variable | means |
//! | --- | --- |
//! | `SPOILED=100000` | tries so many inputs of each kind, in place of the few thousand of a usual run |
//! | `SPOILED_SEED=7` | draws others |
//!
//! An input that failed is printed as a Rust literal; it belongs among the examples then.

mod answers;
mod inputs;
mod json;
mod shown;
mod spoil;
mod tokens;

pub use answers::{Recorded, SameAnswer, answer};
pub use inputs::Inputs;
pub use shown::assert_harmless;
