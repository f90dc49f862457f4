//! What can be done about a hold or an error, as data: each surface says it in its own words.

use std::borrow::Cow;
use std::fmt;

use serde::{Serialize, Serializer};

/// Something that a person can do.
///
/// `Display` has words for anybody who embeds the library. A program with commands and a configuration file of its own
/// says, for instance, its command that links for [`Remedy::Link`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Remedy {
    /// Link two records by hand ([`Linx::set_links`](crate::Linx::set_links)).
    Link,
    /// Take a link away ([`Linx::unlink`](crate::Linx::unlink)).
    Unlink,
    /// Look at the links.
    ListLinks,
    /// Stop ignoring an entity.
    Unignore,
    /// Plan and apply a sync.
    Sync,
    /// Plan and apply an export.
    Export,
    /// Plan again, and let changes pass that are many ([`Guard`](crate::settings::Guard)).
    AllowMassChange,
    /// Say that what other hands entered on a worker's day and what the export would write are both right
    /// ([`Linx::set_beside`](crate::Linx::set_beside)).
    Beside,
    /// Change settings of a table, such as `sync.workers`.
    Settings(&'static str),
    /// Change one setting: its table and its key, such as `export` and `time_zone`.
    Setting(&'static str, &'static str),
    /// Correct the id or the secret of the application at Procore.
    ProcoreSecret,
    /// Correct the key of the account at ExakTime.
    ExakTimeKey,
    /// Check every prerequisite, and the ledger as a whole ([`Ledger::examine`](crate::ledger::Ledger::examine)).
    Doctor,
    /// Change something in Procore.
    Procore,
    /// Change something in ExakTime.
    ExakTime,
}

impl fmt::Display for Remedy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Link => f.write_str("a link by hand"),
            Self::Unlink => f.write_str("unlink"),
            Self::ListLinks => f.write_str("the list of links"),
            Self::Unignore => f.write_str("lifting that"),
            Self::Sync => f.write_str("a sync"),
            Self::Export => f.write_str("an export"),
            Self::AllowMassChange => f.write_str("consent to the mass change"),
            Self::Beside => f.write_str("saying so for the worker's day"),
            Self::Settings(table) => write!(f, "the settings `{table}`"),
            Self::Setting(table, key) => write!(f, "the setting `{table}.{key}`"),
            Self::ProcoreSecret => f.write_str("the id and the secret of the application"),
            Self::ExakTimeKey => f.write_str("the API key"),
            Self::Doctor => f.write_str("a check of the ledger"),
            Self::Procore => f.write_str("Procore"),
            Self::ExakTime => f.write_str("ExakTime"),
        }
    }
}

/// A sentence that says what to do, and the remedies that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// The sentence, with `{}` where each remedy stands; as it is where there are none.
    sentence: Cow<'static, str>,
    remedies: &'static [Remedy],
}

impl Fix {
    /// A sentence with `{}` for each of `remedies`, in their order.
    pub(crate) const fn new(sentence: &'static str, remedies: &'static [Remedy]) -> Self {
        Self {
            sentence: Cow::Borrowed(sentence),
            remedies,
        }
    }

    /// Returns the remedies, in the order of the sentence; none where nothing is to be done or the sentence says it all.
    pub fn remedies(&self) -> &'static [Remedy] {
        self.remedies
    }

    /// Whether nothing is said to be done.
    pub fn is_empty(&self) -> bool {
        self.sentence.is_empty()
    }

    /// Returns the sentence, with `words` for each remedy.
    pub fn say(&self, words: impl Fn(&Remedy) -> String) -> String {
        if self.remedies.is_empty() {
            return self.sentence.clone().into_owned();
        }
        let mut parts = self.sentence.split("{}");
        let mut said = parts.next().unwrap_or_default().to_owned();
        for (remedy, part) in self.remedies.iter().zip(parts) {
            said.push_str(&words(remedy));
            said.push_str(part);
        }
        said
    }
}

/// A sentence that says it all.
impl<T: Into<Cow<'static, str>>> From<T> for Fix {
    fn from(sentence: T) -> Self {
        Self {
            sentence: sentence.into(),
            remedies: &[],
        }
    }
}

/// As the sentence in words for anybody.
impl Serialize for Fix {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The sentence in words for anybody.
impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.say(Remedy::to_string))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Reason;

    #[test]
    fn every_remedy_has_its_place_in_the_sentence() {
        for reason in Reason::ALL {
            let fix = reason.fix();
            assert_eq!(fix.sentence.matches("{}").count(), fix.remedies().len(), "{reason}");
            assert!(!fix.is_empty(), "{reason}");
        }
        let fix = Reason::UnsentTime.fix();
        assert_eq!(
            fix.to_string(),
            "Run an export for the days that the detail names, then sync again."
        );
        assert!(fix.say(|_| "x".into()).starts_with("Run x for"));
        assert!(super::Fix::from("").is_empty());
    }
}
