//! What is answered in the place of S3, and what is left of an answer of S3.

use std::{io, time::Duration};

use bytes::Bytes;
use futures::{StreamExt, stream};
use http_body_util::{BodyExt, Full, StreamBody, combinators::BoxBody};
use hyper::{
    HeaderMap, Response, StatusCode,
    body::{Frame, Incoming},
    header::{self, HeaderValue},
};

/// A body of any kind.
pub(super) type Body = BoxBody<Bytes, io::Error>;

/// Until half a body has left the proxy.
const ON_ITS_WAY: Duration = Duration::from_millis(50);

/// A refusal as S3 writes it: "Error responses" in the Amazon S3 API reference.
pub(super) fn refusal(status: StatusCode, code: &str) -> Response<Body> {
    let text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>{code}</Code><Message>Injected by a test.</Message>\
         <RequestId>0000000000000000</RequestId></Error>"
    );
    let body = Full::new(Bytes::from(text)).map_err(|never| match never {});
    let mut response = Response::new(body.boxed());
    *response.status_mut() = status;
    let xml = HeaderValue::from_static("application/xml");
    response.headers_mut().insert(header::CONTENT_TYPE, xml);
    response
}

/// An answer as it came.
pub(super) fn whole(response: Response<Incoming>) -> Response<Body> {
    response.map(|body| body.map_err(io::Error::other).boxed())
}

/// An answer whose body ends half-way; as it came where it has none.
pub(super) fn half(response: Response<Incoming>) -> Response<Body> {
    let Some(length) = length(response.headers()).filter(|length| *length > 0) else {
        return whole(response);
    };
    response.map(|body| {
        let kept = length / 2;
        let bytes = body.into_data_stream();
        let cut = bytes.scan(kept, |room, piece| {
            let piece = piece.map(|piece: Bytes| {
                let taken = piece.slice(..piece.len().min(*room));
                *room -= taken.len();
                Frame::data(taken)
            });
            // An empty piece is where the room ended.
            let ends = piece
                .as_ref()
                .is_ok_and(|frame| frame.data_ref().is_some_and(Bytes::is_empty));
            futures::future::ready((!ends).then(|| piece.map_err(io::Error::other)))
        });
        let broken = stream::once(async {
            tokio::time::sleep(ON_ITS_WAY).await;
            Err(io::ErrorKind::ConnectionReset.into())
        });
        BodyExt::boxed(StreamBody::new(cut.chain(broken)))
    })
}

fn length(headers: &HeaderMap) -> Option<usize> {
    headers
        .get(header::CONTENT_LENGTH)?
        .to_str()
        .ok()?
        .parse()
        .ok()
}
