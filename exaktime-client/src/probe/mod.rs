//! What a real account speaks: asks with reads only, compares with what was taken for granted, and gives the profile that
//! would fit.
//!
//! A report holds status codes, header names and JSON keys, never values (exaktime-api.md section 6). The one request
//! that is no `GET` is a login, and that only where no key in a header was enough.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use http::StatusCode;
use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Error, ErrorKind};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use crate::client::{Client, ClientBuilder};
use crate::request::endpoint;
use crate::schema::{SETS, WarehouseSchema, column};
use crate::wire::{KeyWire, LoginWire, WireProfile};

/// Ways of authorising to try after the configured one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// Headers and prefixes for the key.
    pub keys: Vec<KeyWire>,
    /// Paths of a login, and the property that the key stands in; the token is looked for in the answer.
    pub logins: Vec<(String, String)>,
}

/// A few that services of this kind use: each wrong one is a refused request.
impl Default for Candidates {
    fn default() -> Self {
        let key = |(header, prefix): (&str, &str)| KeyWire {
            header: header.to_owned(),
            prefix: prefix.to_owned(),
            bearer: false,
        };
        let keys = [
            ("Ocp-Apim-Subscription-Key", ""),
            ("X-Api-Key", ""),
            ("X-Arcoro-Key", ""),
            ("X-Arcoro-Key", "Key "),
            ("Authorization", "Bearer "),
        ];
        let logins = [
            ("/v1/login", "apiKey"),
            ("/v1/Auth/Login", "apiKey"),
            ("/v1/Auth/Token", "subscriptionKey"),
        ];
        Self {
            keys: keys.map(key).to_vec(),
            logins: logins.map(|(path, field)| (path.to_owned(), field.to_owned())).to_vec(),
        }
    }
}

/// What became of an assumption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It is so.
    Holds,
    /// It is otherwise: how.
    Differs(String),
    /// It could not be seen: why.
    Unknown(String),
}

/// An assumption and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field of the profile, such as `person.identifier`.
    pub assumption: String,
    /// What became of it.
    pub verdict: Verdict,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.verdict {
            Verdict::Holds => write!(f, "{}: holds", self.assumption),
            Verdict::Differs(how) => write!(f, "{}: differs: {how}", self.assumption),
            Verdict::Unknown(why) => write!(f, "{}: unknown: {why}", self.assumption),
        }
    }
}

/// What one request met: no values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seen {
    /// Method and path.
    pub operation: String,
    /// The status, if there was an answer.
    pub status: Option<StatusCode>,
    /// The names of the answer's headers, where it was a success.
    pub headers: BTreeSet<String>,
    /// The keys of the answer's JSON and of its rows.
    pub keys: BTreeSet<String>,
}

/// All that was found.
#[derive(Debug, Clone)]
pub struct Report {
    /// Assumption by assumption.
    pub findings: Vec<Finding>,
    /// The profile that would fit, as far as could be seen.
    pub wire: WireProfile,
    /// Request by request.
    pub seen: Vec<Seen>,
}

impl Report {
    /// The assumptions that do not hold.
    pub fn differences(&self) -> impl Iterator<Item = &Finding> {
        let differs = |finding: &&Finding| matches!(finding.verdict, Verdict::Differs(_));
        self.findings.iter().filter(differs)
    }
}

/// The lists that are looked at, and the group that their rows show.
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
/// Names of the page's number and of its size, to try after the configured ones.
const PAGE_NAMES: [&str; 5] = ["page", "pageNumber", "pageNo", "pageIndex", "p"];
const SIZE_NAMES: [&str; 6] = ["pageSize", "perPage", "per_page", "page_size", "limit", "size"];

/// Asks the account of `builder` what it speaks. `key` is the key that `builder` has as well. Writes nothing. Errors when
/// it cannot be reached, or when no way of authorising was accepted; what is merely otherwise stands in the report.
pub async fn probe(builder: ClientBuilder, key: &SecretString, candidates: &Candidates) -> Result<Report, Error> {
    let builder = builder.read_only(true);
    let mut report = Report {
        findings: Vec::new(),
        wire: builder.clone().build()?.wire().clone(),
        seen: Vec::new(),
    };
    let client = Box::pin(report.authorise(builder, key, candidates)).await?;
    report.lists(&client).await?;
    report.paging(&client).await?;
    report.warehouse(&client).await;
    Ok(report)
}

