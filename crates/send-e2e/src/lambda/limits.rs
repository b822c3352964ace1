//! How much Lambda carries.

use axum::body::{Body, Bytes};
use bytes::BytesMut;
use http_body_util::BodyExt;

/// The longest event and the longest answer, in bytes of JSON with base64 in it: "Lambda quotas", invocation payload, synchronous.
pub const MESSAGE: usize = 6 * 1024 * 1024;

/// Reads a body to its end; none where it is longer than a message, of which no more than that is kept. Whoever sends too much is to
/// hear so, and who does not get rid of all of it hears nothing.
pub(super) async fn read(mut body: Body) -> Result<Option<Bytes>, axum::Error> {
    let (mut kept, mut length) = (BytesMut::new(), 0);
    while let Some(frame) = body.frame().await {
        if let Ok(piece) = frame?.into_data() {
            length += piece.len();
            if length <= MESSAGE {
                kept.extend_from_slice(&piece);
            }
        }
    }
    Ok((length <= MESSAGE).then(|| kept.freeze()))
}
