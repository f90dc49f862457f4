//! Hosts an imitation of a service: in-process as a [`Transport`](crate::Transport), or on a loopback socket.
//!
//! A sandbox is a [`Service`]: a state machine without I/O. What can go wrong between it and a client is the same for
//! every service and stands here once: a [`Fault`] is ordered for the requests that an [`Order`] describes.

pub mod answer;
mod desk;
mod faults;
mod in_process;
mod late;
#[cfg(feature = "sandbox-server")]
mod server;
mod service;
mod traffic;

pub use faults::{Deed, Fault, Faults, Order};
pub use in_process::InProcess;
pub use late::Arrival;
#[cfg(feature = "sandbox-server")]
pub use server::Server;
pub use service::Service;
pub use traffic::Traffic;
