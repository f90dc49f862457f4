//! Time zones by name: IANA's, and Procore's own names for them (hazards D3, D4).
//!
//! Names only, no offsets: the offsets that Procore prints beside its names are not all right (Hawaii's is an hour
//! off).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::zone_tables::{PARTED, PROCORE_NAMES, STATES};
use super::{Address, Project};

/// A zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

/// A time of the clock at a place that stands for no instant, or for two (hazards D1, D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LocalTimeError {
    /// The clocks skipped it.
    Nonexistent,
    /// The clocks showed it twice: at these instants, the earlier first.
    Ambiguous(DateTime<Utc>, DateTime<Utc>),
}

impl Zone {
    /// Returns IANA's name, such as `America/Denver`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Returns what a clock in this zone shows at an instant.
    pub fn clock(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// The one instant at which the clock at the place shows this.
    pub(crate) fn instant(self, clock: NaiveDateTime) -> Result<DateTime<Utc>, LocalTimeError> {
        match self.0.from_local_datetime(&clock) {
            chrono::LocalResult::Single(time) => Ok(time.to_utc()),
            chrono::LocalResult::Ambiguous(one, other) => Err(LocalTimeError::Ambiguous(one.to_utc(), other.to_utc())),
            chrono::LocalResult::None => Err(LocalTimeError::Nonexistent),
        }
    }

    /// The first instant of a day; where the clocks skip midnight, the day begins later.
    pub(crate) fn midnight(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        (0..24).find_map(|hour| match self.instant(day.and_hms_opt(hour, 0, 0)?) {
            Ok(instant) | Err(LocalTimeError::Ambiguous(instant, _)) => Some(instant),
            Err(LocalTimeError::Nonexistent) => None,
        })
    }

    /// Whether both show the same time in winter and in summer of a year, as a name and its older spelling do.
    fn keeps_time_of(self, other: Tz, year: i32) -> bool {
        let offsets = |zone: Tz| {
            [1, 7].map(|month| {
                let noon = NaiveDate::from_ymd_opt(year, month, 15)?.and_hms_opt(12, 0, 0)?;
                Some(zone.offset_from_utc_datetime(&noon).fix())
            })
        };
        offsets(self.0) == offsets(other)
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// Why a place has no zone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ZoneError {
    /// Neither IANA nor Procore has this name.
    #[error("`{0}` is no time zone that IANA or Procore knows")]
    Unknown(String),
    /// Neither the project nor the company's settings name one.
    #[error("neither the project nor export.time_zone names a time zone")]
    Missing,
}

impl FromStr for Zone {
    type Err = ZoneError;

    /// Finds a zone by IANA's name, such as `America/Denver`, or by Procore's, such as `Mountain Time (US & Canada)`,
    /// as written but for blanks at the ends.
    fn from_str(name: &str) -> Result<Self, ZoneError> {
        let name = name.trim();
        let procores = || {
            PROCORE_NAMES
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, zone)| *zone)
        };
        name.parse::<Tz>()
            .ok()
            .or_else(procores)
            .map(Self)
            .ok_or_else(|| ZoneError::Unknown(name.to_owned()))
    }
}

impl Ord for Zone {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.name().cmp(other.name())
    }
}

impl PartialOrd for Zone {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Serialize for Zone {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

impl<'de> Deserialize<'de> for Zone {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Who named the zone of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ZoneSource {
    /// The project names it.
    Project,
    /// The company's settings name it, for projects that name none.
    Company,
}

/// The zone of a place, and where it was learnt (hazard D3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlaceZone {
    /// The zone by which clock times at the place are read.
    pub zone: Zone,
    /// Who named it.
    pub source: ZoneSource,
}

impl PlaceZone {
    /// Returns the zone of a project; the company's stands in where the project names none.
    ///
    /// # Errors
    ///
    /// [`ZoneError::Unknown`] where the project names a zone that nobody knows: the company's does not stand in for it,
    /// since it is likely another one. [`ZoneError::Missing`] where neither names a zone.
    pub fn of(project: &Project, company: Option<Zone>) -> Result<Self, ZoneError> {
        let named = project.time_zone.as_deref().filter(|name| !name.trim().is_empty());
        let (zone, source) = match (named, company) {
            (Some(name), _) => (name.parse()?, ZoneSource::Project),
            (None, Some(zone)) => (zone, ZoneSource::Company),
            (None, None) => return Err(ZoneError::Missing),
        };
        Ok(Self { zone, source })
    }
}

/// Returns the version of IANA's zone data within this program, such as `2025b`. Plans and reports name it, since a
/// newer one may tell another time (hazard D4).
pub fn zone_data_version() -> &'static str {
    chrono_tz::IANA_TZDB_VERSION
}

/// The zones of a state or province, if `zone` is none of them in that year. Only the United States and Canada are
/// known.
pub(crate) fn contradicts(zone: Zone, address: &Address, year: i32) -> Option<Vec<Zone>> {
    let country = address.country.as_deref().unwrap_or("US").trim().to_uppercase();
    if !["US", "USA", "UNITED STATES", "CA", "CAN", "CANADA", ""].contains(&country.as_str()) {
        return None;
    }
    let state = address.state.as_deref()?.trim().to_uppercase();
    let (_, zones) = STATES
        .iter()
        .find(|(states, _)| states.split(' ').any(|known| known == state))?;
    let parted = PARTED.contains(&(state.as_str(), zone.0));
    let agrees = !parted && zones.iter().any(|known| zone.keeps_time_of(*known, year));
    (!agrees).then(|| zones.iter().copied().map(Zone).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::ProjectId;

    fn zone(name: &str) -> Zone {
        name.parse().unwrap()
    }

    fn project(time_zone: Option<&str>) -> Project {
        Project {
            number: None,
            time_zone: time_zone.map(Into::into),
            ..Project::of(ProjectId(316), "", "Tower")
        }
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().unwrap()
    }

    #[test]
    fn d4_names_of_procore_and_of_iana_are_zones_and_others_are_errors() {
        for (name, iana) in [
            ("Pacific Time (US & Canada)", "America/Los_Angeles"),
            ("Hawaii", "Pacific/Honolulu"),
            ("Arizona", "America/Phoenix"),
            ("Indiana (East)", "America/Indiana/Indianapolis"),
            ("America/Chicago", "America/Chicago"),
            (" US/Eastern ", "US/Eastern"),
        ] {
            assert_eq!(name.parse::<Zone>().map(Zone::name), Ok(iana), "{name}");
        }
        for name in [
            "Pacific Time",
            "(GMT-08:00) Pacific Time (US & Canada)",
            "PST8",
            "",
            "-08:00",
        ] {
            assert_eq!(name.parse::<Zone>(), Err(ZoneError::Unknown(name.into())));
        }
        // Ten hours behind, and not the eleven that Procore prints.
        let noon = "2026-07-01T12:00:00Z".parse().unwrap();
        assert_eq!(zone("Hawaii").clock(noon), at("2026-07-01T02:00:00"));
        let mut names: Vec<&str> = PROCORE_NAMES.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), PROCORE_NAMES.len());
        assert!(zone_data_version().starts_with("20"));
    }

