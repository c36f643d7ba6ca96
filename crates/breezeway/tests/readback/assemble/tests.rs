//! Estates written by hand.
