//! An entity of Procore's with what the rules make of it.

use super::Ruling;
use crate::model::{Attributes, OfficeRef};

/// An entity of Procore's, and what the rules say it should be in ExakTime.
#[derive(Debug, Clone, Hash)]
pub struct Desired {
    /// The entity of Procore's.
    pub office: OfficeRef,
    /// The values that its record should have, or why there should be none.
    pub ruling: Ruling<Attributes>,
}