    #[test]
    fn d3_the_companys_zone_stands_in_for_a_missing_one_and_not_for_an_unknown_one() {
        let company = Some(zone("America/Denver"));
        let of = |name, company| PlaceZone::of(&project(name), company);
        let found = of(Some("America/Chicago"), company).unwrap();
        assert_eq!(
            (found.zone.name(), found.source),
            ("America/Chicago", ZoneSource::Project)
        );
        for missing in [None, Some(" ")] {
            let found = of(missing, company).unwrap();
            assert_eq!(
                (found.zone.name(), found.source),
                ("America/Denver", ZoneSource::Company)
            );
            assert_eq!(of(missing, None), Err(ZoneError::Missing));
        }
        assert_eq!(of(Some("Gotham"), company), Err(ZoneError::Unknown("Gotham".into())));
    }

    #[test]
    fn d4_a_state_that_contradicts_the_zone_is_found() {
        let is_found = |state: &str, country: Option<&str>, name: &str| {
            let address = Address {
                state: Some(state.into()),
                country: country.map(Into::into),
                ..Address::default()
            };
            contradicts(zone(name), &address, 2026).is_some()
        };
        for (state, country, name, contradiction) in [
            ("AZ", Some("US"), "America/Phoenix", false),
            ("AZ", Some("US"), "America/Denver", false),
            ("AZ", Some("US"), "America/Los_Angeles", true),
            ("IN", None, "America/Chicago", false),
            ("IN", None, "America/Indiana/Tell_City", false),
            ("IN", None, "America/New_York", false),
            ("IN", None, "America/Denver", true),
            ("ny", Some("US"), "US/Eastern", false),
            ("BC", Some("CA"), "Pacific Time (US & Canada)", true),
            ("BC", Some("CA"), "America/Vancouver", false),
            ("BC", Some("CA"), "America/Dawson_Creek", false),
            ("CA", Some("US"), "Pacific Time (US & Canada)", false),
            ("HI", Some("US"), "Alaska", true),
            ("WA", Some("AU"), "Australia/Perth", false),
            ("ZZ", Some("US"), "America/Denver", false),
        ] {
            assert_eq!(is_found(state, country, name), contradiction, "{state} {name}");
        }
        assert_eq!(contradicts(zone("America/Denver"), &Address::default(), 2026), None);
    }

    #[test]
    fn d1_d2_times_that_do_not_exist_or_exist_twice_are_told() {
        let chicago = zone("America/Chicago");
        assert_eq!(
            chicago.instant(at("2026-03-08T02:30:00")),
            Err(LocalTimeError::Nonexistent)
        );
        let [one, other] = ["2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"].map(|text| text.parse().unwrap());
        assert_eq!(
            chicago.instant(at("2026-11-01T01:30:00")),
            Err(LocalTimeError::Ambiguous(one, other))
        );
        let phoenix = zone("America/Phoenix");
        assert!(phoenix.instant(at("2026-03-08T02:30:00")).is_ok());
        assert!(phoenix.instant(at("2026-11-01T01:30:00")).is_ok());
        // Where the clocks skip midnight, the day begins at one.
        let santiago = zone("America/Santiago");
        let begin = santiago.midnight("2026-09-06".parse().unwrap()).unwrap();
        assert_eq!(santiago.clock(begin), at("2026-09-06T01:00:00"));
    }
}
