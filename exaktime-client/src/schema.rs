//! What the data warehouse has, out of its `$metadata`, and which of the profile's concepts that covers.
//!
//! The columns are not published (exaktime-api.md section 6, row 14). A [`WarehouseSchema`] finds each concept's column
//! by the configured name, or by one that other systems of this kind use, and names what it does not find.

use std::collections::BTreeMap;

use linx_http::{Error, ErrorKind, endpoint::Raw};

use crate::client::Client;
use crate::request::endpoint;
use crate::wire::WireProfile;

/// The entity sets of an OData service and the properties of each.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Metadata {
    /// By the name of the entity set: its properties, each with its type, such as `Edm.Int64`.
    pub sets: BTreeMap<String, BTreeMap<String, String>>,
}

/// Why a text is no schema: where it stops being XML, or what it lacks. No content (hazard A14).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct MetadataError(String);

/// Which columns of the warehouse the concepts of a [`WireProfile`] are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WarehouseSchema {
    /// The profile with the name of every column that was found; the others keep the name that was looked for.
    pub wire: WireProfile,
    /// Concepts without a column, such as `time_record.comment`; or without an entity set: `shift.set`.
    pub unmatched: Vec<String>,
    /// Concepts whose column has another name than was taken for granted.
    pub renamed: Vec<Renamed>,
}

/// A concept whose column has another name than was taken for granted.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Renamed {
    /// The field of the profile, such as `time_record.person`.
    pub concept: String,
    /// The name that was taken for granted.
    pub before: String,
    /// The name that the warehouse has.
    pub after: String,
}

/// The groups of the profile that are entity sets.
pub(crate) const SETS: [&str; 7] = [
    "time_record",
    "hour_group",
    "punch",
    "shift",
    "approval",
    "pay_period",
    "pay_period_approval",
];

impl Metadata {
    /// Reads CSDL, the XML of `$metadata` (OData 4), and returns what it names. Properties that an entity type inherits
    /// are among its own.
    ///
    /// # Errors
    ///
    /// If it is no XML, or names no entity set.
    pub fn read(xml: &str) -> Result<Self, MetadataError> {
        let document = roxmltree::Document::parse(xml)
            .map_err(|error| MetadataError(format!("it is no XML at {}", error.pos())))?;
        let named = |kind: &'static str| {
            let nodes = document
                .descendants()
                .filter(move |node| node.tag_name().name() == kind);
            nodes.filter_map(|node| Some((node.attribute("Name")?, node)))
        };
        let last = |text: &str| text.rsplit('.').next().unwrap_or(text).to_owned();
        let mut types: BTreeMap<&str, (BTreeMap<String, String>, Option<String>)> = BTreeMap::new();
        for (name, node) in named("EntityType") {
            let properties = node.children().filter(|child| child.tag_name().name() == "Property");
            let properties = properties
                .filter_map(|child| Some((child.attribute("Name")?.to_owned(), child.attribute("Type")?.to_owned())));
            types.insert(name, (properties.collect(), node.attribute("BaseType").map(last)));
        }
        let mut sets = BTreeMap::new();
        for (name, node) in named("EntitySet") {
            let mut properties = BTreeMap::new();
            let mut next = node.attribute("EntityType").map(last);
            // A type that is its own ancestor ends after as many steps as there are types.
            for _ in 0..types.len() {
                let Some((own, base)) = next.as_deref().and_then(|name| types.get(name)) else {
                    break;
                };
                properties.extend(own.clone());
                next.clone_from(base);
            }
            sets.insert(name.to_owned(), properties);
        }
        if sets.is_empty() {
            return Err(MetadataError("it names no entity set".to_owned()));
        }
        Ok(Self { sets })
    }
}

impl WarehouseSchema {
    /// Looks for each concept of `wire` in what the warehouse has: by its configured name, then by others that are in
    /// use for it, without regard to case and underscores.
    pub fn of(metadata: &Metadata, wire: &WireProfile) -> Self {
        let mut schema = Self {
            wire: wire.clone(),
            unmatched: Vec::new(),
            renamed: Vec::new(),
        };
        for (group, mut names) in schema.wire.groups() {
            if !SETS.contains(&group) {
                continue;
            }
            let set = names.remove(0).1;
            let Some(columns) = found(metadata.sets.keys(), set).and_then(|name| metadata.sets.get_key_value(name))
            else {
                schema.unmatched.push(format!("{group}.set"));
                continue;
            };
            let taken: Vec<&String> = columns.1.keys().collect();
            set.clone_from(columns.0);
            for (field, name) in names {
                let concept = format!("{group}.{field}");
                match column(&concept, name, &taken) {
                    None => schema.unmatched.push(concept),
                    Some(there) if there == *name => {}
                    Some(there) => {
                        let before = std::mem::replace(name, there.clone());
                        schema.renamed.push(Renamed {
                            concept,
                            before,
                            after: there,
                        });
                    }
                }
            }
        }
        schema
    }
}

/// The name among `there` that is `name`, but for case and underscores.
fn found<'a>(there: impl IntoIterator<Item = &'a String>, name: &str) -> Option<&'a String> {
    let plain = |text: &str| text.replace('_', "").to_lowercase();
    there.into_iter().find(|present| plain(present) == plain(name))
}

/// What `concept` is called among `there`: `name`, or another of the names in use.
pub(crate) fn column(concept: &str, name: &str, there: &[&String]) -> Option<String> {
    let (group, field) = concept.split_once('.')?;
    let others = NAMES.iter().filter(|(groups, known, _)| {
        *known == field && (groups.is_empty() || groups.split(' ').any(|known| known == group))
    });
    let others = others.flat_map(|(.., names)| names.split(' '));
    std::iter::once(name)
        .chain(others)
        .find_map(|name| found(there.iter().copied(), name))
        .cloned()
}

