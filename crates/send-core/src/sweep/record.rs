//! What a record says of a transfer to who sweeps it.

use std::time::Duration;

use crate::{
    clock::Millis,
    id::Nonce,
    key::Thing,
    record::{Record, Removing, State, TransferRecord},
};

/// How long a tombstone stays after the latest end that its transfer could have had.
pub(super) const REMEMBERED: Duration = Duration::from_hours(24);
/// After this, another may take over the removal of a tombstone.
const TAKE_OVER: Duration = Duration::from_mins(10);

/// Where a transfer stands for who sweeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Stage {
    /// Being uploaded.
    Pending,
    /// Can be downloaded.
    Completed,
    /// Neither: its ciphertext goes.
    Gone,
    /// Gone for so long that nothing needs to be known of it.
    Past,
    /// As [`Stage::Past`], and another has begun.
    BeingRemoved,
}

impl Record {
    pub(super) fn stage(&self, now: Millis, max_age: Duration) -> Stage {
        let life = self.life();
        if !self.is_gone(now) {
            return match life.state {
                State::Pending => Stage::Pending,
                State::Completed | State::Exhausted | State::Deleted | State::TakenDown => {
                    Stage::Completed
                }
            };
        }
        // An operator may have made the longest life shorter since.
        let end = life.created_at.plus(max_age).max(life.expires_at);
        if now < end.plus(REMEMBERED) {
            return Stage::Gone;
        }
        match life.removing {
            Some(mark) if now < mark.at.plus(TAKE_OVER) => Stage::BeingRemoved,
            Some(_) | None => Stage::Past,
        }
    }

    /// Whether nothing can be added to it or read any more. The original's routes take an upload whose transfer has expired.
    fn is_gone(&self, now: Millis) -> bool {
        let life = self.life();
        match self {
            Self::Transfer(_) if life.state == State::Pending => false,
            Self::Send(_) | Self::Transfer(_) => life.gone(now).is_some(),
        }
    }

    /// Ends it, so that every later upload and complete is refused.
    pub(super) fn abandon(&mut self, now: Millis) {
        match self {
            Self::Send(record) => record.life.expires_at = now,
            Self::Transfer(record) => record.life.state = State::Deleted,
        }
    }

    pub(super) fn mark(&mut self, mark: Removing) {
        self.life_mut().removing = Some(mark);
    }

    /// Whether something of its own generation is not what the record names, and never can be again.
    pub(super) fn forgot(&self, thing: &Thing) -> bool {
        match (self, thing) {
            // While pending, a manifest that came before may be sent, and named, again.
            (Self::Send(record), Thing::Manifest(digest)) => {
                record.life.state != State::Pending && record.manifest != Some(*digest)
            }
            // While pending, an upload may have arrived and not be named yet: S3 dates it from its first byte.
            (Self::Transfer(record), Thing::Payload(nonce)) => {
                record.life.state != State::Pending && !names(record, nonce)
            }
            (Self::Transfer(record), Thing::Incoming(nonce)) => !names(record, nonce),
            (
                Self::Send(_) | Self::Transfer(_),
                Thing::Part
                | Thing::Manifest(_)
                | Thing::Incoming(_)
                | Thing::Payload(_)
                | Thing::Slot
                | Thing::Other,
            ) => false,
        }
    }
}

