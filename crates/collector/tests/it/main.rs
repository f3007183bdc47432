//! Tests of the router-facing half through its public face.

mod mapping;
mod owners;
mod rows;
