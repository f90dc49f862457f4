//! Runnable examples of Linx: see the files beside this one.
