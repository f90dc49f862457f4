//! The server's own words, out of any of the error shapes in use.
