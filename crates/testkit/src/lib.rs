//! A test server on both engines.
