use proptest::prelude::*;

use super::*;

const LIMITS: HeadLimits = HeadLimits {
    bytes: 16 * 1024,
    lines: 64,
};

fn read(bytes: &[u8]) -> Framing {
    let mut framing = Framing::new(LIMITS);
    framing.feed(bytes);
    framing
}

/// The verdicts on the first `count` requests in `bytes`.
fn verdicts(bytes: &str, count: usize) -> Vec<Result<(), Refusal>> {
    let mut framing = read(bytes.as_bytes());
    (0..count).map(|_| framing.judge()).collect()
}

#[test]
fn requests_are_counted_past_every_kind_of_body() {
    let bytes = "GET / HTTP/1.1\r\nHost: a\r\n\r\n\
        POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nGET\
        POST / HTTP/1.1\r\nContent-Length: 0\r\n\r\n\
        POST / HTTP/1.1\r\ntransfer-encoding: Chunked\r\n\r\n\
        3;name=value\r\nGET\r\n00a \r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n\
        GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    let all = verdicts(bytes, 6);
    assert_eq!(all[..5], [Ok(()); 5]);
    assert_eq!(all[5], Err(Refusal::LostCount), "there are only five");
}

#[test]
fn each_ambiguous_head_is_named_and_the_requests_before_it_are_not() {
    let cases = [
        (
            "Content-Length: 1\r\nTransfer-Encoding: chunked\r\n",
            Refusal::TwoFramings,
        ),
        (
            "Transfer-Encoding: chunked\r\nX: y\r\nCONTENT-LENGTH: 1\r\n",
            Refusal::TwoFramings,
        ),
        (
            "Content-Length: 1\r\nContent-Length: 1\r\n",
            Refusal::TwoLengths,
        ),
        (
            "Transfer-Encoding: gzip, chunked\r\n",
            Refusal::UnknownCoding,
        ),
        (
            "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
            Refusal::UnknownCoding,
        ),
        ("Host: a\nContent-Length: 1\r\n", Refusal::BareLineFeed),
        ("Host: a\r\n\nGET /b HTTP/1.1\r\n", Refusal::BareLineFeed),
    ];
    for (lines, flaw) in cases {
        let bytes = format!("GET / HTTP/1.1\r\n\r\nPOST / HTTP/1.1\r\n{lines}\r\n");
        assert_eq!(verdicts(&bytes, 2), [Ok(()), Err(flaw)], "{lines}");
    }
}

#[test]
fn a_head_of_65_lines_is_too_many() {
    let head = |lines| format!("GET / HTTP/1.1\r\n{}\r\n", "X: y\r\n".repeat(lines));
    assert_eq!(verdicts(&head(64), 1), [Ok(())]);
    assert_eq!(verdicts(&head(65), 1), [Err(Refusal::TooManyHeaders)]);
}

#[test]
fn nothing_is_counted_after_bytes_that_are_not_http() {
    let next = "GET / HTTP/1.1\r\n\r\n";
    let chunked = "POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n";
    for bodies in [
        "x\r\n",
        "\r\n",
        "1\n",
        "1\r\nab",
        "11111111111111111\r\n",
        "0\r\na: b\n\r\n\r\n",
    ] {
        let bytes = format!("{chunked}{bodies}{next}");
        assert_eq!(
            verdicts(&bytes, 2),
            [Ok(()), Err(Refusal::LostCount)],
            "{bodies:?}"
        );
    }
    let length = format!("POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx{next}");
    assert_eq!(verdicts(&length, 2), [Ok(()), Err(Refusal::LostCount)]);
}

#[test]
fn a_head_over_the_limit_is_neither_kept_nor_counted() {
    let mut framing = read(b"GET / HTTP/1.1\r\nX: ");
    for _ in 0..20 {
        framing.feed(&[b'y'; 1024]);
    }
    assert!(!framing.in_head(), "nothing of it is held");
    framing.feed(b"\r\n\r\n");
    assert_eq!(framing.judge(), Err(Refusal::LostCount));
}

#[test]
fn it_tells_heads_from_bodies() {
    let mut framing = read(b"POST / HTTP/1.1\r\nContent-Le");
    assert!(framing.in_head() && !framing.in_body());
    framing.feed(b"ngth: 3\r\n\r\na");
    assert!(!framing.in_head() && framing.in_body());
    framing.feed(b"bc");
    assert!(!framing.in_head() && !framing.in_body());
}

proptest! {
    #[test]
    fn how_the_bytes_were_cut_makes_no_difference(
        cuts in proptest::collection::vec(1usize..40, 1..40),
        requests in proptest::collection::vec(request(), 1..6),
    ) {
        let bytes = requests.concat();
        let mut cut = Framing::new(LIMITS);
        let mut rest = bytes.as_bytes();
        for at in cuts.iter().cycle() {
            let (piece, after) = rest.split_at((*at).min(rest.len()));
            cut.feed(piece);
            rest = after;
            if rest.is_empty() { break; }
        }
        let mut whole = read(bytes.as_bytes());
        for _ in 0..=requests.len() {
            prop_assert_eq!(cut.judge(), whole.judge());
        }
        prop_assert_eq!(whole.heads as usize, requests.len());
    }
}

/// A well-formed request of some kind.
fn request() -> impl Strategy<Value = String> {
    let chunk = "[a-zGP \r\n]{1,30}".prop_map(|data| format!("{:X}\r\n{data}\r\n", data.len()));
    prop_oneof![
        "[a-z]{0,20}".prop_map(|path| format!("\r\nGET /{path} HTTP/1.1\r\nHost: a\r\n\r\n")),
        "[a-zGP \r\n]{0,50}".prop_map(|body| {
            format!(
                "PUT / HTTP/1.1\r\nContent-Length: {}\r\n\r\n{body}",
                body.len()
            )
        }),
        proptest::collection::vec(chunk, 0..4).prop_map(|chunks| {
            format!(
                "PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n{}0\r\n\r\n",
                chunks.concat()
            )
        }),
    ]
}
