//! The production transport and the system clock: the only file that names reqwest and tokio.
