use super::*;

const ID: &str = "3b6442e6eeae3f4e0f6023f0d73d3b3a";
const GENERATION: &str = "0011223344556677";

#[test]
fn the_layout_continues_the_originals() {
    let id: SendId = ID.parse().unwrap();
    let key = TransferKey::of(&id);
    let base = "transfers/3b/3b6442e6eeae3f4e0f6023f0d73d3b3a";
    assert_eq!(key.record().as_str(), format!("{base}/meta.json"));
    let generation = key.generation(&GENERATION.parse().unwrap());
    assert_eq!(
        generation.part(7).as_str(),
        format!("{base}/0011223344556677/parts/00007")
    );
    assert_eq!(
        generation.slot(99).as_str(),
        format!("{base}/0011223344556677/slots/099")
    );
    assert_eq!(number(&generation.guess(20_000, 4)), Some(4));
    let token = TokenId::new([7; 16]);
    assert_eq!(token_of(&access_token(&token)), Some(token));
}

#[test]
fn what_is_stored_is_found_again_by_its_path() {
    let (send, generation): (SendId, Nonce) = (ID.parse().unwrap(), GENERATION.parse().unwrap());
    let (digest, nonce) = (Digest::of("any"), Nonce::new([7; 8]));
    let key = TransferKey::of(&send);
    let below = key.generation(&generation);
    assert_eq!(
        parse(&key.record()),
        Some((AnyId::Send(send), Kept::Record))
    );
    for (path, thing) in [
        (below.part(7), Thing::Part),
        (below.manifest(&digest), Thing::Manifest(digest)),
        (below.incoming(&nonce), Thing::Incoming(nonce)),
        (below.payload(&nonce), Thing::Payload(nonce)),
        (below.slot(1), Thing::Slot),
        (below.claim(&digest), Thing::Other),
        (below.count(), Thing::Other),
        (below.guess(20_000, 4), Thing::Other),
    ] {
        let found = Some((AnyId::Send(send), Kept::Of(generation, thing)));
        assert_eq!(parse(&path), found, "{path}");
        let folders = below.bytes();
        let in_bytes = folders
            .iter()
            .any(|f| path.as_str().starts_with(f.as_str()));
        assert_eq!(thing.is_bytes(), in_bytes, "{path}");
    }
    let transfer: TransferId = "00ff10abcdef".parse().unwrap();
    let found = parse(&TransferKey::of(&transfer).record());
    assert_eq!(found, Some((AnyId::Transfer(transfer), Kept::Record)));
}

#[test]
fn what_is_not_ours_is_not_found() {
    for text in [
        "transfers",
        "transfers/00/00ff10abcdef",
        "transfers/00/00ff10abcde/meta.json",
        "transfers/01/00ff10abcdef/meta.json",
        "transfers/0/00ff10abcdef/meta.json",
        "transfers/00/00ff10abcdef/notes.txt",
        "tokens/00/00ff10abcdef/meta.json",
    ] {
        assert_eq!(parse(&path(text.to_owned())), None, "{text}");
    }
}

#[test]
fn beyond_a_folder_lies_all_that_sorts_after_it_and_nothing_of_it() {
    let key = TransferKey::of(&ID.parse::<SendId>().unwrap());
    let below = key.generation(&GENERATION.parse().unwrap());
    let after = beyond(&below.part(3));
    assert!(below.part(u32::MAX) < after && after < below.payload(&Nonce::new([0; 8])));
    let after = beyond(&below.claim(&Digest::of("any")));
    assert!(below.claim(&Digest::new([255; 32])) < after && after < below.count());
    assert!(beyond(&below.guess(9, 9)) < below.manifest(&Digest::new([0; 32])));
}
