//! [`Cloud`] on AWS itself, by AWS's own clients: one file a service, and one place for what they share.
//!
//! - `connection`: who asks, where, how patiently; the region where nobody named one
//! - `calls`: counts what is asked
//! - `error`: what a failure means
//! - the rest: a service each

mod alarms;
mod buckets;
mod calls;
mod cdn;
mod connection;
mod error;
mod functions;
mod identity;
mod logs;
mod roles;
mod schedules;

use std::sync::Arc;

use aws_config::{BehaviorVersion, ConfigLoader};

use crate::cloud::Cloud;

pub use connection::region;

use connection::Connection;

/// One region of the account that the environment, or a profile of `~/.aws`, signs for; or what `AWS_ENDPOINT_URL` names in its place. Asks nothing
/// yet: the first call finds out whether there are credentials.
pub async fn connect(region: &str) -> Cloud {
    connect_by(aws_config::defaults(BehaviorVersion::latest()), region).await
}

/// The same by other settings than those of the environment.
pub async fn connect_by(settings: ConfigLoader, region: &str) -> Cloud {
    let connection = Connection::new(settings, region).await;
    let identity = Arc::new(identity::Sts::new(&connection));
    Cloud {
        identity: identity.clone(),
        roles: Arc::new(roles::Iam::new(&connection)),
        buckets: Arc::new(buckets::S3::new(&connection, identity)),
        logs: Arc::new(logs::CloudWatchLogs::new(&connection)),
        functions: Arc::new(functions::Lambda::new(&connection)),
        cdn: Arc::new(cdn::CloudFront::new(&connection)),
        schedules: Arc::new(schedules::EventBridge::new(&connection)),
        alarms: Arc::new(alarms::CloudWatch::new(&connection)),
        calls: Arc::new(connection.counter),
    }
}
