//! Links by hand: suggested, set, taken away; and what is left alone until that is lifted.
//!
//! Every change of them counts as a run, so that a plan which was made before it is refused (hazard B6).

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{Direction, LedgerError, Link};
use crate::linx::{Linx, LinxError};
use crate::mapping::MappingRules;
use crate::model::{FieldId, FieldRecord, Fields, Kind, OfficeRef};
use crate::reconcile::{Suggestion, suggest};
use crate::settings::{Import, SyncSettings};
use crate::sync::OfficeLists;

/// A link that cannot be made.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum LinkError {
    /// ExakTime has no such record of that kind.
    #[error("{office}: ExakTime has no {} {field}", .office.kind())]
    NoRecord {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: FieldId,
    },
    /// The service keeps that record for itself.
    #[error("{office}: {field} belongs to the service itself")]
    Protected {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: FieldId,
    },
    /// Another entity is linked with it.
    #[error("{office}: {field} is linked with {other}; unlink that first")]
    Taken {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: FieldId,
        /// What is linked with it now.
        other: OfficeRef,
    },
    /// The sides or the ledger could not be used.
    #[error(transparent)]
    Linx(#[from] LinxError),
}

impl From<LedgerError> for LinkError {
    fn from(error: LedgerError) -> Self {
        Self::Linx(error.into())
    }
}

impl Linx {
    /// Every link, and what is ignored. Reads the ledger only.
    pub async fn links(&self) -> Result<(Vec<Link>, BTreeSet<OfficeRef>), LedgerError> {
        Ok((self.ledger.links().await?, self.ledger.ignored().await?))
    }

    /// Likely pairs for a person to confirm. Reads both sides and writes nothing.
    pub async fn suggest_links(&self, settings: &SyncSettings) -> Result<Vec<Suggestion>, LinxError> {
        let (links, ignored) = self.links().await?;
        let imports: BTreeSet<Import> = settings.import.iter().copied().collect();
        let office = self.fetch_office(settings, &imports, &links).await?;
        let mut suggestions = Vec::new();
        for kind in Kind::IN_ORDER {
            let current = self.field.records(kind).await.map_err(LinxError::Field)?;
            suggestions.extend(of_kind(
                &office,
                kind,
                &current.rows,
                &links,
                &ignored,
                self.rules.as_ref(),
                &imports,
            ));
        }
        Ok(suggestions)
    }

    /// Links each entity with its record, all or none. The values are compared at the next sync as for a record that
    /// was found by its identifier. Setting a link that stands already changes nothing.
    pub async fn set_links(&self, pairs: &[(OfficeRef, FieldId)]) -> Result<usize, LinkError> {
        let _lease = self.ledger.lease(Direction::Sync).await?;
        let links = self.ledger.links().await?;
        let mut records = BTreeMap::new();
        for kind in pairs.iter().map(|(office, _)| office.kind()).collect::<BTreeSet<_>>() {
            let current = self.field.records(kind).await.map_err(LinxError::Field)?;
            records.extend(current.rows.into_iter().map(|row| ((kind, row.id.clone()), row)));
        }
        let made = checked(pairs, &links, &records)?;
        let run = self.begin(Direction::Sync, None, "links").await?;
        self.ledger.remember_links(&made).await?;
        self.end(run, made.len(), 0, 0).await?;
        Ok(made.len())
    }

    /// Takes links away. The records stay as they are on both sides; an equal identifier links them again.
    pub async fn unlink(&self, entities: &[OfficeRef]) -> Result<(), LedgerError> {
        let _lease = self.ledger.lease(Direction::Sync).await?;
        let run = self.begin(Direction::Sync, None, "links").await?;
        self.ledger.forget_links(entities).await?;
        self.end(run, 0, 0, 0).await
    }

    /// Leaves entities alone from now on, or (`ignored` false) no longer.
    pub async fn ignore(&self, entities: &[OfficeRef], ignored: bool) -> Result<(), LedgerError> {
        let _lease = self.ledger.lease(Direction::Sync).await?;
        let run = self.begin(Direction::Sync, None, "links").await?;
        self.ledger.ignore(entities, ignored).await?;
        self.end(run, 0, 0, 0).await
    }
}

fn of_kind(
    office: &OfficeLists,
    kind: Kind,
    current: &[FieldRecord],
    links: &[Link],
    ignored: &BTreeSet<OfficeRef>,
    rules: &dyn MappingRules,
    imports: &BTreeSet<Import>,
) -> Vec<Suggestion> {
    let mut desired = office.desired(kind, rules, imports);
    desired.retain(|desired| !ignored.contains(&desired.office));
    let links: Vec<&Link> = links.iter().filter(|link| link.kind == kind).collect();
    suggest(&desired, current, &links)
}

/// The links to be stored, without those that stand.
fn checked(
    pairs: &[(OfficeRef, FieldId)],
    links: &[Link],
    records: &BTreeMap<(Kind, FieldId), FieldRecord>,
) -> Result<Vec<Link>, LinkError> {
    let mut taken: BTreeMap<(Kind, &FieldId), OfficeRef> = links
        .iter()
        .map(|link| ((link.kind, &link.field), link.office))
        .collect();
    let mut made = Vec::new();
    for (office, field) in pairs {
        let (office, kind) = (*office, office.kind());
        let field_of = || field.clone();
        match records.get(&(kind, field.clone())) {
            None => {
                return Err(LinkError::NoRecord {
                    office,
                    field: field_of(),
                });
            }
            Some(record) if record.protected => {
                return Err(LinkError::Protected {
                    office,
                    field: field_of(),
                });
            }
            Some(_) => {}
        }
        match taken.insert((kind, field), office) {
            Some(other) if other == office => {}
            Some(other) => {
                return Err(LinkError::Taken {
                    office,
                    field: field_of(),
                    other,
                });
            }
            None => made.push(Link {
                office,
                kind,
                field: field_of(),
                base: Fields::default(),
            }),
        }
    }
    Ok(made)
}
