//! A host without a network.

use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response};

use super::desk::{Desk, Reply};
use super::faults::Faults;
use super::service::Service;
use super::traffic::Traffic;
use crate::clock::Clock;
use crate::transport::{Transport, TransportError};

/// A service hosted in the same process, as a [`Transport`].
pub struct InProcess {
    desk: Desk,
}

impl InProcess {
    /// Hosts `service`, which sees the time of `clock`.
    pub fn new(service: Arc<dyn Service>, clock: Arc<dyn Clock>) -> Self {
        Self {
            desk: Desk::new(service, clock),
        }
    }

    /// The faults of this host.
    pub fn faults(&self) -> Faults {
        self.desk.faults.clone()
    }

    /// The requests that came.
    pub fn traffic(&self) -> Traffic {
        self.desk.traffic.clone()
    }
}

#[async_trait]
impl Transport for InProcess {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        match self.desk.reply(&request) {
            Reply::Answer(answer) => Ok(answer),
            Reply::Slow(answer, span) => {
                self.desk.clock.sleep(span).await;
                Ok(answer)
            }
            Reply::Unreachable => Err(TransportError::connect("the host is unreachable")),
            Reply::Cut => Err(TransportError::interrupted("the connection was cut")),
            Reply::Silence => std::future::pending().await,
        }
    }
}
