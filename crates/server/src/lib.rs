//! Placeholder until its content lands in this step.
