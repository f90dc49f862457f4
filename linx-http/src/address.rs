//! Base addresses: read from text, and checked before anything is sent to them.

use url::{Host, Url};

use crate::error::{Error, ErrorKind};

/// Reads a base address from text.
///
/// # Errors
///
/// [`ErrorKind::Configuration`] if `text` is not a URL.
pub fn parse(text: &str) -> Result<Url, Error> {
    Url::parse(text)
        .map_err(|error| Error::not_applied(ErrorKind::Configuration, "the address is not a URL").caused_by(error))
}

/// Checks that `base` can be the address of a service: HTTPS, or HTTP on this machine, and nothing but a place.
///
/// Keys and tokens travel with every request, so plain HTTP is for tests on loopback only. A login in the address would
/// be printed with it.
///
/// # Errors
///
/// [`ErrorKind::Configuration`] for another scheme, and for a login, a query or a fragment in the address.
pub fn check(base: &Url) -> Result<(), Error> {
    let refuse = |detail: &str| Err(Error::not_applied(ErrorKind::Configuration, detail));
    if base.scheme() != "https" && !(base.scheme() == "http" && is_loopback(base)) {
        return refuse("the address must begin with https:// (http:// only for this machine)");
    }
    if has_login(base) || base.query().is_some() || base.fragment().is_some() {
        return refuse("the address must have no login, no query and no fragment");
    }
    Ok(())
}

/// Whether the address carries a user name or a password.
pub(crate) fn has_login(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
