//! What a service does unasked: on a server every few minutes, on AWS Lambda when its schedule says so.

use std::{future::Future, time::Duration};

use storage::json::full_jitter;
use tokio::time::sleep;

/// How long a server rests between chores.
pub const PAUSE: Duration = Duration::from_mins(5);

/// Work that nobody asks for. Whatever fails is logged, and tried again the next time.
pub trait Chores: Send + Sync + 'static {
    /// Does it for at most this time; how long to rest afterwards at least.
    fn once(&self, time: Duration) -> impl Future<Output = Duration> + Send;
}

/// Does chores for ever, with at least this pause before each time; before the first one a random part of it, so that servers that
/// start together do not work together.
pub async fn for_ever(chores: impl Chores, pause: Duration) {
    sleep(full_jitter(pause)).await;
    loop {
        let rest = chores.once(Duration::MAX).await;
        sleep(pause.max(rest)).await;
    }
}
