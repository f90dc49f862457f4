//! Time zones by name: IANA's, and Procore's own names for them (hazards D3, D4).
//!
//! Names only, no offsets: the offsets that Procore prints beside its names are not all right (Hawaii's is an hour off).

use std::fmt;
use std::str::FromStr;

use chrono::{DateTime, NaiveDate, NaiveDateTime, Offset, TimeZone, Utc};
use chrono_tz::{Africa, America, Asia, Atlantic, Australia, Etc, Europe, Pacific, Tz};
use serde::{Deserialize, Serialize};

use super::{Address, Project};

/// A zone of the IANA database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Zone(Tz);

/// A time of the clock at a place that stands for no instant, or for two (hazards D1, D2).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Misread {
    /// The clocks skipped it.
    Skipped,
    /// The clocks showed it twice: at these instants, the earlier first.
    Twice(DateTime<Utc>, DateTime<Utc>),
}

impl Zone {
    /// IANA's name.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// What the clock at the place shows.
    pub fn clock(self, instant: DateTime<Utc>) -> NaiveDateTime {
        instant.with_timezone(&self.0).naive_local()
    }

    /// The one instant at which the clock at the place shows this.
    pub(crate) fn instant(self, clock: NaiveDateTime) -> Result<DateTime<Utc>, Misread> {
        match self.0.from_local_datetime(&clock) {
            chrono::LocalResult::Single(time) => Ok(time.to_utc()),
            chrono::LocalResult::Ambiguous(one, other) => Err(Misread::Twice(one.to_utc(), other.to_utc())),
            chrono::LocalResult::None => Err(Misread::Skipped),
        }
    }

