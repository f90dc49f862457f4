//! Smaller reference data: cost types, departments, job codes, pay schedules (exaktime-api.md sections 4.5 and 4.6).
//!
//! They are all alike: a few texts and whether they are in use. None is ever deleted.

use linx_http::{Change, Endpoint, Error, ErrorKind, List, Listing};

use crate::client::Client;
use crate::ids::{CostTypeId, DepartmentId, JobCodeId, PayScheduleId};
use crate::object::{Object, Reader};
use crate::request::endpoint;
use crate::wire::WireProfile;

/// A kind of record with texts and flags, its changes and its four operations.
macro_rules! reference {
    (
        $(#[$doc:meta])* $name:ident, $changes:ident, $id:ident, $group:ident,
        texts: [$($text:ident: $text_doc:literal),*], flag: $flag:ident = $otherwise:literal: $flag_doc:literal,
        $list:ident, $get:ident, $create:ident, $update:ident
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq)]
        #[non_exhaustive]
        pub struct $name {
            /// The service's key, which no change touches.
            pub id: $id,
            $(#[doc = $text_doc] pub $text: Option<String>,)*
            #[doc = $flag_doc]
            pub $flag: bool,
            /// The whole record as it was received, with what this type has no field for.
            pub object: Object,
        }

        #[doc = concat!(
            "What is to become of the values of a [`", stringify!($name), "`]; what is not named keeps its value. Build it ",
            "with `..Default::default()`: more values may be added."
        )]
        #[derive(Debug, Clone, Default)]
        pub struct $changes {
            $(#[doc = $text_doc] pub $text: Change<String>,)*
            #[doc = $flag_doc]
            pub $flag: Change<bool>,
        }

        impl $name {
            fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
                let (reader, names) = (Reader(object), &wire.$group);
                Ok(Self {
                    id: reader.id(&names.id, $id::read)?,
                    $($text: reader.text(&names.$text)?,)*
                    $flag: reader.flag(&names.$flag)?.unwrap_or($otherwise),
                    object: object.clone(),
                })
            }
        }

        impl $changes {
            fn apply_to(&self, object: &mut Object, wire: &WireProfile) {
                $(self.$text.apply_to(object, &wire.$group.$text);)*
                self.$flag.apply_to(object, &wire.$group.$flag);
            }
        }

        impl Client {
            /// Returns the list of all of them, in use and not. Reads when its rows are asked for.
            pub fn $list(&self) -> List<$name> {
                let names = &self.wire().$group;
                let list = endpoint(Endpoint::get(""), &[&names.path]);
                self.rest_list(list, $name::read, |row| row.id.to_string(), &names.id)
            }

            /// Returns one of them. Reads; may be repeated.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::NotFound`] if there is none of this id.
            pub async fn $get(&self, id: &$id) -> Result<$name, Error> {
                self.get(&[&self.wire().$group.path, id.as_str()], $name::read).await
            }

            /// Makes one and returns it as the service has it. Must not be repeated blindly.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::Rejected`] for values that the service does not take. After an error that
            /// [may have been applied](Error::was_applied) it may be there.
            pub async fn $create(&self, values: &$changes) -> Result<$name, Error> {
                let names = &self.wire().$group;
                let mut object = Object::new();
                values.apply_to(&mut object, self.wire());
                self.create(&names.path, &names.id, &object, $name::read).await
            }

            /// Changes some values of one, keeps all others, and returns it. Sends nothing where nothing changes. May
            /// be repeated.
            ///
            /// # Errors
            ///
            /// [`ErrorKind::NotFound`] if there is none of this id.
            pub async fn $update(&self, id: &$id, changes: &$changes) -> Result<$name, Error> {
                let edit = |object: &mut Object| {
                    changes.apply_to(object, self.wire());
                    Ok(())
                };
                let path = [self.wire().$group.path.as_str(), id.as_str()];
                self.replace(&path, None, edit, $name::read).await
            }
        }
    };
}

reference!(
    /// A kind of cost. The service may have none: see [`Client::cost_types_if_any`].
    CostType, CostTypeChanges, CostTypeId, cost_type,
    texts: [identifier: "The customer's own code, with its leading zeros.", name: "The name, at most 200 characters."],
    flag: is_active = true: "Whether it is in use; true where not told.",
    cost_types, cost_type, create_cost_type, update_cost_type
);
reference!(
    /// A department.
    Department, DepartmentChanges, DepartmentId, department,
    texts: [identifier: "The customer's own code, with its leading zeros.", name: "The name, at most 200 characters."],
    flag: is_active = true: "Whether it is in use; true where not told.",
    departments, department, create_department, update_department
);
reference!(
    /// A position or trade; not a job.
    JobCode, JobCodeChanges, JobCodeId, job_code,
    texts: [name: "The name, at most 200 characters.", description: "What those who have it do."],
    flag: is_active = true: "Whether it is in use; true where not told.",
    job_codes, job_code, create_job_code, update_job_code
);
reference!(
    /// How often people are paid.
    PaySchedule, PayScheduleChanges, PayScheduleId, pay_schedule,
    texts: [
        name: "The name, at most 200 characters.",
        frequency: "How often people are paid, in the service's own word, such as `Weekly`.",
        first_pay_date: "The first day of pay, in the form in which the service sends it.",
        periods_per_year: "How many periods a year has, such as `52`."
    ],
    flag: is_default = false: "Whether it holds for those who have no other; false where not told.",
    pay_schedules, pay_schedule, create_pay_schedule, update_pay_schedule
);

impl Client {
    /// Returns all cost types, or `None` where the service has no such list: that is no failure (exaktime-api.md
    /// section 4.5). Reads; may be repeated.
    ///
    /// # Errors
    ///
    /// Whatever else keeps the list from being read.
    pub async fn cost_types_if_any(&self) -> Result<Option<Listing<CostType>>, Error> {
        match self.cost_types().collect().await {
            Ok(types) => Ok(Some(types)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }
}
