//! How the C library should keep a daemon's memory. Tables of a hundred thousand rows come and go in every round; left to
//! itself glibc raises the size from which it gives a block back to the system as soon as one was freed, and keeps a heap
//! for each thread, so that what was needed once stays with the process (docs/adr/0009).

/// The environment variable that glibc reads its settings from when a program starts.
pub const VARIABLE: &str = "GLIBC_TUNABLES";

/// Blocks of 64 KiB and more are given back when they are freed, and so is the top of the heap; one heap serves all
/// threads. A threshold that is set does not move (glibc manual, "Memory Allocation Tunables").
pub const SETTINGS: &str =
    "glibc.malloc.mmap_threshold=65536:glibc.malloc.trim_threshold=65536:glibc.malloc.arena_max=1";