    /// The first instant of a day; where the clocks skip midnight, the day begins later.
    pub(crate) fn midnight(self, day: NaiveDate) -> Option<DateTime<Utc>> {
        (0..24).find_map(|hour| match self.instant(day.and_hms_opt(hour, 0, 0)?) {
            Ok(instant) | Err(Misread::Twice(instant, _)) => Some(instant),
            Err(Misread::Skipped) => None,
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
    /// Neither the project nor `[export] time_zone` names one.
    #[error("neither the project nor [export] time_zone names a time zone")]
    Missing,
}

impl FromStr for Zone {
    type Err = ZoneError;

    /// By IANA's name as it is, or by Procore's.
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

/// Where a zone was learnt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ZoneSource {
    /// The project names it.
    Project,
    /// The company's, standing in for a project that names none.
    Company,
}

/// The zone of a place, and where it was learnt (hazard D3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct PlaceZone {
    /// Which zone.
    pub zone: Zone,
    /// Where it was learnt.
    pub source: ZoneSource,
}

impl PlaceZone {
    /// The zone of a project; the company's stands in where the project names none, and never where its name is unknown.
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

/// The version of the zone data, such as `2025b`, for the record of a run (hazard D4).
pub fn zone_data_version() -> &'static str {
    chrono_tz::IANA_TZDB_VERSION
}

/// The zones of a state or province, if `zone` is none of them in that year. Only the United States and Canada are known.
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

/// Clocks that part although the zone data may still show them together: British Columbia is reported to stay on daylight
/// time from 2026 (hazard D4).
const PARTED: [(&str, Tz); 1] = [("BC", America::Los_Angeles)];

/// The zones of states and provinces by their codes, those of a few towns and reservations included: Arizona's Navajo
/// Nation keeps daylight time, Indiana has two clocks, and so on.
const STATES: [(&str, &[Tz]); 29] = [
    ("AL AR IA IL LA MN MO MS OK WI", &[America::Chicago]),
    (
        "CT DC DE GA MA MD ME NC NH NJ NY OH PA RI SC VA VT WV",
        &[America::New_York],
    ),
    ("CA WA", &[America::Los_Angeles]),
    ("CO MT NM UT WY", &[America::Denver]),
    (
        "AK",
        &[
            America::Anchorage,
            America::Juneau,
            America::Sitka,
            America::Metlakatla,
            America::Adak,
        ],
    ),
    ("AZ", &[America::Phoenix, America::Denver]),
    ("FL KY TN", &[America::New_York, America::Chicago]),
    ("HI", &[Pacific::Honolulu]),
    ("ID", &[America::Boise, America::Los_Angeles]),
    ("IN", &[America::Indiana::Indianapolis, America::Chicago]),
    ("KS ND NE SD TX", &[America::Chicago, America::Denver]),
    ("MI", &[America::Detroit, America::Menominee]),
    ("NV", &[America::Los_Angeles, America::Denver]),
    ("OR", &[America::Los_Angeles, America::Boise]),
    ("AS", &[Pacific::Pago_Pago]),
    ("GU MP", &[Pacific::Guam]),
    ("PR VI", &[America::Puerto_Rico]),
    ("AB", &[America::Edmonton]),
    (
        "BC",
        &[
            America::Vancouver,
            America::Dawson_Creek,
            America::Fort_Nelson,
            America::Creston,
            America::Edmonton,
        ],
    ),
    ("MB", &[America::Winnipeg]),
    ("NB", &[America::Moncton]),
    ("NL", &[America::St_Johns, America::Goose_Bay]),
    ("NS PE", &[America::Halifax]),
    ("NT", &[America::Edmonton, America::Inuvik]),
    (
        "NU",
        &[
            America::Iqaluit,
            America::Rankin_Inlet,
            America::Resolute,
            America::Cambridge_Bay,
            America::Atikokan,
        ],
    ),
    ("ON", &[America::Toronto, America::Winnipeg, America::Atikokan]),
    ("QC", &[America::Toronto, America::Halifax, America::Puerto_Rico]),
    ("SK", &[America::Regina, America::Edmonton]),
    ("YT", &[America::Whitehorse]),
];

/// Procore's names, which are those of Ruby on Rails (procore-api.md, trap 23).
const PROCORE_NAMES: [(&str, Tz); 152] = [
    ("International Date Line West", Etc::GMTPlus12),
    ("Midway Island", Pacific::Midway),
    ("American Samoa", Pacific::Pago_Pago),
    ("Hawaii", Pacific::Honolulu),
    ("Alaska", America::Juneau),
    ("Pacific Time (US & Canada)", America::Los_Angeles),
    ("Tijuana", America::Tijuana),
    ("Mountain Time (US & Canada)", America::Denver),
    ("Arizona", America::Phoenix),
    ("Chihuahua", America::Chihuahua),
    ("Mazatlan", America::Mazatlan),
    ("Central Time (US & Canada)", America::Chicago),
    ("Saskatchewan", America::Regina),
    ("Guadalajara", America::Mexico_City),
    ("Mexico City", America::Mexico_City),
    ("Monterrey", America::Monterrey),
    ("Central America", America::Guatemala),
    ("Eastern Time (US & Canada)", America::New_York),
    ("Indiana (East)", America::Indiana::Indianapolis),
    ("Bogota", America::Bogota),
    ("Lima", America::Lima),
    ("Quito", America::Lima),
    ("Atlantic Time (Canada)", America::Halifax),
    ("Caracas", America::Caracas),
    ("La Paz", America::La_Paz),
    ("Santiago", America::Santiago),
    ("Asuncion", America::Asuncion),
    ("Newfoundland", America::St_Johns),
    ("Brasilia", America::Sao_Paulo),
    ("Buenos Aires", America::Argentina::Buenos_Aires),
    ("Montevideo", America::Montevideo),
    ("Georgetown", America::Guyana),
    ("Puerto Rico", America::Puerto_Rico),
    ("Greenland", America::Nuuk),
    ("Mid-Atlantic", Atlantic::South_Georgia),
    ("Azores", Atlantic::Azores),
    ("Cape Verde Is.", Atlantic::Cape_Verde),
    ("Dublin", Europe::Dublin),
    ("Edinburgh", Europe::London),
    ("Lisbon", Europe::Lisbon),
    ("London", Europe::London),
    ("Casablanca", Africa::Casablanca),
    ("Monrovia", Africa::Monrovia),
    ("UTC", Etc::UTC),
    ("Belgrade", Europe::Belgrade),
    ("Bratislava", Europe::Bratislava),
    ("Budapest", Europe::Budapest),
    ("Ljubljana", Europe::Ljubljana),
    ("Prague", Europe::Prague),
    ("Sarajevo", Europe::Sarajevo),
    ("Skopje", Europe::Skopje),
    ("Warsaw", Europe::Warsaw),
    ("Zagreb", Europe::Zagreb),
    ("Brussels", Europe::Brussels),
    ("Copenhagen", Europe::Copenhagen),
    ("Madrid", Europe::Madrid),
    ("Paris", Europe::Paris),
    ("Amsterdam", Europe::Amsterdam),
    ("Berlin", Europe::Berlin),
    ("Bern", Europe::Zurich),
    ("Zurich", Europe::Zurich),
    ("Rome", Europe::Rome),
    ("Stockholm", Europe::Stockholm),
    ("Vienna", Europe::Vienna),
    ("West Central Africa", Africa::Algiers),
    ("Bucharest", Europe::Bucharest),
    ("Cairo", Africa::Cairo),
    ("Helsinki", Europe::Helsinki),
    ("Kyiv", Europe::Kyiv),
    ("Riga", Europe::Riga),
    ("Sofia", Europe::Sofia),
    ("Tallinn", Europe::Tallinn),
    ("Vilnius", Europe::Vilnius),
    ("Athens", Europe::Athens),
    ("Istanbul", Europe::Istanbul),
    ("Minsk", Europe::Minsk),
    ("Jerusalem", Asia::Jerusalem),
    ("Harare", Africa::Harare),
    ("Pretoria", Africa::Johannesburg),
    ("Kaliningrad", Europe::Kaliningrad),
    ("Moscow", Europe::Moscow),
    ("St. Petersburg", Europe::Moscow),
    ("Volgograd", Europe::Volgograd),
    ("Samara", Europe::Samara),
    ("Kuwait", Asia::Kuwait),
    ("Riyadh", Asia::Riyadh),
    ("Nairobi", Africa::Nairobi),
    ("Baghdad", Asia::Baghdad),
    ("Tehran", Asia::Tehran),
    ("Abu Dhabi", Asia::Muscat),
    ("Muscat", Asia::Muscat),
    ("Baku", Asia::Baku),
    ("Tbilisi", Asia::Tbilisi),
    ("Yerevan", Asia::Yerevan),
    ("Kabul", Asia::Kabul),
    ("Ekaterinburg", Asia::Yekaterinburg),
    ("Islamabad", Asia::Karachi),
    ("Karachi", Asia::Karachi),
    ("Tashkent", Asia::Tashkent),
    ("Chennai", Asia::Kolkata),
    ("Kolkata", Asia::Kolkata),
    ("Mumbai", Asia::Kolkata),
    ("New Delhi", Asia::Kolkata),
    ("Kathmandu", Asia::Kathmandu),
    ("Dhaka", Asia::Dhaka),
    ("Sri Jayawardenepura", Asia::Colombo),
    ("Almaty", Asia::Almaty),
    ("Astana", Asia::Almaty),
    ("Novosibirsk", Asia::Novosibirsk),
    ("Rangoon", Asia::Yangon),
    ("Bangkok", Asia::Bangkok),
    ("Hanoi", Asia::Bangkok),
    ("Jakarta", Asia::Jakarta),
    ("Krasnoyarsk", Asia::Krasnoyarsk),
    ("Beijing", Asia::Shanghai),
    ("Chongqing", Asia::Shanghai),
    ("Hong Kong", Asia::Hong_Kong),
    ("Urumqi", Asia::Urumqi),
    ("Kuala Lumpur", Asia::Kuala_Lumpur),
    ("Singapore", Asia::Singapore),
    ("Taipei", Asia::Taipei),
    ("Perth", Australia::Perth),
    ("Irkutsk", Asia::Irkutsk),
    ("Ulaanbaatar", Asia::Ulaanbaatar),
    ("Seoul", Asia::Seoul),
    ("Osaka", Asia::Tokyo),
    ("Sapporo", Asia::Tokyo),
    ("Tokyo", Asia::Tokyo),
    ("Yakutsk", Asia::Yakutsk),
    ("Darwin", Australia::Darwin),
    ("Adelaide", Australia::Adelaide),
    ("Canberra", Australia::Canberra),
    ("Melbourne", Australia::Melbourne),
    ("Sydney", Australia::Sydney),
    ("Brisbane", Australia::Brisbane),
    ("Hobart", Australia::Hobart),
    ("Vladivostok", Asia::Vladivostok),
    ("Guam", Pacific::Guam),
    ("Port Moresby", Pacific::Port_Moresby),
    ("Magadan", Asia::Magadan),
    ("Srednekolymsk", Asia::Srednekolymsk),
    ("Solomon Is.", Pacific::Guadalcanal),
    ("New Caledonia", Pacific::Noumea),
    ("Fiji", Pacific::Fiji),
    ("Kamchatka", Asia::Kamchatka),
    ("Marshall Is.", Pacific::Majuro),
    ("Auckland", Pacific::Auckland),
    ("Wellington", Pacific::Auckland),
    ("Nuku'alofa", Pacific::Tongatapu),
    ("Tokelau Is.", Pacific::Fakaofo),
    ("Chatham Is.", Pacific::Chatham),
    ("Samoa", Pacific::Apia),
];

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
        assert_eq!(chicago.instant(at("2026-03-08T02:30:00")), Err(Misread::Skipped));
        let [one, other] = ["2026-11-01T06:30:00Z", "2026-11-01T07:30:00Z"].map(|text| text.parse().unwrap());
        assert_eq!(
            chicago.instant(at("2026-11-01T01:30:00")),
            Err(Misread::Twice(one, other))
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
