//! Where Procore answers.

/// The production host of the API (procore-api.md section 1.1). A sandbox of Procore's has another.
pub const API_URL: &str = "https://api.procore.com";
/// The production host that issues tokens (procore-api.md section 1.1). Tokens do not work across environments.
pub const LOGIN_URL: &str = "https://login.procore.com";
