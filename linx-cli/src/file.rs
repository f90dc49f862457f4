//! Files that the program writes: plans, pages, tables, a configuration. They hold people's names and hours.
//!
//! Each is for its owner alone (mode 0600 where the system has modes), also where a file with wider rights was there. It is
//! written beside its place, brought to the disk and put there at once, so that a crash leaves the old file or the new one.
//! A symbolic link is never followed: somebody else may have laid it.

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use tempfile::NamedTempFile;

use crate::error::CliError;

/// Writes a file that was asked for, in the place of one that is there.
pub fn replace(path: &Path, text: &str) -> Result<(), CliError> {
    let write = || {
        refuse_other_than_files(path)?;
        written(path, text)?.persist(path)?;
        sync_folder(path)
    };
    write().map_err(|error| unwritable(path, error))
}

/// Writes a file where none is. The error of one that is there is [`io::ErrorKind::AlreadyExists`].
pub fn create(path: &Path, text: &str) -> io::Result<()> {
    written(path, text)?.persist_noclobber(path)?;
    sync_folder(path)
}

/// Makes sure that a file can be written, before anything is done whose report it is to hold. Leaves nothing behind.
pub fn check(path: &Path) -> Result<(), CliError> {
    let checked = refuse_other_than_files(path).and_then(|()| NamedTempFile::new_in(folder(path)).map(drop));
    checked.map_err(|error| unwritable(path, error))
}

/// The error of a file that could not be written.
pub fn unwritable(path: &Path, error: io::Error) -> CliError {
    CliError::failed(format!("{} could not be written", path.display())).caused_by(error)
}

/// What stands there is replaced as a whole, so that it has to be a file: not a link to one, a device or a pipe.
fn refuse_other_than_files(path: &Path) -> io::Result<()> {
    match std::fs::symlink_metadata(path) {
        Ok(there) if there.is_symlink() => Err(io::Error::other("it is a symbolic link, which is not followed")),
        Ok(there) if !there.is_file() => Err(io::Error::other("it is not a file")),
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// A new file with `text`, on the disk, in the folder of `path`. It goes with its handle.
fn written(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    // Made with mode 0600, under a name that nobody can have guessed.
    let mut file = NamedTempFile::new_in(folder(path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

fn folder(path: &Path) -> &Path {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    folder.unwrap_or(Path::new("."))
}

/// Brings the renaming itself to the disk, where the system lets a folder be opened.
fn sync_folder(path: &Path) -> io::Result<()> {
    match File::open(folder(path)) {
        Ok(folder) if cfg!(unix) => folder.sync_all(),
        _ => Ok(()),
    }
}
