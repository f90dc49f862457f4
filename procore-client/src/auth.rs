//! Tokens: an application's own, and those that a person agreed to (procore-api.md sections 1.2 and 1.3).
//!
//! An application that a company installed as a data connection gets tokens by its id and secret alone:
//! [`crate::ClientBuilder::client_credentials`]. Where a person's rights are to count, the person agrees once in the
//! browser. A [`Login`] keeps the tokens that follow, and [`crate::ClientBuilder::login`] uses it.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use linx_http::{
    Clock, Endpoint, Engine, Error, ErrorKind, Grant, Refresh, StaticHeader, Token, TokenPair, TokenStore, Transport,
    address,
};
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use url::Url;

use crate::hosts::LOGIN_URL;

/// The redirect address by which Procore shows the code on a page instead of sending the browser anywhere.
pub const OUT_OF_BAND: &str = "urn:ietf:wg:oauth:2.0:oob";

/// The answer of the token endpoint.
#[derive(Deserialize)]
struct TokenAnswer {
    access_token: String,
    /// Seconds from now; 5400 as documented.
    expires_in: u64,
    /// Comes with a person's login only.
    #[serde(default)]
    refresh_token: Option<String>,
}

/// Nothing but the name: what it holds is secret.
impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAnswer").finish_non_exhaustive()
    }
}

/// An application as Procore's developer pages list it. `Debug` shows the id only.
#[derive(Clone)]
pub struct Application {
    /// The client id.
    pub client_id: String,
    /// The client secret.
    pub client_secret: SecretString,
    /// The address to which the browser goes with the code: one that the application declares, or [`OUT_OF_BAND`] for a
    /// program without a page of its own.
    pub redirect_uri: String,
}

/// The id only.
impl fmt::Debug for Application {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Application")
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// What Procore says of a token.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[non_exhaustive]
pub struct TokenInfo {
    /// The user that it acts for.
    #[serde(default)]
    pub resource_owner_id: Option<crate::ids::UserId>,
    /// Seconds until it ends.
    #[serde(default)]
    pub expires_in_seconds: Option<i64>,
}

/// Requests a token by an application's id and secret. Asking twice gives two good tokens, so it may be repeated.
fn token_of_application(client_id: &str, client_secret: &SecretString) -> Endpoint<TokenAnswer> {
    Endpoint::post("oauth/token")
        .carrying(0)
        .form([
            ("grant_type", "client_credentials".to_owned()),
            ("client_id", client_id.to_owned()),
            ("client_secret", client_secret.expose_secret().to_owned()),
        ])
        .idempotent()
}

/// Requests the first pair of tokens for a code. A code works once, so it is never repeated.
fn token_by_code(application: &Application, code: &str) -> Endpoint<TokenAnswer> {
    token_of_person(application, "authorization_code", ("code", code))
}

/// Requests the pair that follows a refresh token. A refresh token works once, so it is never repeated (hazard A9).
fn token_by_refresh(application: &Application, refresh: &SecretString) -> Endpoint<TokenAnswer> {
    token_of_person(application, "refresh_token", ("refresh_token", refresh.expose_secret()))
}

fn token_of_person(
    application: &Application,
    grant: &str,
    (name, value): (&'static str, &str),
) -> Endpoint<TokenAnswer> {
    Endpoint::post("oauth/token").carrying(0).form([
        ("grant_type", grant.to_owned()),
        (name, value.to_owned()),
        ("client_id", application.client_id.clone()),
        ("client_secret", application.client_secret.expose_secret().to_owned()),
        ("redirect_uri", application.redirect_uri.clone()),
    ])
}

/// Requests the end of a token and of the refresh token beside it. A dead token is answered with 200 too, so it may be
/// repeated.
fn revoke(application: &Application, token: &SecretString) -> Endpoint<serde_json::Value> {
    Endpoint::post("oauth/revoke")
        .carrying(0)
        .form([
            ("token", token.expose_secret().to_owned()),
            ("client_id", application.client_id.clone()),
            ("client_secret", application.client_secret.expose_secret().to_owned()),
        ])
        .idempotent()
}

/// Requests what the token in the header is.
fn info() -> Endpoint<TokenInfo> {
    Endpoint::get("oauth/token/info")
}

/// Fetches an application's own tokens.
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
        let request = token_of_application(&self.client_id, &self.client_secret);
        let answer = self.login.send(&request).await?.value;
        let expires_at = Token::end_of_life(asked_at, answer.expires_in);
        Ok(Token::new(answer.access_token.into(), expires_at))
    }
}

