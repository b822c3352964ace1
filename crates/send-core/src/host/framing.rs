//! Where each request of a connection begins, and what is ambiguous about its head.
//!
//! Before a service sees a request, hyper has settled what two servers may settle differently: of `Content-Length`
//! beside `Transfer-Encoding` it drops the first, of two equal lengths the second, and a bare line feed ends a line. A
//! proxy in front that settles them otherwise disagrees with us about where the next request begins, which is how
//! requests are smuggled. So the host reads along: each head with the parser that hyper uses, each body only as far as
//! to find its end. Where it cannot follow it counts nothing more, and a request that it has not counted is refused.

mod chunks;

use super::refusal::Refusal;
use chunks::{Chunks, Step};

/// The header lines that are parsed at most, hyper's own limit.
const PARSED_HEADERS: usize = 100;

/// What the bytes of a connection have been so far.
#[derive(Debug)]
pub(super) struct Framing {
    expecting: Expecting,
    /// The beginning of a head that has not come whole. Empty, and without memory, at all other times.
    head: Vec<u8>,
    limits: HeadLimits,
    /// Heads that were read whole.
    heads: u64,
    /// Requests that were asked about.
    asked: u64,
    /// What is wrong with the last of `heads`; nothing is read after it.
    flaw: Option<Refusal>,
}

/// How large a head may be.
#[derive(Clone, Copy, Debug)]
pub(super) struct HeadLimits {
    pub(super) bytes: usize,
    pub(super) lines: usize,
}

/// What the next byte belongs to.
#[derive(Debug)]
enum Expecting {
    Head,
    /// A body with this many bytes to come.
    Sized(u64),
    Chunked(Chunks),
    /// Something unknown: no further request is counted.
    Unknown,
}

impl Framing {
    pub(super) fn new(limits: HeadLimits) -> Self {
        Self {
            expecting: Expecting::Head,
            head: Vec::new(),
            limits,
            heads: 0,
            asked: 0,
            flaw: None,
        }
    }

    /// Whether a head has begun and not ended.
    pub(super) fn in_head(&self) -> bool {
        !self.head.is_empty()
    }

    /// Whether more of a request body is to come.
    pub(super) fn in_body(&self) -> bool {
        matches!(self.expecting, Expecting::Sized(_) | Expecting::Chunked(_))
    }

    /// Takes the next bytes of the connection, however they were cut.
    pub(super) fn feed(&mut self, mut bytes: &[u8]) {
        while !bytes.is_empty() {
            bytes = match &mut self.expecting {
                Expecting::Head => self.feed_head(bytes),
                Expecting::Sized(left) => {
                    let skipped =
                        usize::try_from(*left).map_or(bytes.len(), |n| n.min(bytes.len()));
                    *left -= skipped as u64;
                    if *left == 0 {
                        self.expecting = Expecting::Head;
                    }
                    &bytes[skipped..]
                }
                Expecting::Chunked(chunks) => {
                    let (step, rest) = chunks.feed(bytes);
                    match step {
                        Step::More => {}
                        Step::End => self.expecting = Expecting::Head,
                        Step::Malformed => self.expecting = Expecting::Unknown,
                    }
                    rest
                }
                Expecting::Unknown => return,
            };
        }
    }

    /// Asked once for each request that hyper has read, in order: whether it may be answered.
    pub(super) fn judge(&mut self) -> Result<(), Refusal> {
        self.asked += 1;
        match self.flaw {
            _ if self.asked > self.heads => Err(Refusal::LostCount),
            Some(flaw) if self.asked == self.heads => Err(flaw),
            _ => Ok(()),
        }
    }

