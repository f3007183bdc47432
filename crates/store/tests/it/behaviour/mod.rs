//! One suite for every database: each module's tests take the store as a trait object.

mod commit;
