//! What operators see of transfers: metadata, never a byte of a payload. Times are milliseconds since 1970, sizes stored bytes.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    clock::Millis,
    record::{Gone, Life, Reason, State, TakenDown},
};

/// Which routes made a transfer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// Those of `/api/v1/sends`.
    Send,
    /// The original's.
    Transfer,
}

/// Where a transfer stands, the clock included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Being uploaded.
    Pending,
    /// Can be downloaded.
    Completed,
    /// Downloaded as often as allowed, and wiped.
    Exhausted,
    /// Deleted, by its sender or an operator, or abandoned.
    Deleted,
    /// Taken down by the operator.
    TakenDown,
    /// Its time is over.
    Expired,
}

impl Standing {
    /// That of a transfer at this time.
    #[must_use]
    pub fn of(life: &Life, now: Millis) -> Self {
        match life.gone(now) {
            Some(Gone::Expired) => Self::Expired,
            Some(Gone::Exhausted) => Self::Exhausted,
            Some(Gone::Deleted) => Self::Deleted,
            Some(Gone::TakenDown(_)) => Self::TakenDown,
            None if life.state == State::Pending => Self::Pending,
            None => Self::Completed,
        }
    }
}

/// A transfer in a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Summary {
    /// 32 hexadecimal digits, or 12 of a transfer of the original's routes.
    pub id: String,
    /// Which routes made it.
    pub kind: Kind,
    /// Where it stands.
    pub state: Standing,
    /// Stored bytes: as declared while pending, as found once completed.
    pub size: u64,
    /// When it was created.
    pub created_at: Millis,
    /// When it ends.
    pub expires_at: Millis,
    /// How many downloads are allowed; 0 is any number.
    pub downloads: u64,
    /// The name of the access token that it was sent with.
    pub token: Option<String>,
}

/// A page of transfers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Transfers {
    /// The newest first; where those that were reported are asked for, in the order of their ids.
    pub transfers: Vec<Summary>,
    /// What to give as `before` for the next page; null at the end.
    pub next: Option<String>,
    /// How many records were read for this page.
    pub looked_at: u64,
    /// Which of the filters look at one transfer after the other: with them a page may hold few, or none, and still have a next.
    pub scans: Vec<&'static str>,
}

/// All that is known of a transfer.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Detail {
    /// As in a list.
    #[serde(flatten)]
    pub summary: Summary,
    /// How many downloads were taken.
    pub downloads_taken: u64,
    /// The payload goes with the last download.
    pub wipe: bool,
    /// What its readers reported.
    pub reports: Vec<Report>,
    /// Why and when it was taken down.
    pub taken_down: Option<TakenDown>,
}

/// What a reader reported.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Report {
    /// When.
    pub at: Millis,
    /// Why, in the reader's words.
    pub reason: String,
}

/// A transfer that was reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Reported {
    /// The transfer.
    pub transfer: Summary,
    /// What its readers reported, the oldest first.
    pub reports: Vec<Report>,
}

/// A page of what was reported.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReportPage {
    /// In the order of the transfers' ids.
    pub reports: Vec<Reported>,
    /// What to give as `after` for the next page; null at the end.
    pub next: Option<String>,
}

/// The answer to a dismissal.
#[derive(Clone, Copy, Debug, Serialize, ToSchema)]
pub struct Dismissed {
    /// How many reports are gone.
    pub dismissed: u64,
}

/// `POST /transfers/{id}/takedown`.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct AskTakedown {
    /// Why.
    pub reason: Reason,
}

/// `PATCH /transfers/{id}`.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
pub struct AskExtension {
    /// How many seconds from now it is to live.
    #[schema(minimum = 1, maximum = 315619200)]
    pub expires_in: u64,
}
