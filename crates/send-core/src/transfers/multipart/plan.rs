//! Into which parts an upload is cut, and the id that says all of it that has to be known again.

use std::{fmt, str::FromStr};

use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use storage::presign::UploadId;

use crate::{error::ApiError, id::Nonce};

/// Bytes of a part where the client does not say how many parts it wants.
pub const PART: u64 = 10 << 20;
/// The fewest bytes of a part but the last: "Amazon S3 multipart upload limits" of the Amazon S3 user guide.
pub const MIN_PART: u64 = 5 << 20;
/// The most bytes of a part, from the same page.
const LARGEST_PART: u64 = 5 << 30;
/// The most parts, from the same page.
pub const MOST_PARTS: u64 = 10_000;

/// Into which parts an upload is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// Bytes of each but the last.
    pub(super) size: u64,
    pub(super) count: u32,
}

impl Parts {
    /// Of so many bytes, in at most so many parts; 0 leaves it to us.
    pub(super) fn of(bytes: u64, asked: u64) -> Result<Self, ApiError> {
        if bytes == 0 {
            return Err(ApiError::field("file_size_bytes", "must be more than 0"));
        }
        let size = match asked {
            0 => PART,
            asked => bytes.div_ceil(asked).max(MIN_PART),
        };
        let count = bytes.div_ceil(size);
        if asked.max(count) > MOST_PARTS {
            return Err(ApiError::field(
                "num_parts",
                format!("S3 takes at most {MOST_PARTS} parts: ask for fewer, which are larger"),
            ));
        }
        if size > LARGEST_PART {
            return Err(ApiError::field(
                "num_parts",
                format!("S3 takes parts of at most {LARGEST_PART} bytes: ask for more of them"),
            ));
        }
        Ok(Self {
            size,
            count: u32::try_from(count).unwrap_or(u32::MAX),
        })
    }
}

/// What a client knows of an upload: its id, which fits into a path as it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct UploadName {
    /// Names the object that it becomes.
    pub(super) nonce: Nonce,
    /// Bytes that it was begun for.
    pub(super) size: u64,
    /// What the storage calls it.
    pub(super) storage: UploadId,
}

impl fmt::Display for UploadName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let storage = BASE64_URL_SAFE_NO_PAD.encode(&self.storage.0);
        write!(f, "{}-{}-{storage}", self.nonce, self.size)
    }
}

impl FromStr for UploadName {
    type Err = ApiError;

    fn from_str(text: &str) -> Result<Self, ApiError> {
        let parse = || {
            let mut fields = text.splitn(3, '-');
            let nonce = fields.next()?.parse().ok()?;
            let size = fields.next()?.parse().ok()?;
            let storage = BASE64_URL_SAFE_NO_PAD.decode(fields.next()?).ok()?;
            let storage = String::from_utf8(storage).ok()?;
            (!storage.is_empty()).then_some(Self {
                nonce,
                size,
                storage: UploadId(storage),
            })
        };
        parse().ok_or_else(no_upload)
    }
}

/// The refusal of an id that is none, or whose upload is over.
pub(super) fn no_upload() -> ApiError {
    ApiError::field(
        "upload_id",
        "names no upload that is under way: begin a new one",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(bytes: u64, asked: u64) -> Option<(u64, u32)> {
        let parts = Parts::of(bytes, asked).ok()?;
        Some((parts.size, parts.count))
    }

    #[test]
    fn parts_are_as_the_original_cuts_them_and_none_is_empty() {
        for (bytes, asked, expected) in [
            (1, 0, (PART, 1)),
            (PART, 0, (PART, 1)),
            (PART + 1, 0, (PART, 2)),
            (12 << 20, 3, (MIN_PART, 3)),
            (12 << 20, 10, (MIN_PART, 3)),
            (100 << 20, 4, (25 << 20, 4)),
            (100 << 30, 10_000, (10_737_419, 10_000)),
            (5 << 30, 1, (5 << 30, 1)),
        ] {
            assert_eq!(parts(bytes, asked), Some(expected), "{bytes} in {asked}");
        }
    }

    #[test]
    fn what_s3_does_not_take_is_refused() {
        for (bytes, asked) in [
            (0, 0),
            (PART * MOST_PARTS + 1, 0),
            (1, 10_001),
            (1, u64::MAX),
            ((5 << 30) + 1, 1),
            (u64::MAX, 0),
            (u64::MAX, 10_000),
        ] {
            assert_eq!(parts(bytes, asked), None, "{bytes} in {asked}");
        }
    }

    #[test]
    fn an_uploads_id_fits_into_a_path_and_comes_back() {
        let name = UploadName {
            nonce: Nonce::new([7; 8]),
            size: 12,
            storage: UploadId("a/b+c==?&-é".to_owned()),
        };
        let text = name.to_string();
        assert!(
            text.bytes()
                .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
        );
        assert_eq!(text.parse::<UploadName>().unwrap(), name);
        for bad in [
            "",
            "upload",
            "0707070707070707-12-",
            "0707070707070707-x-YQ",
            "07-1-YQ",
        ] {
            assert!(bad.parse::<UploadName>().is_err(), "{bad:?}");
        }
    }
}
