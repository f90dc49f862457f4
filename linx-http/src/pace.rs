//! What the servers' rate-limit headers told, shared by all requests of an engine.