impl Report {
    fn find(&mut self, assumption: impl Into<String>, verdict: Verdict) {
        self.findings.push(Finding {
            assumption: assumption.into(),
            verdict,
        });
    }

    fn holds_or_differs(&mut self, assumption: impl Into<String>, before: &str, after: &str) {
        let verdict = if before == after {
            Verdict::Holds
        } else {
            Verdict::Differs(format!("`{after}`, not `{before}`"))
        };
        self.find(assumption, verdict);
    }

    /// The JSON of a read; `None` if it was refused. Errors where nobody answers.
    async fn ask(&mut self, client: &Client, ask: &Endpoint<Raw>) -> Result<Option<Value>, Error> {
        let answer = client.rest().send_raw(ask).await;
        let (status, headers, value) = match &answer {
            Ok(answer) => (
                Some(answer.status()),
                answer.headers().keys().map(ToString::to_string).collect(),
                serde_json::from_slice(answer.body()).ok(),
            ),
            Err(error) => (error.status(), BTreeSet::new(), None),
        };
        self.seen.push(Seen {
            operation: ask.operation(),
            status,
            headers,
            keys: value.as_ref().map(keys_of).unwrap_or_default(),
        });
        match answer {
            Err(error) if error.status().is_none() => Err(error),
            _ => Ok(value),
        }
    }

    /// A client that the service lets in.
    async fn authorise(
        &mut self,
        builder: ClientBuilder,
        key: &SecretString,
        candidates: &Candidates,
    ) -> Result<Client, Error> {
        let persons: Endpoint<Raw> = endpoint(Endpoint::get(""), &[&self.wire.person.path]);
        let assumed = self.wire.clone();
        let mut wires = vec![assumed.clone()];
        wires.extend(candidates.keys.iter().map(|key| WireProfile {
            key: key.clone(),
            login: None,
            ..assumed.clone()
        }));
        for wire in &wires {
            let client = builder.clone().wire(wire.clone()).build()?;
            if self.ask(&client, &persons).await.ok().flatten().is_some() {
                return Ok(self.let_in(&assumed, client));
            }
        }
        for wire in wires.into_iter().filter(|wire| wire.login.is_none()) {
            for (path, field) in &candidates.logins {
                let Some(login) = self.log_in(&builder, &wire, key, path, field).await? else {
                    continue;
                };
                let login = Some(login);
                let Ok(client) = builder.clone().wire(WireProfile { login, ..wire.clone() }).build() else {
                    continue;
                };
                if self.ask(&client, &persons).await?.is_some() {
                    return Ok(self.let_in(&assumed, client));
                }
            }
        }
        Err(Error::not_applied(
            ErrorKind::Unauthorized,
            "no way of sending the key was accepted",
        ))
    }

    fn let_in(&mut self, assumed: &WireProfile, client: Client) -> Client {
        let wire = client.wire();
        self.wire.key.clone_from(&wire.key);
        self.wire.login.clone_from(&wire.login);
        self.holds_or_differs("key.header", &assumed.key.header, &wire.key.header);
        self.holds_or_differs("key.prefix", &assumed.key.prefix, &wire.key.prefix);
        let name = |login: &Option<LoginWire>| login.as_ref().map_or("no login", |login| &login.path).to_owned();
        self.holds_or_differs("login", &name(&assumed.login), &name(&wire.login));
        client
    }

