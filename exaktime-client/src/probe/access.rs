//! How the account is entered: by the key in a header, or by a login.

use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Error, ErrorKind};
use secrecy::{ExposeSecret, SecretString};
use serde_json::{Value, json};

use super::report::Report;
use crate::client::{Client, ClientBuilder};
use crate::request::endpoint;
use crate::wire::{KeyWire, LoginWire, WireProfile};

/// Ways of authorising to try after the configured one. The defaults are a few that services of this kind use; each
/// wrong one is a refused request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidates {
    /// Headers and prefixes for the key, tried first.
    pub keys: Vec<KeyWire>,
    /// Logins by `POST`, tried where no header is enough.
    pub logins: Vec<LoginCandidate>,
}

/// A login that the service may have. Where in its answer the token stands is looked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LoginCandidate {
    /// Where, on the REST half: `/v1/login`.
    pub path: String,
    /// The property of the request's body that holds the key: `apiKey`.
    pub field: String,
}

impl Default for Candidates {
    fn default() -> Self {
        let key = |(header, prefix): (&str, &str)| KeyWire {
            header: header.to_owned(),
            prefix: prefix.to_owned(),
            bearer: false,
        };
        let login = |(path, field): (&str, &str)| LoginCandidate {
            path: path.to_owned(),
            field: field.to_owned(),
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
            logins: logins.map(login).to_vec(),
        }
    }
}

impl Report {
    /// Returns a client that the service lets in: the configured way first, then each candidate's.
    pub(super) async fn authorise(
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
                return Ok(self.accept(&assumed, client));
            }
        }
        for wire in wires.into_iter().filter(|wire| wire.login.is_none()) {
            for candidate in &candidates.logins {
                let Some(login) = self.log_in(&builder, &wire, key, candidate).await? else {
                    continue;
                };
                let login = Some(login);
                let Ok(client) = builder.clone().wire(WireProfile { login, ..wire.clone() }).build() else {
                    continue;
                };
                if self.ask(&client, &persons).await?.is_some() {
                    return Ok(self.accept(&assumed, client));
                }
            }
        }
        Err(Error::not_applied(
            ErrorKind::Unauthorized,
            "no way of sending the key was accepted",
        ))
    }

    /// Notes how the client was let in, and returns it.
    fn accept(&mut self, assumed: &WireProfile, client: Client) -> Client {
        let wire = client.wire();
        self.wire.key.clone_from(&wire.key);
        self.wire.login.clone_from(&wire.login);
        self.holds_or_differs("key.header", &assumed.key.header, &wire.key.header);
        self.holds_or_differs("key.prefix", &assumed.key.prefix, &wire.key.prefix);
        let name = |login: &Option<LoginWire>| login.as_ref().map_or("no login", |login| &login.path).to_owned();
        self.holds_or_differs("login", &name(&assumed.login), &name(&wire.login));
        client
    }

    /// Returns the login of `candidate` as the profile has it, if there is one that gives a token.
    async fn log_in(
        &mut self,
        builder: &ClientBuilder,
        wire: &WireProfile,
        key: &SecretString,
        candidate: &LoginCandidate,
    ) -> Result<Option<LoginWire>, Error> {
        let client = builder.clone().read_only(false).wire(wire.clone()).build()?;
        let ask: Endpoint<Raw> = endpoint(Endpoint::post(""), &[&candidate.path]).idempotent();
        let ask = ask.json(&json!({&candidate.field: key.expose_secret()}));
        let Some(answer) = self.ask(&client, &ask).await? else {
            return Ok(None);
        };
        let find = |part: &str, fits: fn(&Value) -> bool| pointer(&answer, part, fits);
        Ok(find("token", Value::is_string).map(|token| LoginWire {
            path: candidate.path.clone(),
            field: candidate.field.clone(),
            token,
            lifetime: find("expires", |value| value.as_u64().is_some()).unwrap_or_default(),
            ..LoginWire::default()
        }))
    }
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
