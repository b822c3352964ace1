//! The AWS lifecycle of SGraph Send: what is there, what is wanted, and how the one becomes the other.

pub mod artifact;
pub mod aws;
pub mod cli;
pub mod cloud;
pub mod config;
pub mod context;
pub mod cost;
pub mod deployment;
pub mod door;
pub mod drift;
pub mod health;
pub mod keys;
pub mod logs;
pub mod names;
pub mod policy;
pub mod release;
pub mod report;
pub mod resource;
pub mod resources;
pub mod run;
pub mod secret;
pub mod slot;
pub mod smoke;
pub mod stack;
pub mod status;
pub mod wait;
