//! The nouns: plain data in the field's terms, validated where it enters.
//!
//! Office side (Procore): [`Worker`], [`Project`], [`SubJob`], [`CompanyCostCode`], [`ProjectCostCode`], [`TimeType`],
//! [`Entry`]. Field side (ExakTime): [`Record`] (an employee, location or cost code as named [`Attributes`]) and
//! [`TimeRecord`]. Between them: [`Hours`], ids and references.

mod attributes;
pub(crate) mod called;
mod endpoint;
mod entry;
pub(crate) mod entry_parts;
mod hours;
mod ids;
mod office;
mod pool;
mod refresh;
mod shared_text;
mod time;
mod week;
mod zone;
mod zone_tables;

pub use attributes::{Attribute, Attributes, Record};
pub use endpoint::EntryEndpoint;
pub use entry::{ApprovalStatus, Coding, Entry, EntryContent, Span};
pub(crate) use hours::largest_remainder;
pub use hours::{CentiHours, Hours, HoursError, apportion};
pub use ids::{
    ClassificationId, CodeListId, CompanyCodeId, EntryId, IdError, Kind, LineItemTypeId, OfficeRef, ProjectCodeId,
    ProjectId, RecordId, SubJobId, TimeTypeId, TimesheetId, UserId, WbsCodeId, WorkerId,
};
pub use office::{
    Address, Classification, CodeList, CompanyCostCode, LineItemType, Project, ProjectCostCode, SubJob, TaskCode,
    TimeSettings, TimeType, Timesheet, Worker,
};
pub use pool::Pool;
pub use refresh::Refresh;
pub use shared_text::SharedText;
pub use time::{Approval, ApprovalLevel, ClassHours, ClockTimes, HourClass, TimeRecord};
pub use week::first_of_week;
pub(crate) use zone::{LocalTimeError, contradicts};
pub use zone::{PlaceZone, Zone, ZoneError, ZoneSource, zone_data_version};
