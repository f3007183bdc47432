//! What accounting promises, rule by rule, over a pretend router; and over thousands of random scripts. The numbers
//! in the module names are those of the accounting rules.

mod book;
mod growth;
mod random_scripts;
mod random_tails;
mod router;
mod rule_01_baselines;
mod rule_02_first_sight;
mod rule_03_order;
mod rule_04_axis;
mod rule_04_clocks;
mod rule_05_identity;
mod rule_05_logins;
mod rule_05_renamed;
mod rule_06_attribution;
mod rule_07_absence;
mod rule_08_bypassed;
mod rule_08_enrolled;
mod rule_09_half_seen;
mod rule_09_hidden;
mod rule_09_tails;
mod rule_09_unheard;
mod rule_09_unseen;
mod rule_10_jumps;
mod rule_11_clocks;
mod rule_11_cycles;
mod rule_11_edges;
mod rule_12_totals;
mod rule_13_waiting;
mod scene;
mod script;
mod truth;
