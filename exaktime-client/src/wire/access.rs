//! How the key is sent, and what it is exchanged for.

use serde::{Deserialize, Serialize};

/// Where the key stands in every request. It holds no key itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyWire {
    /// The header that carries the key; blank for none. `Ocp-Apim-Subscription-Key` unless configured otherwise.
    pub header: String,
    /// What stands before the key in that header, a blank at its end included. Nothing unless configured otherwise.
    pub prefix: String,
    /// Whether the key is sent as `Authorization: Bearer …`, beside the header or alone. Not unless configured
    /// otherwise.
    pub bearer: bool,
}

impl Default for KeyWire {
    fn default() -> Self {
        Self {
            header: "Ocp-Apim-Subscription-Key".to_owned(),
            prefix: String::new(),
            bearer: false,
        }
    }
}

/// The exchange of the key for a token, which is then sent as `Authorization: Bearer …`. The key's header, where there
/// is one, is sent along. A 401 leads to one new login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoginWire {
    /// How the login is asked for: by `POST` unless configured otherwise.
    pub method: LoginMethod,
    /// The path of the login on the REST half: `/v1/login` unless configured otherwise.
    pub path: String,
    /// The property of the request's body that holds the key; blank for no body, and a `GET` never has one. `apiKey`
    /// unless configured otherwise.
    pub field: String,
    /// Where in the answer the token stands, as a JSON pointer: `/token` unless configured otherwise.
    pub token: String,
    /// Where in the answer the token's life in seconds stands, as a JSON pointer; blank for nowhere. `/expiresIn`
    /// unless configured otherwise.
    pub lifetime: String,
    /// The token's life in seconds where the answer does not tell it: 900 unless configured otherwise. More than a year
    /// counts as a year.
    pub seconds: u64,
}

impl Default for LoginWire {
    fn default() -> Self {
        Self {
            method: LoginMethod::Post,
            path: "/v1/login".to_owned(),
            field: "apiKey".to_owned(),
            token: "/token".to_owned(),
            lifetime: "/expiresIn".to_owned(),
            seconds: 900,
        }
    }
}

/// How a login is asked for.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum LoginMethod {
    /// By `POST`, with a body that holds the key.
    #[default]
    Post,
    /// By `GET`, with the key's header alone.
    Get,
}
