//! Persons and the employees among them (exaktime-api.md section 4.1).
//!
//! A person has a name, a work e-mail address and the customer's identifier; an employment beside it makes the person
//! an employee. Government identifiers exist and are never asked for.

mod employees;
mod hiring;
mod persons;

pub use employees::{Employee, Employment, EmploymentChanges, EmploymentStatus};
pub use hiring::NewEmployee;
pub use persons::{Person, PersonChanges, PersonQuery};
