//! What every client is told alike: its way to the network, its time, and how careful it is.

use std::fmt;
use std::num::NonZeroU32;
use std::sync::Arc;

use url::Url;

use crate::clock::Clock;
use crate::engine::{Engine, EngineBuilder, OnWait};
use crate::error::{Error, ErrorKind};
use crate::rate_limit::RateLimiter;
use crate::retry::RetryPolicy;
use crate::transport::Transport;

/// The options that every client has.
///
/// A client's builder carries one of these, and [`client_option_setters!`](crate::client_option_setters) gives it the
/// methods that set them.
#[derive(Clone)]
#[non_exhaustive]
pub struct ClientOptions {
    /// What errors call the client, such as `Procore`.
    pub client: &'static str,
    /// The way to the network. Required.
    pub transport: Option<Arc<dyn Transport>>,
    /// Where the time comes from. Required.
    pub clock: Option<Arc<dyn Clock>>,
    /// How often and how long to try again.
    pub retry: RetryPolicy,
    /// Whether every write is refused before it is sent.
    pub read_only: bool,
    /// How many requests may leave in a second; `None` for as many as the service's own limits allow.
    pub max_requests_per_second: Option<NonZeroU32>,
    /// Who is told of waits.
    pub on_wait: Option<OnWait>,
}

impl ClientOptions {
    /// Returns the defaults for the client that errors call `client`.
    pub fn of(client: &'static str) -> Self {
        Self {
            client,
            transport: None,
            clock: None,
            retry: RetryPolicy::default(),
            read_only: false,
            max_requests_per_second: None,
            on_wait: None,
        }
    }

    /// Returns the error of a client that was not given `what` it needs.
    pub fn missing(&self, what: &str) -> Error {
        let detail = format!("the {} client was given no {what}", self.client);
        Error::not_applied(ErrorKind::Configuration, detail)
    }

    /// Returns what makes the engines of one client.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Configuration`] without a transport or a clock.
    pub fn engines(&self) -> Result<Engines, Error> {
        let transport = self.transport.clone().ok_or_else(|| self.missing("transport"))?;
        let clock = self.clock.clone().ok_or_else(|| self.missing("clock"))?;
        Ok(Engines {
            transport,
            clock,
            rate_limiter: Arc::new(match self.max_requests_per_second {
                Some(most) => RateLimiter::most_per_second(most),
                None => RateLimiter::default(),
            }),
            options: self.clone(),
        })
    }
}

/// Shows numbers and switches only.
impl fmt::Debug for ClientOptions {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientOptions")
            .field("retry", &self.retry)
            .field("read_only", &self.read_only)
            .field("max_requests_per_second", &self.max_requests_per_second)
            .finish_non_exhaustive()
    }
}

/// Makes the engines of one client: alike in all options, and with one limiter, since the server counts them as one.
pub struct Engines {
    options: ClientOptions,
    transport: Arc<dyn Transport>,
    clock: Arc<dyn Clock>,
    rate_limiter: Arc<RateLimiter>,
}

impl Engines {
    /// Returns the clock of the client.
    pub fn clock(&self) -> &Arc<dyn Clock> {
        &self.clock
    }

    /// Begins an engine for the part of the service at `base`.
    pub fn to(&self, base: Url) -> EngineBuilder {
        let builder = Engine::builder(base, Arc::clone(&self.transport), Arc::clone(&self.clock))
            .rate_limiter(Arc::clone(&self.rate_limiter))
            .retry(self.options.retry)
            .read_only(self.options.read_only);
        match &self.options.on_wait {
            Some(on_wait) => builder.on_wait(Arc::clone(on_wait)),
            None => builder,
        }
    }

    /// Begins an engine for the login at `base`. A login writes nothing of the account's data, so a client that only
    /// reads may log in too.
    pub fn to_login(&self, base: Url) -> EngineBuilder {
        self.to(base).read_only(false)
    }
}

/// Writes the setters of [`ClientOptions`](crate::ClientOptions) as methods of a builder, so that all clients are built
/// alike. Stands in the builder's `impl` block and is given the name of the field that holds the options.
#[macro_export]
macro_rules! client_option_setters {
    ($options:ident) => {
        /// Sets the way to the network: `linx_http::reqwest` has the real one. Required.
        #[must_use]
        pub fn transport(mut self, transport: ::std::sync::Arc<dyn $crate::Transport>) -> Self {
            self.$options.transport = ::std::option::Option::Some(transport);
            self
        }

        /// Sets where the time comes from: `linx_http::reqwest` has the system's. Required.
        #[must_use]
        pub fn clock(mut self, clock: ::std::sync::Arc<dyn $crate::Clock>) -> Self {
            self.$options.clock = ::std::option::Option::Some(clock);
            self
        }

        /// Sets how often and how long to try again. The default is four tries within seconds.
        #[must_use]
        pub fn retry(mut self, policy: $crate::RetryPolicy) -> Self {
            self.$options.retry = policy;
            self
        }

        /// Refuses every write before it is sent, with [`ErrorKind::ReadOnly`](::linx_http::ErrorKind::ReadOnly).
        #[must_use]
        pub fn read_only(mut self, read_only: bool) -> Self {
            self.$options.read_only = read_only;
            self
        }

        /// Lets at most this many requests leave in a second, of all parts of the service together. By default requests
        /// leave as fast as the service's own limits allow.
        #[must_use]
        pub fn max_requests_per_second(mut self, requests: ::std::num::NonZeroU32) -> Self {
            self.$options.max_requests_per_second = ::std::option::Option::Some(requests);
            self
        }

        /// Tells `on_wait` of every wait when it begins, be it for a rate limit or before another try.
        #[must_use]
        pub fn on_wait(mut self, on_wait: $crate::OnWait) -> Self {
            self.$options.on_wait = ::std::option::Option::Some(on_wait);
            self
        }
    };
}
