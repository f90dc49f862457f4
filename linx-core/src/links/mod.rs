//! Links by hand: suggested, set, taken away; and what is left alone until that is lifted.
//!
//! Every change of them counts as a run, so that a plan which was made before it is refused (hazard B6).

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{Direction, LedgerError, Link};
use crate::linx::{Linx, LinxError};
use crate::mapping::{Desired, MappingRules, Ruling};
use crate::model::{Attribute, Attributes, Kind, OfficeRef, Record, RecordId};
use crate::plan::Suggestion;
pub use crate::reconcile::accepted;
use crate::reconcile::{normal, suggest};
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
        field: RecordId,
    },
    /// The service keeps that record for itself.
    #[error("{office}: {field} belongs to the service itself")]
    Protected {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: RecordId,
    },
    /// Another entity is linked with it.
    #[error("{office}: {field} is linked with {other}; unlink that first")]
    Taken {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: RecordId,
        /// What is linked with it now.
        other: OfficeRef,
    },
    /// The entity is linked with another record, or another row links it with one.
    #[error("{office}: it is linked with {other}, and {field} would take its place; unlink it first")]
    Linked {
        /// Procore's entity.
        office: OfficeRef,
        /// What it was to be linked with.
        field: RecordId,
        /// What it is linked with.
        other: RecordId,
    },
    /// A number or code that not exactly one carries (hazard C4).
    #[error("{side} has {found} {kind} records by the number or code `{given}`, and one is wanted")]
    NotOne {
        /// Which side.
        side: &'static str,
        /// What it is.
        kind: Kind,
        /// The number or code.
        given: String,
        /// How many carry it.
        found: usize,
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

/// A pair as a company has it written down: by the numbers and codes that people know, or by ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NamedPair {
    /// What it is.
    pub kind: Kind,
    /// The number or code in Procore, as the rules name it, or a reference such as `worker:12`.
    pub office: String,
    /// The identifier in ExakTime, or ExakTime's id.
    pub field: String,
}

impl Linx {
    /// The entities and records that pairs name. Reads both sides and writes nothing. Errors with the first name that not
    /// exactly one carries: letters' case and blanks at the ends aside, numbers are compared with all their zeros.
    pub async fn find_pairs(
        &self,
        settings: &SyncSettings,
        pairs: &[NamedPair],
    ) -> Result<Vec<(OfficeRef, RecordId)>, LinkError> {
        let imports: BTreeSet<Import> = Import::ALL.into();
        let links = self.ledger.links().await?;
        let office = self.fetch_office(settings, &imports, &links).await?;
        let mut found = Vec::with_capacity(pairs.len());
        for kind in pairs.iter().map(|pair| pair.kind).collect::<BTreeSet<_>>() {
            let current = self.field.records(kind).await.map_err(LinxError::Field)?;
            let names = Names::new(&office.desired(kind, self.rules.as_ref(), &imports), &current.rows);
            for pair in pairs.iter().filter(|pair| pair.kind == kind) {
                found.push((names.office(pair)?, names.field(pair)?));
            }
        }
        Ok(found)
    }

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
    pub async fn set_links(&self, pairs: &[(OfficeRef, RecordId)]) -> Result<usize, LinkError> {
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
    ///
    /// Gives how many there were.
    pub async fn unlink(&self, entities: &[OfficeRef]) -> Result<usize, LedgerError> {
        let _lease = self.ledger.lease(Direction::Sync).await?;
        let links = self.ledger.links().await?;
        let linked: Vec<OfficeRef> = links
            .iter()
            .map(|link| link.office)
            .filter(|office| entities.contains(office))
            .collect();
        if !linked.is_empty() {
            let run = self.begin(Direction::Sync, None, "links").await?;
            self.ledger.forget_links(&linked).await?;
            self.end(run, 0, 0, 0).await?;
        }
        Ok(linked.len())
    }

    /// Leaves entities alone from now on, and returns for how many that is new.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Busy`] while a sync is at work, or what the store beneath fails with.
    pub async fn ignore(&self, entities: &[OfficeRef]) -> Result<usize, LedgerError> {
        let _lease = self.ledger.lease(Direction::Sync).await?;
        let ignored = self.ledger.ignored().await?;
        let new = distinct(entities, |office| !ignored.contains(office));
        if !new.is_empty() {
            let run = self.begin(Direction::Sync, None, "links").await?;
            self.ledger.ignore(&new).await?;
            self.end(run, 0, 0, 0).await?;
        }
        Ok(new.len())
    }

    /// Leaves entities alone no longer, and returns how many were.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Busy`] while a sync is at work, or what the store beneath fails with.
    pub async fn unignore(&self, entities: &[OfficeRef]) -> Result<usize, LedgerError> {
        let _lease = self.ledger.lease(Direction::Sync).await?;
        let ignored = self.ledger.ignored().await?;
        let lifted = distinct(entities, |office| ignored.contains(office));
        if !lifted.is_empty() {
            let run = self.begin(Direction::Sync, None, "links").await?;
            self.ledger.unignore(&lifted).await?;
            self.end(run, 0, 0, 0).await?;
        }
        Ok(lifted.len())
    }
}

/// The entities that are wanted, each once.
fn distinct(entities: &[OfficeRef], wanted: impl Fn(&OfficeRef) -> bool) -> Vec<OfficeRef> {
    let distinct: BTreeSet<OfficeRef> = entities.iter().copied().filter(wanted).collect();
    distinct.into_iter().collect()
}

/// Who carries which number or code, of one kind.
struct Names {
    office: BTreeMap<String, Vec<OfficeRef>>,
    field: BTreeMap<String, Vec<RecordId>>,
    ids: BTreeSet<RecordId>,
}

impl Names {
    fn new(desired: &[Desired], current: &[Record]) -> Self {
        let mut names = Self {
            office: BTreeMap::new(),
            field: BTreeMap::new(),
            ids: current.iter().map(|record| record.id.clone()).collect(),
        };
        for one in desired {
            if let Ruling::Becomes(attributes) = &one.ruling
                && let Some(identifier) = attributes.get(Attribute::Identifier)
            {
                names
                    .office
                    .entry(normal(identifier).into_owned())
                    .or_default()
                    .push(one.office);
            }
        }
        for record in current {
            if let Some(identifier) = record.attributes.get(Attribute::Identifier) {
                names
                    .field
                    .entry(normal(identifier).into_owned())
                    .or_default()
                    .push(record.id.clone());
            }
        }
        names
    }

