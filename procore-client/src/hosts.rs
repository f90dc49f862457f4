//! Where Procore answers.

/// The production host of the API (procore-api.md section 1.1).
pub const API_URL: &str = "https://api.procore.com";
/// The production host that gives tokens (procore-api.md section 1.1).
pub const LOGIN_URL: &str = "https://login.procore.com";
