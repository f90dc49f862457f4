//! New employees, and the identifiers that they get: what a cut-off creation left behind is completed or freed.

use linx_http::{Applied, Change, Error, ErrorKind};

use super::employees::EmploymentChanges;
use super::persons::{Person, PersonChanges, PersonQuery};
use crate::client::Client;
use crate::ids::PersonId;

/// What a new employee is made of. Texts are at most 200 characters long. Build it with `..Default::default()`: more
/// values may be added.
#[derive(Clone, Default)]
pub struct NewEmployee {
    /// First name; required.
    pub first_name: String,
    /// Last name; required.
    pub last_name: String,
    /// The customer's own number with its leading zeros; required. By it a person is found whose creation was cut off.
    pub identifier: String,
    /// Work e-mail address; none leaves it out.
    pub work_email: Option<String>,
    /// Job title; none leaves it out.
    pub job_title: Option<String>,
}

impl Client {
    /// Makes an active employee, a person and then its employment (exaktime-api.md section 8), and returns the person.
    ///
    /// May be repeated after an error: a person with this identifier and without an employment was left by a creation
    /// that was cut off, and is completed instead of made again (hazard A1).
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] if an employee has this identifier already; nothing was sent then. An error of the
    /// second request is [`Applied::Unknown`], since the person is there.
    pub async fn create_employee(&self, new: &NewEmployee) -> Result<Person, Error> {
        let values = PersonChanges {
            first_name: Change::Set(new.first_name.clone()),
            last_name: Change::Set(new.last_name.clone()),
            work_email: new.work_email.clone().into(),
            identifier: Change::Set(new.identifier.clone()),
        };
        let person = match self.left_without_employment(&new.identifier).await? {
            Some(person) => person,
            None => self.create_person(&values).await?,
        };
        let employment = EmploymentChanges {
            active: Some(true),
            job_title: new.job_title.clone().into(),
        };
        // The person is there already, whatever comes of the employment.
        self.set_employment(&person.id, &employment)
            .await
            .map_err(|error| error.with_applied(Applied::Unknown))?;
        Ok(person)
    }

    /// Makes sure that nobody but `keeper` has an identifier, before it is given to them. A person without an
    /// employment was left by a creation that was cut off, is nobody's employee, and gives the identifier up. May be
    /// repeated.
    ///
    /// # Errors
    ///
    /// [`ErrorKind::Conflict`] if an employee has the identifier; they keep it.
    pub async fn free_identifier(&self, identifier: &str, keeper: &PersonId) -> Result<(), Error> {
        for person in self.having(identifier).await? {
            if person.id == *keeper {
                continue;
            }
            self.refuse_employed(&person.id).await?;
            let none = PersonChanges {
                identifier: Change::Clear,
                ..PersonChanges::default()
            };
            self.update_person(&person.id, &none).await?;
        }
        Ok(())
    }

    /// Returns the persons who have exactly this identifier and are not deleted.
    async fn having(&self, identifier: &str) -> Result<Vec<Person>, Error> {
        let query = PersonQuery {
            identifier: Some(identifier.to_owned()),
            ..PersonQuery::default()
        };
        let same = |person: &Person| person.identifier.as_deref() == Some(identifier) && !person.is_deleted;
        let found = self.people(&query).collect().await?;
        Ok(found.rows.into_iter().filter(same).collect())
    }

    /// An error if the person has an employment.
    async fn refuse_employed(&self, person: &PersonId) -> Result<(), Error> {
        match self.employment(person).await {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
            Ok(_) => Err(Error::not_applied(
                ErrorKind::Conflict,
                format!("not sent: employee {person} has this identifier"),
            )),
        }
    }

    /// Returns the person with this identifier whose employment is still to be made, if there is one.
    async fn left_without_employment(&self, identifier: &str) -> Result<Option<Person>, Error> {
        let Some(person) = self.having(identifier).await?.into_iter().next() else {
            return Ok(None);
        };
        self.refuse_employed(&person.id).await?;
        Ok(Some(person))
    }
}