/// A person's login: the page to it, and the tokens that are kept of it.
///
/// Several processes may share the store. One of them refreshes at a time and stores the new pair before using it; the
/// others take what it stored (hazard A9).
pub struct Login {
    application: Application,
    address: Url,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    store: Arc<dyn TokenStore>,
    engine: Engine,
}

impl Login {
    /// The login of `application` at `address`, or at [`LOGIN_URL`] where that is `None`, kept in `store`. Sends
    /// nothing.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] where the address is neither HTTPS nor on this machine.
    pub fn new(
        application: Application,
        address: Option<Url>,
        transport: Arc<dyn Transport>,
        clock: Arc<dyn Clock>,
        store: Arc<dyn TokenStore>,
    ) -> Result<Self, Error> {
        let address = address.map_or_else(|| address::parse(LOGIN_URL), Ok)?;
        let engine = Engine::builder(address.clone(), Arc::clone(&transport), Arc::clone(&clock)).build()?;
        Ok(Self {
            application,
            address,
            transport,
            clock,
            store,
            engine,
        })
    }

    /// Returns the page on which a person agrees. `state` comes back with the code: compare the two, so that nobody can
    /// slip in a code of their own.
    pub fn page(&self, state: &str) -> Url {
        let mut page = self.address.clone();
        page.set_path(&format!(
            "{}/oauth/authorize",
            self.address.path().trim_end_matches('/')
        ));
        page.query_pairs_mut()
            .append_pair("response_type", "code")
            .append_pair("client_id", &self.application.client_id)
            .append_pair("redirect_uri", &self.application.redirect_uri)
            .append_pair("state", state);
        page
    }

    /// Turns the code that the page gave into a login, and keeps it. A code works once and for ten minutes.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unauthorized`] or [`ErrorKind::Rejected`] where the code is wrong, used or too old; otherwise as
    /// [every request](crate::guide::errors). An error of the store is passed on: the login is lost then, and the
    /// person has to agree once more.
    pub async fn complete(&self, code: &str) -> Result<(), Error> {
        let pair = self.pair(&token_by_code(&self.application, code)).await?;
        self.store.save(Some(&pair)).await
    }

    /// Returns what Procore says of the kept login; `None` where there is none.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unauthorized`] where the access token has ended: the next use of the login renews it. Otherwise as
    /// [every request](crate::guide::errors).
    pub async fn info(&self) -> Result<Option<TokenInfo>, Error> {
        let Some(pair) = self.store.load().await? else {
            return Ok(None);
        };
        let header = StaticHeader::new("authorization", "Bearer ", &pair.access)?;
        let engine = Engine::builder(
            self.address.clone(),
            Arc::clone(&self.transport),
            Arc::clone(&self.clock),
        )
        .credentials(Arc::new(header))
        .build()?;
        Ok(Some(engine.send(&info()).await?.value))
    }

    /// Ends the login on both sides. It is taken from the store first.
    ///
    /// # Errors
    ///
    /// As [every request](crate::guide::errors). The login is gone from the store even where Procore could not be
    /// reached.
    pub async fn logout(&self) -> Result<(), Error> {
        let Some(pair) = self.store.load().await? else {
            return Ok(());
        };
        self.store.save(None).await?;
        self.engine.send_raw(&revoke(&self.application, &pair.access)).await?;
        Ok(())
    }

    pub(crate) fn store(&self) -> Arc<dyn TokenStore> {
        Arc::clone(&self.store)
    }

    async fn pair(&self, request: &Endpoint<TokenAnswer>) -> Result<TokenPair, Error> {
        let asked_at: DateTime<Utc> = self.clock.now();
        let answer = self.engine.send(request).await?.value;
        let refresh = answer
            .refresh_token
            .ok_or_else(|| Error::applied(ErrorKind::Unreadable, "the answer has no refresh token"))?;
        let expires_at = Token::end_of_life(asked_at, answer.expires_in);
        Ok(TokenPair::new(answer.access_token.into(), refresh.into(), expires_at))
    }
}