/// By which other names a concept goes: groups (blank for all), field, names.
const NAMES: [(&str, &str, &str); 38] = [
    ("", "person", "UserId EmployeeId DwUserId"),
    ("person", "id", "userId employeeId id"),
    ("location", "id", "siteId jobsiteId id"),
    ("cost_code", "id", "activityId id"),
    ("cost_type", "id", "id"),
    ("job", "id", "id"),
    ("department", "id", "id"),
    ("job_code", "id", "id"),
    ("pay_schedule", "id", "id"),
    ("", "first_name", "givenName"),
    ("", "last_name", "familyName surname"),
    ("", "work_email", "email emailAddress"),
    ("person", "identifier", "employeeNumber employeeId"),
    ("", "identifier", "number code externalId"),
    ("", "username", "login loginName"),
    ("", "is_deleted", "deleted"),
    ("", "is_contractor", "contractor"),
    ("", "status", "employmentStatus"),
    ("", "job_title", "title"),
    ("", "name", "locationName jobName title description"),
    ("", "latitude", "lat"),
    ("", "longitude", "lng lon long"),
    ("", "is_active", "active enabled"),
    ("", "is_time_and_attendance", "timeAndAttendance"),
    ("", "line1", "street1 address1 street"),
    ("", "line2", "street2 address2"),
    ("", "postal_code", "zip zipCode"),
    ("", "start", "StartDateTime StartPunchTime InTime"),
    ("", "stop", "StopDateTime EndTime EndDateTime OutTime"),
    ("", "end", "EndDateTime StopTime"),
    ("time_record", "regular", "Regular RegHours"),
    ("time_record", "overtime", "OT1 OvertimeHours"),
    ("time_record", "double_time", "OT2 DoubleTimeHours"),
    ("", "comment", "Comments Note Notes"),
    ("", "kind", "ApprovalLevel PayPeriodType"),
    ("", "is_closed", "Closed"),
    ("", "at", "PunchDateTime"),
    ("hour_group", "group", "HourType HourCode"),
];

impl Client {
    /// Returns what the warehouse has. One request; reads, may be repeated.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unreadable`] if the answer is no schema.
    pub async fn metadata(&self) -> Result<Metadata, Error> {
        let ask = endpoint::<Raw>(linx_http::Endpoint::get("$metadata"), &[]);
        let answer = self.odata().send_raw(&ask).await?;
        let unreadable = |detail: String| Error::not_applied(ErrorKind::Unreadable, detail).during(ask.operation());
        let xml = std::str::from_utf8(answer.body()).map_err(|_| unreadable("the schema is not UTF-8".to_owned()))?;
        Metadata::read(xml).map_err(|detail| unreadable(format!("the schema could not be read: {detail}")))
    }

    /// Returns which columns of the warehouse the concepts of this client's profile are. One request; reads, may be
    /// repeated.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Unreadable`] if the answer is no schema.
    pub async fn warehouse_schema(&self) -> Result<WarehouseSchema, Error> {
        Ok(WarehouseSchema::of(&self.metadata().await?, self.wire()))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const XML: &str = r#"<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx"><edmx:DataServices>
        <Schema Namespace="Dw" xmlns="http://docs.oasis-open.org/odata/ns/edm">
          <EntityType Name="Row"><Property Name="USER_ID" Type="Edm.Int64"/></EntityType>
          <EntityType Name="Record" BaseType="Dw.Row"><Property Name="WorkDate" Type="Edm.Date"/></EntityType>
          <EntityType Name="Loop" BaseType="Dw.Loop"/>
          <EntityContainer Name="C">
            <EntitySet Name="DwTimeRecords" EntityType="Dw.Record"/><EntitySet Name="L" EntityType="Dw.Loop"/>
          </EntityContainer></Schema></edmx:DataServices></edmx:Edmx>"#;

    #[test]
    fn concepts_are_found_by_name_and_the_others_are_named() {
        let metadata = Metadata::read(XML).unwrap();
        assert_eq!(metadata.sets["DwTimeRecords"]["USER_ID"], "Edm.Int64");
        let schema = WarehouseSchema::of(&metadata, &WireProfile::default());
        assert_eq!(schema.wire.time_record.person, "USER_ID");
        assert_eq!(schema.wire.time_record.work_date, "WorkDate");
        assert!(schema.unmatched.contains(&"time_record.regular".to_owned()));
        assert!(schema.unmatched.contains(&"shift.set".to_owned()));
        assert!(!schema.unmatched.contains(&"time_record.person".to_owned()));
        let renamed = Renamed {
            concept: "time_record.person".to_owned(),
            before: "PersonId".to_owned(),
            after: "USER_ID".to_owned(),
        };
        assert_eq!(schema.renamed, [renamed]);
    }

    #[test]
    fn a14_what_is_no_schema_is_an_error_without_its_content() {
        let error = Metadata::read("<html>secret").unwrap_err().to_string();
        assert!(!error.contains("secret"), "{error}");
        assert_eq!(
            Metadata::read("<html/>").unwrap_err().to_string(),
            "it names no entity set"
        );
    }

    proptest! {
        #[test]
        fn no_schema_panics(cut in 0..XML.len(), text in ".{0,30}") {
            let _ = Metadata::read(&text);
            let mut xml = XML.to_owned();
            if xml.is_char_boundary(cut) {
                xml.insert_str(cut, &text);
                let _ = Metadata::read(&xml).map(|metadata| WarehouseSchema::of(&metadata, &WireProfile::default()));
            }
        }
    }
}