fn names(record: &TransferRecord, nonce: &Nonce) -> bool {
    record.names(nonce) || record.signed == Some(*nonce)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::Digest;

    const DAY: u64 = 86_400_000;
    const MAX_AGE: Duration = Duration::from_hours(30 * 24);

    fn record(of: &str, state: &str, fields: &str) -> Record {
        let life = format!(
            r#""generation":"0000000000000000","state":"{state}","created_at":0,"expires_at":{DAY},"size":4168,"downloads":1,"wipe":false"#
        );
        let zeros = "0".repeat(64);
        let rest = match of {
            "send" => format!(
                r#""link_verifier":"{zeros}","read_verifier":"{zeros}","owner_verifier":"{zeros}","manifest":"{zeros}""#
            ),
            _ => r#""content_type_hint":"","delete_auth_hash":null,"incoming":null,"payload":null"#
                .to_owned(),
        };
        serde_json::from_str(&format!("{{{life},{rest}{fields}}}")).unwrap()
    }

    #[test]
    fn a_record_is_the_one_of_its_routes_and_is_written_as_it_was() {
        assert!(matches!(record("send", "pending", ""), Record::Send(_)));
        assert!(matches!(
            record("transfer", "pending", ""),
            Record::Transfer(_)
        ));
        let mark = r#","removing":{"at":5,"by":"0707070707070707"}"#;
        for fields in ["", mark] {
            let read = record("send", "deleted", fields);
            let text = serde_json::to_string(&read).unwrap();
            assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), read);
            assert_eq!(text.contains("removing"), !fields.is_empty());
        }
    }

    #[test]
    fn stages_follow_from_state_and_clock() {
        let at = |record: &Record, days: u64| record.stage(Millis(days * DAY), MAX_AGE);
        for (of, state, day_0, day_1) in [
            ("send", "pending", Stage::Pending, Stage::Gone),
            ("send", "completed", Stage::Completed, Stage::Gone),
            ("send", "exhausted", Stage::Gone, Stage::Gone),
            ("send", "deleted", Stage::Gone, Stage::Gone),
            ("send", "taken_down", Stage::Gone, Stage::Gone),
            ("transfer", "pending", Stage::Pending, Stage::Pending),
            ("transfer", "completed", Stage::Completed, Stage::Gone),
            ("transfer", "deleted", Stage::Gone, Stage::Gone),
        ] {
            let record = record(of, state, "");
            assert_eq!((at(&record, 0), at(&record, 1)), (day_0, day_1), "{state}");
            let past = if day_1 == Stage::Pending {
                day_1
            } else {
                Stage::Past
            };
            assert_eq!((at(&record, 30), at(&record, 31)), (day_1, past), "{state}");
        }
    }

    #[test]
    fn a_shorter_longest_life_does_not_shorten_what_was_promised() {
        let record = record("send", "completed", "");
        let hour = Duration::from_hours(1);
        assert_eq!(record.stage(Millis(DAY - 1), hour), Stage::Completed);
        assert_eq!(record.stage(Millis(2 * DAY - 1), hour), Stage::Gone);
        assert_eq!(record.stage(Millis(2 * DAY), hour), Stage::Past);
    }

    #[test]
    fn a_removal_is_taken_over_after_ten_minutes() {
        let begun = 40 * DAY;
        let mark = format!(r#","removing":{{"at":{begun},"by":"0707070707070707"}}"#);
        let record = record("send", "deleted", &mark);
        let after = |minutes: u64| record.stage(Millis(begun + minutes * 60_000), MAX_AGE);
        assert_eq!(
            (after(0), after(9)),
            (Stage::BeingRemoved, Stage::BeingRemoved)
        );
        assert_eq!(after(10), Stage::Past);
    }

    #[test]
    fn what_is_abandoned_is_gone_at_once() {
        for of in ["send", "transfer"] {
            let mut record = record(of, "pending", "");
            record.abandon(Millis(7));
            assert_eq!(record.stage(Millis(7), MAX_AGE), Stage::Gone);
        }
    }

    #[test]
    fn only_what_can_never_be_named_again_is_forgotten() {
        let (named, other) = (Digest::new([0; 32]), Digest::new([9; 32]));
        let [a, b] = [[1; 8], [2; 8]].map(Nonce::new);
        let pending = record("send", "pending", "");
        let completed = record("send", "completed", "");
        assert!(completed.forgot(&Thing::Manifest(other)));
        for kept in [
            Thing::Manifest(named),
            Thing::Part,
            Thing::Slot,
            Thing::Other,
        ] {
            assert!(!completed.forgot(&kept), "{kept:?}");
        }
        assert!(!pending.forgot(&Thing::Manifest(other)));

        let Record::Transfer(mut transfer) = record("transfer", "pending", "") else {
            panic!("another's record");
        };
        transfer.signed = Some(a);
        let uploading = Record::Transfer(transfer.clone());
        assert!(!uploading.forgot(&Thing::Incoming(a)) && uploading.forgot(&Thing::Incoming(b)));
        assert!(!uploading.forgot(&Thing::Payload(b)));
        transfer.life.state = State::Completed;
        (transfer.signed, transfer.payload) = (None, Some(b));
        let completed = Record::Transfer(transfer);
        assert!(!completed.forgot(&Thing::Payload(b)) && completed.forgot(&Thing::Payload(a)));
        assert!(completed.forgot(&Thing::Incoming(a)) && !completed.forgot(&Thing::Other));
    }
}
