//! Links by hand: suggested, set, taken away; and what is left alone until that is lifted.
//!
//! Every change of them counts as a run, so that a plan which was made before it is refused (hazard B6).

mod check;
mod error;
mod names;

pub use crate::reconcile::accepted;
pub use error::LinkError;
pub use names::NamedPair;

use std::collections::{BTreeMap, BTreeSet};

use crate::ledger::{Direction, LedgerError, Link};
use crate::linx::{Linx, LinxError};
use crate::model::{Kind, OfficeRef, RecordId};
use crate::plan::Suggestion;
use crate::reconcile::{has_left, suggest};
use crate::settings::Import;
use check::checked;
use names::Names;

impl Linx {
    /// Returns the entities and records that pairs name. Reads both sides and writes nothing.
    ///
    /// Numbers are compared with all their zeros: `101` does not name who carries `00101`. Letters' case and blanks at the
    /// ends do not matter.
    ///
    /// # Errors
    ///
    /// [`LinkError::NotOne`] with the first name that nobody carries, or more than one; [`LinkError::Unseen`] when another
    /// may carry it; [`LinkError::Linx`] when a side or the ledger could not be read.
    pub async fn find_pairs(&self, pairs: &[NamedPair]) -> Result<Vec<(OfficeRef, RecordId)>, LinkError> {
        let imports: BTreeSet<Import> = Import::ALL.into();
        let links = self.ledger.links().await?;
        let office = self.fetch_office(&self.sync, &imports, &links).await?;
        let mut found = Vec::with_capacity(pairs.len());
        for kind in pairs.iter().map(|pair| pair.kind).collect::<BTreeSet<_>>() {
            let current = self.field.records(kind).await.map_err(LinxError::Field)?;
            let names = Names::new(&office.desired(kind, self.rules.as_ref(), &imports), &current.rows);
            for pair in pairs.iter().filter(|pair| pair.kind == kind) {
                let (entity, record) = (names.office(pair)?, names.field(pair)?);
                let in_part = |side, why: Option<&str>| Some((side, why?.to_owned()));
                let unseen = in_part("Procore", office.incomplete(entity));
                if let Some((side, why)) = unseen.or_else(|| in_part("ExakTime", current.incomplete.as_deref())) {
                    return Err(LinkError::Unseen { side, kind, why });
                }
                found.push((entity, record));
            }
        }
        Ok(found)
    }

    /// Returns every link, and what is ignored. Reads the ledger only.
    ///
    /// # Errors
    ///
    /// When the ledger could not be read.
    pub async fn links(&self) -> Result<(Vec<Link>, BTreeSet<OfficeRef>), LedgerError> {
        Ok((self.ledger.links().await?, self.ledger.ignored().await?))
    }

    /// Returns likely pairs for a person to confirm: what is neither linked nor found by its number, and looks alike. Reads
    /// both sides and writes nothing.
    ///
    /// # Errors
    ///
    /// When a whole list of either side, or the ledger, could not be read.
    pub async fn suggest_links(&self) -> Result<Vec<Suggestion>, LinxError> {
        let (links, ignored) = self.links().await?;
        let imports: BTreeSet<Import> = self.sync.import.iter().copied().collect();
        let office = self.fetch_office(&self.sync, &imports, &links).await?;
        let mut suggestions = Vec::new();
        for kind in Kind::IN_ORDER {
            let current = self.field.records(kind).await.map_err(LinxError::Field)?;
            let mut desired = office.desired(kind, self.rules.as_ref(), &imports);
            let has_left = has_left(&desired);
            desired.retain(|desired| !ignored.contains(&desired.office));
            let links: Vec<&Link> = links.iter().filter(|link| link.kind == kind).collect();
            suggestions.extend(suggest(&desired, &current.rows, &links, has_left));
        }
        Ok(suggestions)
    }

    /// Links each entity with its record, all or none. The values are compared at the next sync as for a record that
    /// was found by its identifier. Setting a link that stands already changes nothing. Returns how many are new.
    ///
    /// # Errors
    ///
    /// When one of the pairs cannot be linked, with the first such pair; when another run is at work; when ExakTime or the
    /// ledger failed. Nothing is linked then.
    pub async fn set_links(&self, pairs: &[(OfficeRef, RecordId)]) -> Result<usize, LinkError> {
        let lease = self.lease(Direction::Sync).await?;
        let links = self.ledger.links().await?;
        let mut records = BTreeMap::new();
        for kind in pairs.iter().map(|(office, _)| office.kind()).collect::<BTreeSet<_>>() {
            let current = self.field.records(kind).await.map_err(LinxError::Field)?;
            records.extend(current.rows.into_iter().map(|row| ((kind, row.id.clone()), row)));
        }
        let made = checked(pairs, &links, &records)?;
        let run = self.begin(&lease, None, "links").await?;
        self.ledger.remember_links(&made).await?;
        self.end(run, made.len(), 0, 0).await?;
        Ok(made.len())
    }

    /// Takes links away. The records stay as they are on both sides; an equal identifier links them again. Returns how
    /// many links there were.
    ///
    /// # Errors
    ///
    /// [`LedgerError::Busy`] when another run is at work, and when the ledger failed.
    pub async fn unlink(&self, entities: &[OfficeRef]) -> Result<usize, LedgerError> {
        let lease = self.lease(Direction::Sync).await?;
        let links = self.ledger.links().await?;
        let linked: Vec<OfficeRef> = links
            .iter()
            .map(|link| link.office)
            .filter(|office| entities.contains(office))
            .collect();
        if !linked.is_empty() {
            let run = self.begin(&lease, None, "links").await?;
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
        let lease = self.lease(Direction::Sync).await?;
        let ignored = self.ledger.ignored().await?;
        let new = distinct(entities, |office| !ignored.contains(office));
        if !new.is_empty() {
            let run = self.begin(&lease, None, "links").await?;
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
        let lease = self.lease(Direction::Sync).await?;
        let ignored = self.ledger.ignored().await?;
        let lifted = distinct(entities, |office| ignored.contains(office));
        if !lifted.is_empty() {
            let run = self.begin(&lease, None, "links").await?;
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
