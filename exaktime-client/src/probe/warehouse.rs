//! What the columns of the warehouse are called.

use super::report::{Observed, Report};
use crate::client::Client;
use crate::schema::{SETS, WarehouseSchema};

impl Report {
    /// Looks for the columns of the warehouse; one that does not answer is a finding, no error.
    pub(super) async fn warehouse(&mut self, client: &Client) {
        let metadata = match client.metadata().await {
            Ok(metadata) => metadata,
            Err(error) => {
                let status = error
                    .status()
                    .map_or("no schema".to_owned(), |status| status.as_u16().to_string());
                return self.add("odata.$metadata", Observed::Unknown(status));
            }
        };
        let schema = WarehouseSchema::of(&metadata, &self.wire);
        let mut wire = schema.wire.clone();
        for (group, names) in wire.groups() {
            for (field, _) in names.into_iter().filter(|_| SETS.contains(&group)) {
                let concept = format!("{group}.{field}");
                let renamed = schema.renamed.iter().find(|renamed| renamed.concept == concept);
                let observed = match renamed {
                    Some(renamed) => Observed::Differs(format!("`{}`, not `{}`", renamed.after, renamed.before)),
                    None if schema.unmatched.contains(&concept)
                        || schema.unmatched.contains(&format!("{group}.set")) =>
                    {
                        Observed::Unknown("the schema has nothing of such a name".to_owned())
                    }
                    None => Observed::Holds,
                };
                self.add(concept, observed);
            }
        }
        self.wire = schema.wire;
    }
}
