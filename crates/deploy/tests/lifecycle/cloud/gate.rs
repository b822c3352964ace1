//! The gate through which every call goes: there it takes its time, is counted and written down, and the script says what becomes of it.

use std::{fmt, time::Duration};

use deploy::cloud::{Answer, CallError};
use tokio::time::{Instant, sleep};

use super::{
    Inside, State,
    place::Place,
    refusal::{Done, Refusal},
    script::Verdict,
};

/// A call that came.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    /// The account of the caller.
    pub(crate) account: String,
    /// The region that was called.
    pub(crate) region: String,
    /// The operation: `iam:CreateRole`.
    pub(crate) call: &'static str,
    /// What it was about.
    pub(crate) subject: String,
    /// Whether it may change something.
    pub(crate) writes: bool,
}

impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.call, self.subject)
    }
}

impl Place {
    /// A call that changes something. The change may be done twice, so it takes nothing away from what it is given.
    pub(super) async fn write<T>(
        &self,
        call: &'static str,
        subject: &str,
        change: impl Fn(&mut State) -> Done<T> + Send + Sync,
    ) -> Answer<T> {
        self.enter(call, subject, true, |inside| {
            inside.remember();
            change(&mut inside.state)
        })
        .await
    }

    /// A call that looks, and may see late.
    pub(super) async fn read<T>(
        &self,
        call: &'static str,
        subject: &str,
        look: impl Fn(&mut State) -> Done<T> + Send + Sync,
    ) -> Answer<T> {
        self.enter(call, subject, false, |inside| match inside.late() {
            Some(mut state) => look(&mut state),
            None => look(&mut inside.state),
        })
        .await
    }

    /// A call that looks at what S3 shows at once.
    pub(super) async fn read_now<T>(
        &self,
        call: &'static str,
        subject: &str,
        look: impl Fn(&mut State) -> Done<T> + Send + Sync,
    ) -> Answer<T> {
        self.enter(call, subject, false, |inside| look(&mut inside.state))
            .await
    }

    async fn enter<T>(
        &self,
        call: &'static str,
        subject: &str,
        writes: bool,
        work: impl Fn(&mut Inside) -> Done<T> + Send + Sync,
    ) -> Answer<T> {
        let half = self.world.inside().way();
        sleep(half).await;
        self.count(call);
        let answer = self
            .world
            .inside()
            .meet(self.entry(call, subject, writes), work);
        sleep(half).await;
        answer
    }

    fn entry(&self, call: &'static str, subject: &str, writes: bool) -> Entry {
        Entry {
            account: self.account.clone(),
            region: self.region.clone(),
            call,
            subject: subject.into(),
            writes,
        }
    }
}

impl Inside {
    /// How long a call takes to AWS, and its answer back: not always the same, so that calls overtake each other.
    fn way(&mut self) -> Duration {
        let share = self.state.number() * 7 % 11 + 5;
        self.state.settings.way * u32::try_from(share).unwrap_or(10) / 10
    }

    /// A call arrives.
    fn meet<T>(&mut self, entry: Entry, work: impl Fn(&mut Self) -> Done<T>) -> Answer<T> {
        let (call, writes) = (entry.call, entry.writes);
        self.journal.push(entry);
        let no = |refusal: Refusal| -> CallError { refusal.to(call) };
        match self.script.next(call, writes) {
            Verdict::Answered => work(self).map_err(no),
            Verdict::Refused(refusal) => Err(no(refusal)),
            Verdict::Lost(refusal) => {
                // Whatever it came to: nobody hears of it.
                let _ = work(self);
                Err(no(refusal))
            }
            Verdict::Twice => {
                let _ = work(self);
                work(self).map_err(no)
            }
        }
    }

    /// Keeps what is there for those who see late, and forgets what nobody sees any more.
    fn remember(&mut self) {
        let lag = self.state.settings.lag;
        if lag.is_zero() {
            return self.past.clear();
        }
        let now = Instant::now();
        self.past.retain(|(until, _)| *until + lag > now);
        self.past.push((now, self.state.clone()));
    }

    /// What is seen by who sees late.
    fn late(&self) -> Option<State> {
        let lag = self.state.settings.lag;
        let mut past = self.past.iter();
        let (_, state) = past.find(|(until, _)| *until + lag > Instant::now())?;
        Some(state.clone())
    }
}
