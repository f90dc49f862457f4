//! How lists wrap their rows, and what the properties of the rows are called.

use std::collections::{BTreeMap, BTreeSet};

use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Error};
use serde_json::Value;

use super::report::{Observed, Report, rows};
use crate::client::Client;
use crate::request::endpoint;
use crate::schema::column;
use crate::wire::WireProfile;

/// The lists that are looked at, by the group whose path they have, and the group whose properties their rows show.
const LISTS: [(&str, &str); 9] = [
    ("person", "person"),
    ("person", "employment"),
    ("location", "location"),
    ("cost_code", "cost_code"),
    ("cost_type", "cost_type"),
    ("job", "job"),
    ("department", "department"),
    ("job_code", "job_code"),
    ("pay_schedule", "pay_schedule"),
];

impl Report {
    /// Looks at the envelope of lists and the names of properties.
    pub(super) async fn lists(&mut self, client: &Client) -> Result<(), Error> {
        let mut enveloped = None;
        let mut keys_by_group: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (list, group) in LISTS {
            let path = self.name(list, "path");
            let ask: Endpoint<Raw> = endpoint(Endpoint::get(""), &[&path]);
            let ask = match group {
                "employment" => ask.segments(&self.wire.employment.list),
                _ => ask,
            };
            let Some(answer) = self.ask(client, &ask).await? else {
                let status = self.exchanges.last().and_then(|exchange| exchange.status);
                let status = status.map_or("no JSON".to_owned(), |status| status.as_u16().to_string());
                self.add(format!("{group}.path"), Observed::Unknown(status));
                continue;
            };
            self.add(format!("{group}.path"), Observed::Holds);
            let Some((envelope, rows)) = rows(&answer) else {
                self.add(
                    format!("{group}.path"),
                    Observed::Unknown("no rows in the answer".to_owned()),
                );
                continue;
            };
            enveloped = envelope.or(enveloped);
            let keys = keys_by_group.entry(group).or_default();
            keys.extend(
                rows.iter()
                    .filter_map(Value::as_object)
                    .flat_map(|row| row.keys().cloned()),
            );
            if group == "location" {
                let address = self.wire.address_among(rows);
                keys_by_group.insert("address", address);
            }
        }
        self.envelope(enveloped);
        for (group, keys) in keys_by_group {
            self.properties(group, &keys);
        }
        Ok(())
    }

    /// Notes the envelope that lists were found in; none is a bare array.
    fn envelope(&mut self, found: Option<String>) {
        match found {
            Some(name) if !self.wire.list.envelopes.contains(&name) => {
                let before = self.wire.list.envelopes.join("`, `");
                self.add("list.envelopes", Observed::Differs(format!("`{name}`, not `{before}`")));
                self.wire.list.envelopes = vec![name];
            }
            _ => self.add("list.envelopes", Observed::Holds),
        }
    }

    /// Notes what the properties of a group are called, given the keys that its rows have.
    fn properties(&mut self, group: &str, there: &BTreeSet<String>) {
        let there: Vec<&String> = there.iter().collect();
        let mut findings = Vec::new();
        for (known, names) in self.wire.groups() {
            let properties = names
                .into_iter()
                .filter(|(field, _)| *field != "path" && *field != "list");
            for (field, name) in properties.filter(|_| known == group) {
                let concept = format!("{group}.{field}");
                let observed = match column(&concept, name, &there) {
                    None if there.is_empty() => Observed::Unknown("there are no rows".to_owned()),
                    None => Observed::Unknown("no row has a property of such a name".to_owned()),
                    Some(found) if found == *name => Observed::Holds,
                    Some(found) => {
                        let before = std::mem::replace(name, found);
                        Observed::Differs(format!("`{name}`, not `{before}`"))
                    }
                };
                findings.push((concept, observed));
            }
        }
        for (concept, observed) in findings {
            self.add(concept, observed);
        }
    }

    /// Returns the name that the profile has for a field of a group.
    fn name(&mut self, group: &str, field: &str) -> String {
        let groups = self.wire.groups().into_iter().filter(|(known, _)| *known == group);
        let mut names = groups.flat_map(|(_, names)| names);
        names
            .find(|(known, _)| *known == field)
            .map(|(_, name)| name.clone())
            .unwrap_or_default()
    }
}

impl WireProfile {
    /// The keys of the addresses within `rows`.
    fn address_among(&self, rows: &[Value]) -> BTreeSet<String> {
        let addresses = rows
            .iter()
            .filter_map(|row| row.get(&self.location.address)?.as_object());
        addresses.flat_map(|address| address.keys().cloned()).collect()
    }
}
