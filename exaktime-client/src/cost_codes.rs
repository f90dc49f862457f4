//! Cost codes: the activities that time is booked on (exaktime-api.md section 4.4).

use linx_http::{Endpoint, Error, List};

use crate::client::Client;
use crate::ids::CostCodeId;
use crate::object::{Change, Object, Reader};
use crate::request::endpoint;
use crate::wire::{CostCodeWire, WireProfile};

/// A cost code.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct CostCode {
    /// The service's key.
    pub id: CostCodeId,
    /// The customer's own code, unique.
    pub identifier: Option<String>,
    /// What people see, unique.
    pub name: Option<String>,
    /// Whether it is in use; true where not told.
    pub is_active: bool,
    /// Made by the service for itself (In and Out) and hidden from people: never touch it.
    pub is_system: bool,
    /// All of it as it was received.
    pub object: Object,
}

/// What is to become of a cost code's values. A new one needs identifier and name.
#[derive(Debug, Clone, Default)]
pub struct CostCodeChanges {
    /// The customer's own code.
    pub identifier: Change<String>,
    /// The name.
    pub name: Change<String>,
    /// Whether it is in use.
    pub is_active: Change<bool>,
}

impl CostCode {
    fn read(object: &Object, wire: &WireProfile) -> Result<Self, String> {
        let (reader, names) = (Reader(object), &wire.cost_code);
        Ok(Self {
            id: reader.id(&names.id, CostCodeId::read)?,
            identifier: reader.text(&names.identifier)?,
            name: reader.text(&names.name)?,
            is_active: reader.flag(&names.is_active)?.unwrap_or(true),
            is_system: reader.text(&names.display_option)?.as_deref() == Some(wire.value.system.as_str()),
            object: object.clone(),
        })
    }
}

impl CostCodeChanges {
    fn make(&self, object: &mut Object, names: &CostCodeWire) {
        self.identifier.make(object, &names.identifier);
        self.name.make(object, &names.name);
        self.is_active.make(object, &names.is_active);
    }
}

impl Client {
    /// Cost codes, in use and not, the service's own among them.
    pub fn cost_codes(&self) -> List<CostCode> {
        let names = &self.wire().cost_code;
        let list = endpoint(Endpoint::get(""), &[&names.path]);
        let id = |code: &CostCode| code.id.to_string();
        self.rest_list(list, CostCode::read, id, &names.id)
    }

    /// One cost code.
    pub async fn cost_code(&self, id: &CostCodeId) -> Result<CostCode, Error> {
        self.get(&[&self.wire().cost_code.path, id.as_str()], CostCode::read)
            .await
    }

    /// Makes a cost code. Not repeatable; a taken identifier or name is refused as a conflict or a validation error.
    pub async fn create_cost_code(&self, values: &CostCodeChanges) -> Result<CostCode, Error> {
        let names = &self.wire().cost_code;
        let mut object = Object::new();
        values.make(&mut object, names);
        self.create(&names.path, &names.id, &object, CostCode::read).await
    }

    /// Changes some values of a cost code and keeps all others. May be repeated.
    pub async fn update_cost_code(&self, id: &CostCodeId, changes: &CostCodeChanges) -> Result<CostCode, Error> {
        let names = &self.wire().cost_code;
        let edit = |object: &mut Object| {
            changes.make(object, names);
            Ok(())
        };
        self.replace(&[&names.path, id.as_str()], None, edit, CostCode::read)
            .await
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_services_own_codes_are_known() {
        let read =
            |value: serde_json::Value| CostCode::read(value.as_object().unwrap(), &WireProfile::default()).unwrap();
        assert!(read(json!({"costCodeId": 1, "displayOption": "System"})).is_system);
        let code = read(json!({"costCodeId": 1, "identifier": "03-300", "displayOption": "Default"}));
        assert!(!code.is_system && code.is_active);
        assert_eq!(code.identifier.as_deref(), Some("03-300"));
    }
}
