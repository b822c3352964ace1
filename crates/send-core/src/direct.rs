//! Which way bytes may go straight between client and storage, by URLs that the storage signs.

use std::{fmt, str::FromStr, sync::Arc, time::Duration};

use storage::Presign;

/// How long a signed URL for a part works. S3 looks at the time when a request begins, so a slow line needs no more.
pub const LIFE: Duration = Duration::from_mins(5);
/// How long the URLs of an upload by the original's routes work: its clients get all of them at once.
pub const UPLOAD_LIFE: Duration = Duration::from_hours(1);

/// The value of `SEND_DIRECT`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ways {
    /// All bytes pass the service.
    Off,
    /// Uploads may go straight to the storage.
    Uploads,
    /// Downloads too. A signed read cannot be called back: what is deleted meanwhile can be read until it ends.
    Both,
}

/// A storage that signs URLs, as far as it may.
#[derive(Clone)]
pub struct Direct {
    presign: Option<Arc<dyn Presign>>,
    ways: Ways,
}

impl Direct {
    /// Through this storage, if it signs, these ways.
    #[must_use]
    pub fn new(presign: Option<Arc<dyn Presign>>, ways: Ways) -> Self {
        Self { presign, ways }
    }

    /// All bytes pass the service.
    #[must_use]
    pub fn off() -> Self {
        Self::new(None, Ways::Off)
    }

    /// What signs uploads, where they may go straight.
    #[must_use]
    pub fn uploads(&self) -> Option<&dyn Presign> {
        match self.ways {
            Ways::Off => None,
            Ways::Uploads | Ways::Both => self.presign.as_deref(),
        }
    }

    /// What signs downloads of sends, where they may go straight.
    #[must_use]
    pub fn downloads(&self) -> Option<&dyn Presign> {
        match self.ways {
            Ways::Off | Ways::Uploads => None,
            Ways::Both => self.presign.as_deref(),
        }
    }

    /// What signs for the original's routes, whose downloads by URL count when the URL is asked for: they are the only way to
    /// a payload that is too large for an answer of AWS Lambda.
    #[must_use]
    pub fn original(&self) -> Option<&dyn Presign> {
        self.uploads()
    }

    /// Where signed URLs lead, for the pages' policy.
    #[must_use]
    pub fn base(&self) -> Option<&str> {
        self.uploads().map(Presign::base)
    }
}

impl FromStr for Ways {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "off" => Ok(Self::Off),
            "uploads" => Ok(Self::Uploads),
            "both" => Ok(Self::Both),
            _ => Err(()),
        }
    }
}

impl fmt::Display for Ways {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Off => "off",
            Self::Uploads => "uploads",
            Self::Both => "both",
        })
    }
}