#[async_trait]
impl Refresh for Login {
    async fn refresh(&self, spent: &SecretString) -> Result<TokenPair, Error> {
        self.pair(&token_by_refresh(&self.application, spent)).await
    }
}

/// The application only.
impl fmt::Debug for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Login")
            .field("application", &self.application)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use linx_http::RetrySafety;
    use linx_http::endpoint::Body;

    use super::*;

    fn application() -> Application {
        Application {
            client_id: "an-app".to_owned(),
            client_secret: "a secret".into(),
            redirect_uri: OUT_OF_BAND.to_owned(),
        }
    }

    fn form<T>(request: &Endpoint<T>) -> Vec<(&str, &str)> {
        let Body::Form(pairs) = request.body() else {
            panic!("a form was expected")
        };
        pairs
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect()
    }

    #[test]
    fn a_token_of_an_application_may_be_asked_for_again() {
        let request = token_of_application("an-app", &"a secret".into());
        assert_eq!(request.operation(), "POST /oauth/token");
        assert_eq!(request.retry_safety(), RetrySafety::Idempotent);
        assert_eq!(
            form(&request),
            [
                ("grant_type", "client_credentials"),
                ("client_id", "an-app"),
                ("client_secret", "a secret"),
            ]
        );
        assert!(!format!("{request:?}").contains("a secret"));
    }

    #[test]
    fn a9_codes_and_refresh_tokens_work_once_and_are_not_sent_again() {
        let by_code = token_by_code(&application(), "a code");
        let by_refresh = token_by_refresh(&application(), &"a token".into());
        assert_eq!(
            [by_code.retry_safety(), by_refresh.retry_safety()],
            [RetrySafety::Once; 2]
        );
        assert!(form(&by_code).contains(&("code", "a code")));
        assert!(form(&by_refresh).contains(&("refresh_token", "a token")));
        assert!(form(&by_refresh).contains(&("redirect_uri", OUT_OF_BAND)));
        assert_eq!(
            revoke(&application(), &"a token".into()).retry_safety(),
            RetrySafety::Idempotent
        );
    }

    /// Answers every request with one body.
    struct Answering(&'static str);

    #[async_trait]
    impl Transport for Answering {
        async fn send(
            &self,
            _: http::Request<bytes::Bytes>,
        ) -> Result<http::Response<bytes::Bytes>, linx_http::TransportError> {
            Ok(http::Response::new(bytes::Bytes::from_static(self.0.as_bytes())))
        }
    }

    #[tokio::test]
    async fn a18_a_token_that_outlives_every_calendar_is_taken_for_a_year() {
        let clock = Arc::new(linx_http::ManualClock::at(DateTime::UNIX_EPOCH));
        let year = DateTime::UNIX_EPOCH + chrono::TimeDelta::days(365);
        for body in [
            r#"{"access_token": "a", "refresh_token": "r", "expires_in": 8200000000000}"#,
            r#"{"access_token": "a", "refresh_token": "r", "expires_in": 18446744073709551615}"#,
        ] {
            let transport: Arc<dyn Transport> = Arc::new(Answering(body));
            let store = linx_http::MemoryTokenStore::default();
            let login = Login::new(
                application(),
                None,
                transport.clone(),
                clock.clone(),
                Arc::new(store.clone()),
            )
            .unwrap();
            login.complete("a code").await.unwrap();
            assert_eq!(store.load().await.unwrap().unwrap().expires_at, year);
            assert_eq!(login.refresh(&"r".into()).await.unwrap().expires_at, year);
            let url = address::parse(LOGIN_URL).unwrap();
            let grant = ClientCredentials {
                login: Engine::builder(url, transport, clock.clone()).build().unwrap(),
                clock: clock.clone(),
                client_id: "an-app".to_owned(),
                client_secret: "a secret".into(),
            };
            assert_eq!(grant.fetch().await.unwrap().expires_at, year);
        }
    }
}
