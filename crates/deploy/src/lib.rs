//! The AWS lifecycle of SGraph Send: what is there, what is wanted, and how the one becomes the other.

pub mod aws;
pub mod cloud;
pub mod config;
pub mod drift;
pub mod names;
pub mod report;
pub mod resource;
pub mod slot;
pub mod stack;
pub mod wait;