    /// Reads on in a head, and returns what follows it.
    fn feed_head<'b>(&mut self, bytes: &'b [u8]) -> &'b [u8] {
        let had = self.head.len();
        if had > 0 {
            self.head.extend_from_slice(bytes);
            // A head that dribbles in is not parsed anew for each byte.
            if !may_end_after(&self.head, had) && self.head.len() <= self.limits.bytes {
                return &[];
            }
        }
        let seen = if had > 0 { &self.head } else { bytes };
        match Head::parse(seen, self.limits) {
            Ok(Some(head)) => {
                let rest = &bytes[head.len - had..];
                self.head = Vec::new();
                self.heads += 1;
                self.flaw = head.flaw;
                self.expecting = head.body;
                rest
            }
            Ok(None) if seen.len() <= self.limits.bytes => {
                if had == 0 {
                    self.head = bytes.to_vec();
                }
                &[]
            }
            Ok(None) | Err(_) => {
                self.head = Vec::new();
                self.expecting = Expecting::Unknown;
                &[]
            }
        }
    }
}

/// Whether a head can end in what came after the first `had` bytes: an empty line ends it.
fn may_end_after(head: &[u8], had: usize) -> bool {
    let tail = &head[had.saturating_sub(3)..];
    tail.windows(2).any(|two| two == b"\n\n") || tail.windows(3).any(|three| three == b"\n\r\n")
}

/// A head that was read whole.
struct Head {
    len: usize,
    body: Expecting,
    flaw: Option<Refusal>,
}

impl Head {
    /// The head at the start of `bytes`, `None` when it has not come whole.
    fn parse(bytes: &[u8], limits: HeadLimits) -> Result<Option<Self>, httparse::Error> {
        let mut headers = [httparse::EMPTY_HEADER; PARSED_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(len) = request.parse(bytes)? else {
            return Ok(None);
        };
        let framing = Lines::of(request.headers);
        let flaw = framing.flaw().or_else(|| {
            if request.headers.len() > limits.lines {
                Some(Refusal::TooManyHeaders)
            } else {
                has_bare_line_feed(&bytes[..len]).then_some(Refusal::BareLineFeed)
            }
        });
        let body = if flaw.is_some() {
            Expecting::Unknown
        } else {
            framing.body()
        };
        Ok(Some(Self { len, body, flaw }))
    }
}

fn has_bare_line_feed(head: &[u8]) -> bool {
    let mut lines = head.split_inclusive(|&byte| byte == b'\n');
    lines.any(|line| !line.ends_with(b"\r\n"))
}

/// The header lines that say where the body ends.
#[derive(Default)]
struct Lines<'h> {
    lengths: usize,
    length: &'h [u8],
    codings: usize,
    coding: &'h [u8],
}

impl<'h> Lines<'h> {
    fn of(headers: &[httparse::Header<'h>]) -> Self {
        let mut lines = Self::default();
        for header in headers {
            if header.name.eq_ignore_ascii_case("content-length") {
                lines.lengths += 1;
                lines.length = header.value;
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                lines.codings += 1;
                lines.coding = header.value;
            }
        }
        lines
    }

    fn flaw(&self) -> Option<Refusal> {
        match (self.lengths, self.codings) {
            (1.., 1..) => Some(Refusal::TwoFramings),
            (2.., 0) => Some(Refusal::TwoLengths),
            (0, 1..) if self.codings > 1 || !self.coding.eq_ignore_ascii_case(b"chunked") => {
                Some(Refusal::UnknownCoding)
            }
            _ => None,
        }
    }

    fn body(&self) -> Expecting {
        if self.codings > 0 {
            return Expecting::Chunked(Chunks::default());
        }
        if self.lengths == 0 {
            return Expecting::Head;
        }
        // hyper takes digits alone too; on anything else it refuses the request itself.
        let digits = self.length.iter().all(u8::is_ascii_digit);
        let length = digits.then(|| std::str::from_utf8(self.length).ok()?.parse().ok());
        match length.flatten() {
            Some(0) => Expecting::Head,
            Some(length) => Expecting::Sized(length),
            None => Expecting::Unknown,
        }
    }
}

#[cfg(test)]
mod tests;
