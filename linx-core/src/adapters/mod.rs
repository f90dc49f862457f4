//! The two clients and stores as ports, behind features. Translate, never decide.
