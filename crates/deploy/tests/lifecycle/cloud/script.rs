//! What goes wrong, and when: by script, so that a test can have it go wrong everywhere.

use deploy::cloud::Kind;

use super::{refusal::Refusal, state::sha256};

/// The connection is gone after so many calls.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Cut {
    /// The call of this number, counted from 1, does not reach AWS, nor does any after it.
    Before(usize),
    /// The call of this number is done, but its answer never comes, nor is any after it done.
    After(usize),
    /// The same, where only calls that may change something are counted.
    AfterWrite(usize),
}

/// What goes wrong with one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// 409: it is being changed.
    Conflict,
    /// 429.
    Throttled,
    /// S3's 503.
    SlowDown,
    /// The connection breaks before the call arrives.
    Unreached,
    /// The call is done, the connection breaks before its answer arrives.
    Lost,
    /// The same, but the client asked again by itself: what is seen is the answer to the second.
    Repeated,
    /// 412: it was changed since it was read.
    Stale,
    /// The role is too new.
    NotAssumable,
    /// The caller may not.
    Denied,
}

/// What becomes of a call.
pub(super) enum Verdict {
    /// It is done and answered.
    Answered,
    /// It is done twice, the second answer counts.
    Twice,
    /// It is done, and this is the answer.
    Lost(Refusal),
    /// It is not done, and this is the answer.
    Refused(Refusal),
}

/// What is still to go wrong.
#[derive(Default)]
pub(super) struct Script {
    cut: Option<Cut>,
    calls: usize,
    writes: usize,
    faults: Vec<Planned>,
    storm: Option<u64>,
}

struct Planned {
    call: &'static str,
    times: usize,
    fault: Fault,
    struck: bool,
}

impl Script {
    pub(super) fn cut(&mut self, cut: Cut) {
        self.cut = Some(cut);
        (self.calls, self.writes) = (0, 0);
    }

    pub(super) fn fail(&mut self, call: &'static str, times: usize, fault: Fault) {
        self.faults.push(Planned {
            call,
            times,
            fault,
            struck: false,
        });
    }

    pub(super) fn storm(&mut self, seed: u64) {
        self.storm = Some(seed);
    }

    /// One call in eight goes wrong, in one of the ways that pass.
    fn struck(&self) -> Option<Fault> {
        let chance = sha256(format!("{:?} {}", self.storm?, self.calls).as_bytes());
        match &chance[..2] {
            "00" | "01" | "02" | "03" => Some(Fault::Conflict),
            "04" | "05" | "06" | "07" => Some(Fault::Throttled),
            "08" | "09" | "0a" | "0b" => Some(Fault::Unreached),
            start if start.starts_with('0') => Some(Fault::Lost),
            start if start.starts_with('1') => Some(Fault::Repeated),
            _ => None,
        }
    }

    /// Whether it was cut off where it was to be, and each fault struck at least once.
    pub(super) fn played(&self) -> bool {
        let reached = |cut| match cut {
            Cut::Before(n) | Cut::After(n) => self.calls >= n,
            Cut::AfterWrite(n) => self.writes >= n,
        };
        self.cut.is_none_or(reached) && self.faults.iter().all(|planned| planned.struck)
    }

    /// What becomes of the call that comes now.
    pub(super) fn next(&mut self, call: &str, writes: bool) -> Verdict {
        let before = (self.calls, self.writes);
        self.calls += 1;
        self.writes += usize::from(writes);
        match self.cut {
            Some(Cut::Before(n)) if self.calls >= n => return Verdict::Refused(gone()),
            Some(Cut::After(n)) if before.0 >= n => return Verdict::Refused(gone()),
            Some(Cut::After(n)) if self.calls == n => return Verdict::Lost(gone()),
            Some(Cut::AfterWrite(n)) if before.1 >= n => return Verdict::Refused(gone()),
            Some(Cut::AfterWrite(n)) if self.writes == n => return Verdict::Lost(gone()),
            _ => {}
        }
        let planned = self
            .faults
            .iter_mut()
            .find(|planned| planned.times > 0 && planned.means(call));
        let fault = match planned {
            Some(planned) => {
                planned.times -= 1;
                planned.struck = true;
                Some(planned.fault)
            }
            None => self.struck(),
        };
        fault.map_or(Verdict::Answered, Fault::verdict)
    }
}

impl Planned {
    fn means(&self, call: &str) -> bool {
        match self.call.strip_suffix('*') {
            Some(start) => call.starts_with(start),
            None => call == self.call,
        }
    }
}

impl Fault {
    fn verdict(self) -> Verdict {
        let no = |kind, code, message: &str| Verdict::Refused(Refusal::new(kind, code, message));
        match self {
            Self::Conflict => no(
                Kind::Conflict,
                "ConflictException",
                "another change is going on",
            ),
            Self::Throttled => no(Kind::Throttled, "TooManyRequestsException", "Rate exceeded"),
            Self::SlowDown => no(
                Kind::Throttled,
                "SlowDown",
                "Please reduce your request rate.",
            ),
            Self::Unreached => no(Kind::Unavailable, "", "the connection was reset"),
            Self::Lost => Verdict::Lost(Refusal::new(
                Kind::Unavailable,
                "",
                "the connection was reset",
            )),
            Self::Repeated => Verdict::Twice,
            Self::Stale => no(
                Kind::Stale,
                "PreconditionFailed",
                "it was changed since it was read",
            ),
            Self::NotAssumable => no(
                Kind::NotAssumable,
                "InvalidParameterValueException",
                "The role defined for the function cannot be assumed by Lambda.",
            ),
            Self::Denied => no(
                Kind::Denied,
                "AccessDenied",
                "no identity-based policy allows it",
            ),
        }
    }
}

fn gone() -> Refusal {
    Refusal::new(Kind::Refused, "", "cut off")
}
