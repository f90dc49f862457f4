//! A login kept in a file for its owner alone.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind as IoErrorKind, Seek, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use secrecy::ExposeSecret;
use serde::{Deserialize, Serialize};

use crate::error::{Error, ErrorKind};
use crate::login::{StoreLock, TokenPair, TokenStore};

/// Keeps a login in a file that only its owner may read (mode 0600 where the system has modes).
///
/// A new pair is written beside it, brought to the disk and put in its place at once, so that a crash leaves the old
/// pair or the new one. The lock is a file of its own; the system gives it back when its holder dies.
#[derive(Debug, Clone)]
pub struct FileTokenStore {
    path: PathBuf,
    /// A file beside it that has room for the next pair.
    prepared: Arc<Mutex<Option<File>>>,
}

/// How much room is made for the next pair. Servers take no tokens of more than some kilobytes in a header.
const ROOM: [u8; 16 * 1024] = [b' '; 16 * 1024];

/// The login as JSON in the file.
#[derive(Serialize, Deserialize)]
struct Kept {
    access_token: String,
    refresh_token: String,
    expires_at: DateTime<Utc>,
}

impl FileTokenStore {
    /// Returns the store in the file at `path`. The file need not be there yet; its folder must be.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            prepared: Arc::default(),
        }
    }

    fn beside(&self, end: &str) -> PathBuf {
        let mut name = self.path.clone().into_os_string();
        name.push(end);
        PathBuf::from(name)
    }

    fn failed(&self, what: &str, error: io::Error) -> Error {
        let detail = format!("the login in {} could not be {what}", self.path.display());
        Error::not_applied(ErrorKind::Configuration, detail).caused_by(error)
    }

    fn replace(&self, pair: &TokenPair) -> io::Result<()> {
        let kept = Kept {
            access_token: pair.access.expose_secret().to_owned(),
            refresh_token: pair.refresh.expose_secret().to_owned(),
            expires_at: pair.expires_at,
        };
        let text = serde_json::to_vec(&kept)?;
        let prepared = self.prepared.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some(file) = prepared
            && self.put(&self.beside(".next"), file, &text).is_ok()
        {
            return Ok(());
        }
        let next = self.beside(".new");
        let file = create(&next)?;
        self.put(&next, file, &text)
    }

    /// Writes `text` over what stands in `file`, brings it to the disk and puts it in the place of the old pair. A
    /// symbolic link there is replaced, and what it points at stays as it is.
    fn put(&self, next: &Path, mut file: File, text: &[u8]) -> io::Result<()> {
        file.rewind()?;
        file.write_all(text)?;
        file.set_len(u64::try_from(text.len()).map_err(io::Error::other)?)?;
        file.sync_all()?;
        fs::rename(next, &self.path)?;
        self.sync_folder()
    }

    /// Makes a file that has room on the disk.
    fn reserve(&self) -> io::Result<File> {
        let mut file = create(&self.beside(".next"))?;
        file.write_all(&ROOM)?;
        file.sync_all()?;
        Ok(file)
    }

    /// Brings the renaming itself to the disk, where the system lets a folder be opened.
    fn sync_folder(&self) -> io::Result<()> {
        let folder = self.path.parent().filter(|folder| !folder.as_os_str().is_empty());
        match File::open(folder.unwrap_or(Path::new("."))) {
            Ok(folder) if cfg!(unix) => folder.sync_all(),
            _ => Ok(()),
        }
    }
}

fn for_owner() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Makes a new file. What a crash left there may have been open to others, or a link to elsewhere.
fn create(path: &Path) -> io::Result<File> {
    remove(path)?;
    for_owner().create_new(true).open(path)
}

fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != IoErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

#[async_trait]
impl TokenStore for FileTokenStore {
    async fn load(&self) -> Result<Option<TokenPair>, Error> {
        let text = match fs::read(&self.path) {
            Ok(text) => text,
            Err(error) if error.kind() == IoErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(self.failed("read", error)),
        };
        // The cause is not told: it could quote a token.
        let kept: Kept = serde_json::from_slice(&text)
            .map_err(|_| self.failed("read", io::Error::other("it is not what was written there")))?;
        Ok(Some(TokenPair {
            access: kept.access_token.into(),
            refresh: kept.refresh_token.into(),
            expires_at: kept.expires_at,
        }))
    }

    async fn save(&self, pair: Option<&TokenPair>) -> Result<(), Error> {
        let done = match pair {
            Some(pair) => self.replace(pair),
            None => remove(&self.path).and_then(|()| self.sync_folder()),
        };
        done.map_err(|error| self.failed("stored", error))
    }

    async fn prepare(&self) -> Result<(), Error> {
        let file = self.reserve().map_err(|error| self.failed("stored", error))?;
        *self.prepared.lock().unwrap_or_else(PoisonError::into_inner) = Some(file);
        Ok(())
    }