    fn office(&self, pair: &NamedPair) -> Result<OfficeRef, LinkError> {
        if let Ok(reference) = pair.office.parse::<OfficeRef>() {
            return Ok(reference);
        }
        only("Procore", pair.kind, &pair.office, &self.office)
    }

    fn field(&self, pair: &NamedPair) -> Result<RecordId, LinkError> {
        let id = RecordId(pair.field.as_str().into());
        if self.ids.contains(&id) {
            return Ok(id);
        }
        only("ExakTime", pair.kind, &pair.field, &self.field)
    }
}

/// The one that carries a number or code.
fn only<T: Clone>(
    side: &'static str,
    kind: Kind,
    given: &str,
    carriers: &BTreeMap<String, Vec<T>>,
) -> Result<T, LinkError> {
    let carriers = carriers
        .get(normal(given).as_ref())
        .map(Vec::as_slice)
        .unwrap_or_default();
    match carriers {
        [one] => Ok(one.clone()),
        _ => Err(LinkError::NotOne {
            side,
            kind,
            given: given.to_owned(),
            found: carriers.len(),
        }),
    }
}

fn of_kind(
    office: &OfficeLists,
    kind: Kind,
    current: &[Record],
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
    pairs: &[(OfficeRef, RecordId)],
    links: &[Link],
    records: &BTreeMap<(Kind, RecordId), Record>,
) -> Result<Vec<Link>, LinkError> {
    let mut taken: BTreeMap<(Kind, &RecordId), OfficeRef> = links
        .iter()
        .map(|link| ((link.kind, &link.record), link.office))
        .collect();
    // A link whose record is gone may be replaced.
    let standing = links
        .iter()
        .filter(|link| records.contains_key(&(link.kind, link.record.clone())));
    let mut linked: BTreeMap<OfficeRef, &RecordId> = standing.map(|link| (link.office, &link.record)).collect();
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
        if let Some(other) = linked.insert(office, field).filter(|other| *other != field) {
            return Err(LinkError::Linked {
                office,
                field: field_of(),
                other: other.clone(),
            });
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
                record: field_of(),
                base: Attributes::default(),
            }),
        }
    }
    Ok(made)
}