    /// The login at `path`, if there is one that gives a token.
    async fn log_in(
        &mut self,
        builder: &ClientBuilder,
        wire: &WireProfile,
        key: &SecretString,
        path: &str,
        field: &str,
    ) -> Result<Option<LoginWire>, Error> {
        let client = builder.clone().read_only(false).wire(wire.clone()).build()?;
        let ask: Endpoint<Raw> = endpoint(Endpoint::post(""), &[path]).idempotent();
        let ask = ask.json(&json!({field: key.expose_secret()}));
        let Some(answer) = self.ask(&client, &ask).await? else {
            return Ok(None);
        };
        let find = |part: &str, fits: fn(&Value) -> bool| pointer(&answer, part, fits);
        Ok(find("token", Value::is_string).map(|token| LoginWire {
            path: path.to_owned(),
            field: field.to_owned(),
            token,
            lifetime: find("expires", |value| value.as_u64().is_some()).unwrap_or_default(),
            ..LoginWire::default()
        }))
    }

    /// The envelope of lists and the names of properties.
    async fn lists(&mut self, client: &Client) -> Result<(), Error> {
        let mut enveloped = None;
        let mut there: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (list, group) in LISTS {
            let path = self.name(list, "path");
            let ask: Endpoint<Raw> = endpoint(Endpoint::get(""), &[&path]);
            let ask = match group {
                "employment" => ask.segments(&self.wire.employment.list),
                _ => ask,
            };
            let Some(answer) = self.ask(client, &ask).await? else {
                let status = self.seen.last().and_then(|seen| seen.status);
                let status = status.map_or("no JSON".to_owned(), |status| status.as_u16().to_string());
                self.find(format!("{group}.path"), Verdict::Unknown(status));
                continue;
            };
            self.find(format!("{group}.path"), Verdict::Holds);
            let Some((envelope, rows)) = rows(&answer) else {
                self.find(
                    format!("{group}.path"),
                    Verdict::Unknown("no rows in the answer".to_owned()),
                );
                continue;
            };
            enveloped = envelope.or(enveloped);
            let keys = there.entry(group).or_default();
            keys.extend(
                rows.iter()
                    .filter_map(Value::as_object)
                    .flat_map(|row| row.keys().cloned()),
            );
            if group == "location" {
                let address = self.wire.address_among(rows);
                there.insert("address", address);
            }
        }
        self.envelope(enveloped);
        for (group, keys) in there {
            self.properties(group, &keys);
        }
        Ok(())
    }

    fn envelope(&mut self, found: Option<String>) {
        match found {
            Some(name) if !self.wire.list.envelopes.contains(&name) => {
                let before = self.wire.list.envelopes.join("`, `");
                self.find("list.envelopes", Verdict::Differs(format!("`{name}`, not `{before}`")));
                self.wire.list.envelopes = vec![name];
            }
            _ => self.find("list.envelopes", Verdict::Holds),
        }
    }

    /// The names of a group's properties, given those that its rows have.
    fn properties(&mut self, group: &str, there: &BTreeSet<String>) {
        let there: Vec<&String> = there.iter().collect();
        let mut findings = Vec::new();
        for (known, names) in self.wire.groups() {
            let properties = names
                .into_iter()
                .filter(|(field, _)| *field != "path" && *field != "list");
            for (field, name) in properties.filter(|_| known == group) {
                let concept = format!("{group}.{field}");
                let verdict = match column(&concept, name, &there) {
                    None if there.is_empty() => Verdict::Unknown("there are no rows".to_owned()),
                    None => Verdict::Unknown("no row has a property of such a name".to_owned()),
                    Some(found) if found == *name => Verdict::Holds,
                    Some(found) => {
                        let before = std::mem::replace(name, found);
                        Verdict::Differs(format!("`{name}`, not `{before}`"))
                    }
                };
                findings.push((concept, verdict));
            }
        }
        for (concept, verdict) in findings {
            self.find(concept, verdict);
        }
    }

    fn name(&mut self, group: &str, field: &str) -> String {
        let groups = self.wire.groups().into_iter().filter(|(known, _)| *known == group);
        let mut names = groups.flat_map(|(_, names)| names);
        names
            .find(|(known, _)| *known == field)
            .map(|(_, name)| name.clone())
            .unwrap_or_default()
    }