    async fn try_lock(&self) -> Result<Option<StoreLock>, Error> {
        let file = for_owner()
            .create(true)
            .truncate(false)
            .open(self.beside(".lock"))
            .map_err(|error| self.failed("locked", error))?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Box::new(file))),
            Err(fs::TryLockError::WouldBlock) => Ok(None),
            Err(fs::TryLockError::Error(error)) => Err(self.failed("locked", error)),
        }
    }
}

#[cfg(test)]
mod tests {
    use tempfile::TempDir;

    use super::*;

    fn pair(number: u8) -> TokenPair {
        TokenPair {
            access: format!("access-{number}").into(),
            refresh: format!("refresh-{number}").into(),
            expires_at: DateTime::UNIX_EPOCH,
        }
    }

    fn store(folder: &TempDir) -> FileTokenStore {
        FileTokenStore::new(folder.path().join("login.json"))
    }

    #[tokio::test]
    async fn a9_a_pair_outlives_its_process_and_can_be_taken_away() {
        let folder = TempDir::new().unwrap();
        assert!(store(&folder).load().await.unwrap().is_none());
        for number in [1, 2] {
            store(&folder).save(Some(&pair(number))).await.unwrap();
            let kept = store(&folder).load().await.unwrap().unwrap();
            assert_eq!(kept.refresh.expose_secret(), format!("refresh-{number}"));
            assert_eq!(kept.expires_at, DateTime::UNIX_EPOCH);
        }
        store(&folder).save(None).await.unwrap();
        store(&folder).save(None).await.unwrap();
        assert!(store(&folder).load().await.unwrap().is_none());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a14_the_file_is_for_its_owner_alone_whatever_was_there() {
        use std::os::unix::fs::PermissionsExt;
        let folder = TempDir::new().unwrap();
        for left in ["login.json", "login.json.new"] {
            let path = folder.path().join(left);
            fs::write(&path, "{}").unwrap();
            fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
        }
        store(&folder).save(Some(&pair(1))).await.unwrap();
        let mode = fs::metadata(folder.path().join("login.json"))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600);
        assert!(!folder.path().join("login.json.new").exists());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a14_a_link_in_the_place_of_the_file_is_replaced_and_not_followed() {
        let folder = TempDir::new().unwrap();
        let elsewhere = folder.path().join("elsewhere");
        fs::write(&elsewhere, "as it was").unwrap();
        for name in ["login.json", "login.json.new", "login.json.next"] {
            std::os::unix::fs::symlink(&elsewhere, folder.path().join(name)).unwrap();
        }
        store(&folder).save(Some(&pair(1))).await.unwrap();
        let store = store(&folder);
        store.prepare().await.unwrap();
        store.save(Some(&pair(2))).await.unwrap();
        assert_eq!(
            store.load().await.unwrap().unwrap().refresh.expose_secret(),
            "refresh-2"
        );
        assert_eq!(fs::read_to_string(elsewhere).unwrap(), "as it was");
    }

    #[tokio::test]
    async fn a9_room_for_the_next_pair_is_made_and_used() {
        let folder = TempDir::new().unwrap();
        let store = store(&folder);
        store.save(Some(&pair(1))).await.unwrap();
        let next = folder.path().join("login.json.next");
        for number in [2, 3] {
            store.prepare().await.unwrap();
            assert_eq!(fs::metadata(&next).unwrap().len(), ROOM.len() as u64);
            let kept = store.load().await.unwrap().unwrap();
            assert_ne!(kept.refresh.expose_secret(), format!("refresh-{number}"));
            store.save(Some(&pair(number))).await.unwrap();
            let kept = store.load().await.unwrap().unwrap();
            assert_eq!(kept.refresh.expose_secret(), format!("refresh-{number}"));
            assert!(!next.exists());
        }
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn a9_where_no_file_can_be_made_there_is_no_room() {
        let folder = TempDir::new().unwrap();
        // A folder of that name can neither be removed as a file nor made one.
        fs::create_dir(folder.path().join("login.json.next")).unwrap();
        let error = store(&folder).prepare().await.unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Configuration);
    }

    #[tokio::test]
    async fn a9_one_at_a_time_holds_the_lock() {
        let folder = TempDir::new().unwrap();
        let lock = store(&folder).try_lock().await.unwrap();
        assert!(lock.is_some());
        assert!(store(&folder).try_lock().await.unwrap().is_none());
        drop(lock);
        assert!(store(&folder).try_lock().await.unwrap().is_some());
    }

    #[tokio::test]
    async fn a14_a_spoiled_file_is_told_without_what_stands_in_it() {
        let folder = TempDir::new().unwrap();
        fs::write(folder.path().join("login.json"), r#"{"access_token": "hidden"}"#).unwrap();
        let error = store(&folder).load().await.unwrap_err();
        assert!(error.to_string().contains("login.json"));
        assert!(!format!("{error:?}").contains("hidden"));
    }
}
