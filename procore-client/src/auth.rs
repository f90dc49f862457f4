//! The client-credentials grant: an application's id and secret for a token (reference sections 1.2 and 1.3).

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use linx_http::{Clock, Endpoint, Engine, Error, Grant, Token};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;

/// What the token endpoint answers. A refresh token does not come with this grant: a new token is asked for instead.
#[derive(Deserialize)]
pub(crate) struct TokenAnswer {
    access_token: String,
    /// Seconds; 5400 as documented.
    expires_in: u64,
}

/// The request for a token. Asking twice gives two good tokens, so it may be repeated.
pub(crate) fn token(client_id: &str, client_secret: &SecretString) -> Endpoint<TokenAnswer> {
    Endpoint::post("oauth/token")
        .form([
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", client_id.to_owned()),
            ("client_secret", client_secret.expose_secret().to_owned()),
        ])
        .repeatable()
}

/// Fetches tokens from the login host.
pub(crate) struct ClientCredentials {
    pub(crate) login: Engine,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) client_id: String,
    pub(crate) client_secret: SecretString,
}

#[async_trait]
impl Grant for ClientCredentials {
    async fn fetch(&self) -> Result<Token, Error> {
        // Its life is counted from before the request, so that it is never thought to last longer than it does.
        let asked_at = self.clock.now();
        let answer = self
            .login
            .send(&token(&self.client_id, &self.client_secret))
            .await?
            .value;
        Ok(Token {
            access: SecretString::from(answer.access_token),
            expires_at: asked_at + Duration::from_secs(answer.expires_in),
        })
    }
}

#[cfg(test)]
mod tests {
    use linx_http::Repeat;
    use linx_http::endpoint::Body;

    use super::*;

    #[test]
    fn a_token_is_asked_for_by_form_and_may_be_asked_for_again() {
        let request = token("an-app", &SecretString::from("a secret"));
        assert_eq!(request.operation(), "POST /oauth/token");
        assert_eq!(request.repeat(), Repeat::Idempotent);
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        assert_eq!(
            *request.body(),
            Body::Form(vec![
                pair("grant_type", "client_credentials"),
                pair("client_id", "an-app"),
                pair("client_secret", "a secret"),
            ])
        );
        assert!(!format!("{request:?}").contains("a secret"));
    }
}
