//! Wrong admin keys: each waits a second for its answer, few wait at once, and the log says that there are some.
//!
//! What protects is a key of 256 random bits. All of this only slows down and tells: a right key never waits, so who guesses need
//! not wait either, and what is counted by address is counted by process.

use std::{
    mem,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use axum::http::HeaderMap;
use tokio::{sync::Semaphore, time::sleep};

use crate::{admin_keys::AdminKeys, error::ApiError};

/// The refusal of who is no admin.
pub const NEEDED: ApiError = ApiError::Unauthorized("The admin key is needed.");

/// How long an answer to a wrong key takes, and how often the log tells of them at most.
const SECOND: Duration = Duration::from_secs(1);
/// How many wait for one at a time in this process.
const WAITING: usize = 8;

/// Slows down who guesses. Right keys never come here.
pub struct WrongKeys {
    room: Semaphore,
    unsaid: Arc<Mutex<Unsaid>>,
}

/// What the log has not been told.
#[derive(Default)]
struct Unsaid {
    count: u64,
    /// The log was told within the last second; a task tells it the rest.
    is_resting: bool,
}

impl Default for WrongKeys {
    fn default() -> Self {
        Self {
            room: Semaphore::new(WAITING),
            unsaid: Arc::default(),
        }
    }
}

impl WrongKeys {
    /// The refusal of who shows no right key: in its time where a wrong one is shown.
    pub async fn turn_away(&self, keys: &AdminKeys, headers: &HeaderMap) -> ApiError {
        match keys.shown(headers) {
            true => self.refuse().await,
            false => NEEDED,
        }
    }

    /// The refusal of a wrong key, in its time.
    pub async fn refuse(&self) -> ApiError {
        self.say();
        let Ok(_waiting) = self.room.try_acquire() else {
            return ApiError::WrongKeys;
        };
        sleep(SECOND).await;
        NEEDED
    }

    /// Neither the key nor where it came from is anybody's business.
    fn say(&self) {
        let mut unsaid = lock(&self.unsaid);
        unsaid.count += 1;
        if !unsaid.is_resting {
            unsaid.is_resting = true;
            unsaid.tell();
            tokio::spawn(tell_the_rest(self.unsaid.clone()));
        }
    }
}

impl Unsaid {
    fn tell(&mut self) {
        let count = mem::take(&mut self.count);
        tracing::warn!(count, "wrong admin keys were shown");
    }
}

/// Tells the log each second of what came since, until nothing did.
async fn tell_the_rest(unsaid: Arc<Mutex<Unsaid>>) {
    loop {
        sleep(SECOND).await;
        let mut unsaid = lock(&unsaid);
        if unsaid.count == 0 {
            unsaid.is_resting = false;
            return;
        }
        unsaid.tell();
    }
}

fn lock(unsaid: &Mutex<Unsaid>) -> MutexGuard<'_, Unsaid> {
    unsaid.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::io::{self, Write};

    use super::*;

    /// What the log was told.
    #[derive(Clone, Default)]
    struct Log(Arc<Mutex<Vec<u8>>>);

    impl Write for Log {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[tokio::test(start_paused = true)]
    async fn the_log_tells_of_wrong_keys_once_a_second_and_how_many_there_were() {
        let log = Log::default();
        let into = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || into.clone())
            .finish();
        let _told = tracing::subscriber::set_default(subscriber);
        let wrong = WrongKeys::default();
        for crowd in [5, 2, 0, 0, 1] {
            for _ in 0..crowd {
                wrong.say();
            }
            sleep(SECOND + Duration::from_millis(1)).await;
        }
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let counts: Vec<_> = text
            .lines()
            .filter_map(|line| line.split("count=").nth(1))
            .collect();
        assert_eq!(counts, ["1", "4", "2", "1"], "the rest is told too");
        assert!(text.contains("WARN"));
    }
}
