//! The wire types, shared by the services, the command-line client and deploy.

pub mod admin;
pub mod audit;
pub mod catalogue;
pub mod info;
pub mod sends;
pub mod tokens;
pub mod transfers;
