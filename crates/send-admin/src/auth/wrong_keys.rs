//! Wrong admin keys: each waits a second for its answer, few wait at once, and the log says that there are some.

use std::{
    sync::{Mutex, PoisonError},
    time::Duration,
};

use send_core::error::ApiError;
use tokio::{
    sync::Semaphore,
    time::{Instant, sleep},
};

use super::admission::NEEDED;

/// How long an answer to a wrong key takes, and how often the log tells of them at most.
const SECOND: Duration = Duration::from_secs(1);
/// How many wait for one at a time in this process.
const WAITING: usize = 8;

/// Slows down who guesses. Right keys never come here.
pub(crate) struct WrongKeys {
    room: Semaphore,
    unsaid: Mutex<Unsaid>,
}

/// What the log has not been told.
#[derive(Default)]
struct Unsaid {
    count: u64,
    said: Option<Instant>,
}

impl Default for WrongKeys {
    fn default() -> Self {
        Self {
            room: Semaphore::new(WAITING),
            unsaid: Mutex::default(),
        }
    }
}

impl WrongKeys {
    /// The refusal of a wrong key, in its time.
    pub(crate) async fn refuse(&self) -> ApiError {
        self.say();
        let Ok(_waiting) = self.room.try_acquire() else {
            return ApiError::TooMany("Too many wrong keys are shown at once. Wait a moment.");
        };
        sleep(SECOND).await;
        NEEDED
    }

    /// Neither the key nor where it came from is anybody's business.
    fn say(&self) {
        let mut unsaid = self.unsaid.lock().unwrap_or_else(PoisonError::into_inner);
        unsaid.count += 1;
        if unsaid.said.is_none_or(|said| said.elapsed() >= SECOND) {
            tracing::warn!(count = unsaid.count, "wrong admin keys were shown");
            *unsaid = Unsaid {
                count: 0,
                said: Some(Instant::now()),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        sync::Arc,
    };

    use tokio::time::advance;

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
        for _ in 0..5 {
            wrong.say();
        }
        advance(SECOND).await;
        wrong.say();
        wrong.say();
        let text = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
        let counts: Vec<_> = text
            .lines()
            .filter_map(|line| line.split("count=").nth(1))
            .collect();
        assert_eq!(counts, ["1", "5"]);
        assert!(text.contains("WARN"));
    }
}
