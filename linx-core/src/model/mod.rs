//! The nouns: plain data in the field's terms, validated where it enters.
//!
//! Office side (Procore): [`Worker`], [`Project`], [`SubJob`], [`CompanyCostCode`], [`ProjectCostCode`], [`TimeType`],
//! [`Entry`]. Field side (ExakTime): [`FieldRecord`] (an employee, location or cost code as named [`Fields`]) and
//! [`TimeRecord`]. Between them: [`Hours`], ids and references.

mod entry;
mod fields;
mod hours;
mod ids;
mod office;
mod time;

pub use entry::{ApprovalStatus, Entry, EntryContent, Span};
pub use fields::{FieldName, FieldRecord, Fields};
pub use hours::{CentiHours, Hours, HoursError, apportion};
pub use ids::{
    ClassificationId, CompanyCodeId, EntryId, FieldId, IdError, Kind, LineItemTypeId, OfficeRef, ProjectCodeId,
    ProjectId, SubJobId, TimeTypeId, TimesheetId, WbsCodeId, WorkerId,
};
pub use office::{
    Address, Classification, CompanyCostCode, LineItemType, Project, ProjectCostCode, SubJob, TaskCode, TimeSettings,
    TimeType, Timesheet, Worker,
};
pub use time::{Approval, ApprovalLevel, HourClass, TimeRecord};
