//! The pipelines, read as GitHub reads them; and their steps, run as they stand, on scratch repositories and an emulator of AWS.
//!
//! - `github`: as much of GitHub Actions as they use · `ground`: what most tests begin with · `given`: secrets, and what plays AWS
//! - `graph`: jobs, conditions, inputs, secrets · `rules`: what holds for every workflow
//! - `tags`, `credentials`, `report`, `scripts`: one script each, or a few · `version`: what a build tells that it is
//! - `deploys`: a push, from the tag to both services · `prod`: from qa to prod, and back

mod credentials;
mod deploys;
mod github;
mod given;
mod graph;
mod ground;
mod prod;
mod report;
mod rules;
mod scripts;
mod tags;
mod version;
