//! The configuration: defaults, then `linx.toml`, then the environment. Every value remembers where it came from.

mod keys;
mod layers;
mod loaded;
#[cfg(test)]
mod spoiled;
#[cfg(test)]
mod tests;

pub use keys::{ExakTime, Grant};
pub use layers::Environment;
pub use loaded::{DEFAULT_FILE, Loaded, load, named_file};
