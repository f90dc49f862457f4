//! Where Procore answers, and addresses out of text.

use linx_http::{Error, ErrorKind};
use url::Url;

/// The production host of the API (procore-api.md section 1.1).
pub const API_URL: &str = "https://api.procore.com";
/// The production host that gives tokens (procore-api.md section 1.1).
pub const LOGIN_URL: &str = "https://login.procore.com";

pub(crate) fn parse(address: &str) -> Result<Url, Error> {
    Url::parse(address)
        .map_err(|error| Error::not_applied(ErrorKind::Configuration, "the address is not a URL").caused_by(error))
}