    /// The parameters of paging: by the persons, of which there have to be two.
    async fn paging(&mut self, client: &Client) -> Result<(), Error> {
        let (page, size) = (self.wire.list.page.clone(), self.wire.list.page_size.clone());
        let persons: Endpoint<Raw> = endpoint(Endpoint::get(""), &[&self.wire.person.path]);
        let mut found_size = None;
        for name in std::iter::once(size.as_str()).chain(SIZE_NAMES) {
            let one = self.ask(client, &persons.clone().query(name, 1)).await?;
            if one.as_ref().and_then(rows).is_some_and(|(_, rows)| rows.len() == 1) {
                found_size = Some((name.to_owned(), one));
                break;
            }
        }
        let Some((found_size, first)) = found_size else {
            for assumption in ["list.page_size", "list.page"] {
                self.find(
                    assumption,
                    Verdict::Unknown("no parameter changed the size of a page".to_owned()),
                );
            }
            return Ok(());
        };
        self.holds_or_differs("list.page_size", &size, &found_size);
        self.wire.list.page_size.clone_from(&found_size);
        for name in std::iter::once(page.as_str()).chain(PAGE_NAMES) {
            let ask = persons.clone().query(&found_size, 1).query(name, 2);
            let second = self.ask(client, &ask).await?;
            if second.is_some() && second != first {
                self.holds_or_differs("list.page", &page, name);
                name.clone_into(&mut self.wire.list.page);
                return Ok(());
            }
        }
        self.find(
            "list.page",
            Verdict::Unknown("no parameter changed the page".to_owned()),
        );
        Ok(())
    }

    /// The columns of the warehouse.
    async fn warehouse(&mut self, client: &Client) {
        let metadata = match client.metadata().await {
            Ok(metadata) => metadata,
            Err(error) => {
                let status = error
                    .status()
                    .map_or("no schema".to_owned(), |status| status.as_u16().to_string());
                return self.find("odata.$metadata", Verdict::Unknown(status));
            }
        };
        let schema = WarehouseSchema::of(&metadata, &self.wire);
        let mut wire = schema.wire.clone();
        for (group, names) in wire.groups() {
            for (field, _) in names.into_iter().filter(|_| SETS.contains(&group)) {
                let concept = format!("{group}.{field}");
                let renamed = schema.renamed.iter().find(|(known, ..)| *known == concept);
                let verdict = match renamed {
                    Some((_, before, after)) => Verdict::Differs(format!("`{after}`, not `{before}`")),
                    None if schema.unmatched.contains(&concept)
                        || schema.unmatched.contains(&format!("{group}.set")) =>
                    {
                        Verdict::Unknown("the schema has nothing of such a name".to_owned())
                    }
                    None => Verdict::Holds,
                };
                self.find(concept, verdict);
            }
        }
        self.wire = schema.wire;
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

/// The rows of an answer, and the property that holds them, if it is no bare array.
fn rows(answer: &Value) -> Option<(Option<String>, &Vec<Value>)> {
    match answer {
        Value::Array(rows) => Some((None, rows)),
        Value::Object(object) => {
            let mut arrays = object
                .iter()
                .filter_map(|(name, value)| Some((name, value.as_array()?)));
            arrays.next().map(|(name, rows)| (Some(name.clone()), rows))
        }
        _ => None,
    }
}

/// The keys of an answer and of its first rows.
fn keys_of(answer: &Value) -> BTreeSet<String> {
    let own = answer.as_object().into_iter().flat_map(|object| object.keys().cloned());
    let rows = rows(answer).map_or(&[][..], |(_, rows)| rows.as_slice());
    let rows = rows
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|row| row.keys().cloned());
    own.chain(rows).collect()
}

/// Where within `value` a property stands whose name has `part` in it and whose value `fits`, as a JSON pointer.
fn pointer(value: &Value, part: &str, fits: fn(&Value) -> bool) -> Option<String> {
    value.as_object()?.iter().find_map(|(name, inner)| {
        let step = format!("/{}", name.replace('~', "~0").replace('/', "~1"));
        if name.to_lowercase().contains(part) && fits(inner) {
            return Some(step);
        }
        pointer(inner, part, fits).map(|rest| step + &rest)
    })
}
