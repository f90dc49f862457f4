//! What the rules make of an entity of Procore's.

use super::Ruling;
use crate::model::{Attributes, OfficeRef};

/// An entity of Procore's, and what the rules say it should be in ExakTime.
#[derive(Debug, Clone, Hash)]
pub struct Desired {
    /// The worker, project, sub-job or cost code in Procore.
    pub office: OfficeRef,
    /// The values that its record should have, or why there should be none.
    pub ruling: Ruling<Attributes>,
}
