//! Requests on the paths that a [`WireProfile`](crate::WireProfile) names.

use linx_http::Endpoint;

/// Returns `endpoint` on a configured path (its slashes kept), followed by segments such as ids.
pub(crate) fn endpoint<T>(endpoint: Endpoint<T>, path: &[&str]) -> Endpoint<T> {
    match path {
        [] => endpoint,
        [configured, rest @ ..] => rest.iter().fold(endpoint.segments(configured), |endpoint, segment| {
            endpoint.segment(segment)
        }),
    }
}
