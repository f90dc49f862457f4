//! The one application that the sandbox knows, and the company that it is connected to.

use crate::ids::{CompanyId, UserId};

/// The client id of the application.
pub const SANDBOX_CLIENT_ID: &str = "linx-sandbox";
/// The client secret of the application. Not a secret at all: it opens nothing but this imitation.
pub const SANDBOX_CLIENT_SECRET: &str = "linx-sandbox-secret";
/// The only company that the application is connected to.
pub const SANDBOX_COMPANY_ID: CompanyId = CompanyId::new(562_949_953_421_001);
/// The user that the installation of the application made, and under whom it writes.
pub const SANDBOX_USER_ID: UserId = UserId::new(562_949_953_449_999);
