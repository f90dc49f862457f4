//! How the key is sent, and what it is exchanged for.

use serde::{Deserialize, Serialize};

/// Where the key stands in every request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct KeyWire {
    /// The header that carries it: `Ocp-Apim-Subscription-Key`. Blank for none.
    pub header: String,
    /// What stands before it in that header: nothing.
    pub prefix: String,
    /// Whether it is sent as `Authorization: Bearer …`, beside the header or alone: no.
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
    /// How it is asked for: by `POST`.
    pub method: LoginMethod,
    /// Where, on the REST half: `/v1/login`.
    pub path: String,
    /// The property of the request's body that holds the key: `apiKey`. Blank for no body; a `GET` never has one.
    pub field: String,
    /// Where in the answer the token stands, as a JSON pointer: `/token`.
    pub token: String,
    /// Where in the answer its life in seconds stands, as a JSON pointer: `/expiresIn`. Blank for nowhere.
    pub lifetime: String,
    /// Its life in seconds where the answer does not tell: 900.
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
    /// With a body that holds the key.
    #[default]
    Post,
    /// With the key's header alone.
    Get,
}
