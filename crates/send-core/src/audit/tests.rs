mod disturbed;

use futures::future::join_all;
use storage::{PutMode, memory::Memory};

use super::*;
use crate::{api::audit::Verified, key};

const BY: By = By(Digest::new([0x3f; 32]));
const OTHER: By = By(Digest::new([0x40; 32]));

fn audit() -> Audit {
    Audit::new(Arc::new(Memory::default()), Clock::Set(Arc::default()))
}

async fn add(audit: &Audit) -> wire::Entry {
    let subject = Subject::Token(TokenId::of_name("press"));
    let added = audit.append(&BY, Action::TokenRevoked, &subject, Details::new());
    added.await.unwrap()
}

async fn log_of(entries: u64) -> Audit {
    let audit = audit();
    for number in 0..entries {
        assert_eq!(add(&audit).await.number, number);
    }
    assert!(audit.verify(0).await.unwrap().sound);
    audit
}

impl Audit {
    async fn stored(&self, number: u64) -> Vec<u8> {
        let blob = self.blobs.get(&key::audit_entry(number), None).await;
        blob.unwrap().bytes().await.unwrap().to_vec()
    }

    async fn overwrite(&self, number: u64, bytes: Vec<u8>) {
        let path = key::audit_entry(number);
        let put = self.blobs.put(&path, bytes.into(), PutMode::Overwrite);
        put.await.unwrap();
    }

    async fn put(&self, path: &str, text: &'static str) {
        let path = storage::Path::parse(path).unwrap();
        let put = self.blobs.put(&path, text.into(), PutMode::Overwrite);
        put.await.unwrap();
    }

    async fn remove(&self, number: u64) {
        self.blobs.delete(&key::audit_entry(number)).await.unwrap();
    }

    /// Changes one word of an entry, so that it is still an entry.
    async fn edit(&self, number: u64) {
        let text = String::from_utf8(self.stored(number).await).unwrap();
        let edited = text.replace("token_revoked", "token_created");
        assert_ne!(text, edited);
        self.overwrite(number, edited.into()).await;
    }

    /// Number and kind of each problem.
    async fn found(&self) -> Vec<String> {
        let Verified {
            sound, problems, ..
        } = self.verify(0).await.unwrap();
        assert_eq!(sound, problems.is_empty());
        let told = |problem: &wire::Problem| format!("{} {:?}", problem.number, problem.kind);
        problems.iter().map(told).collect()
    }
}

#[tokio::test]
async fn each_entry_names_the_one_before_and_what_is_told_is_what_is_stored() {
    let audit = log_of(3).await;
    let told = audit.since(0, 10).await.unwrap().entries;
    let mut previous = None;
    for (number, entry) in (0..).zip(told) {
        let bytes = audit.stored(number).await;
        assert_eq!((entry.number, entry.previous), (number, previous));
        assert_eq!(entry.sha256, Digest::of(&bytes));
        let mut json = serde_json::to_value(&entry).unwrap();
        json.as_object_mut().unwrap().remove("sha256");
        let kept: Value = serde_json::from_slice(&bytes).unwrap();
        assert_eq!(json, kept);
        previous = Some(entry.sha256);
    }
    let verified = audit.verify(0).await.unwrap();
    let head = verified.head.unwrap();
    assert_eq!((head.number, Some(head.sha256)), (2, previous));
    assert_eq!((verified.checked, verified.next), (3, None));
}

#[tokio::test]
async fn who_write_at_once_take_one_number_after_the_other() {
    let folder = tempfile::tempdir().unwrap();
    let folder = storage::folder::Folder::open(folder.path()).unwrap();
    for blobs in [
        Arc::new(folder) as Arc<dyn Blobs>,
        Arc::new(Memory::default()),
    ] {
        crowd(Audit::new(blobs, Clock::Set(Arc::default()))).await;
    }
}

async fn crowd(audit: Audit) {
    let entries = join_all((0..40).map(|_| add(&audit))).await;
    let mut numbers: Vec<u64> = entries.iter().map(|entry| entry.number).collect();
    numbers.sort_unstable();
    assert_eq!(numbers, (0..40).collect::<Vec<_>>());
    let verified = audit.verify(0).await.unwrap();
    assert!(verified.sound, "{:?}", verified.problems);
    assert_eq!(
        (verified.checked, verified.head.map(|head| head.number)),
        (40, Some(39))
    );
}

#[tokio::test]
async fn an_edited_entry_is_found_wherever_it_is() {
    for number in [0, 2, 4] {
        let audit = log_of(5).await;
        audit.edit(number).await;
        assert_eq!(audit.found().await, [format!("{number} Edited")]);
        audit.overwrite(number, b"not JSON".to_vec()).await;
        assert_eq!(audit.found().await, [format!("{number} Edited")]);
    }
}

#[tokio::test]
async fn a_removed_entry_is_found_wherever_it_is() {
    for number in [0, 2, 4] {
        let audit = log_of(5).await;
        audit.remove(number).await;
        assert_eq!(audit.found().await, [format!("{number} Missing")]);
    }
    let audit = log_of(5).await;
    for number in [1, 2, 4] {
        audit.remove(number).await;
    }
    assert_eq!(audit.found().await, ["1 Missing", "4 Missing"]);
    let problems = audit.verify(0).await.unwrap().problems;
    assert_eq!(problems[0].detail, "Entries 1 to 2 are not there.");
}

#[tokio::test]
async fn a_tail_that_was_removed_is_missed_for_ever_however_much_is_written_after_it() {
    let audit = log_of(11).await;
    for number in [9, 10] {
        audit.remove(number).await;
    }
    for number in 11..14 {
        assert_eq!(add(&audit).await.number, number);
    }
    assert_eq!(audit.found().await, ["9 Missing"]);
    let problems = audit.verify(0).await.unwrap().problems;
    assert_eq!(problems[0].detail, "Entries 9 to 10 are not there.");
}

#[tokio::test]
async fn an_inserted_entry_is_found_wherever_it_is() {
    for number in [0, 2, 4] {
        let audit = log_of(5).await;
        for moved in (number..5).rev() {
            let bytes = audit.stored(moved).await;
            audit.overwrite(moved + 1, bytes).await;
        }
        let found = audit.found().await;
        assert!(
            found.contains(&format!("{} Inserted", number + 1)),
            "{found:?}"
        );
    }
    let audit = log_of(5).await;
    audit.overwrite(5, audit.stored(4).await).await;
    assert_eq!(audit.found().await, ["5 Inserted"], "after the newest");
    let audit = log_of(5).await;
    audit.overwrite(9, audit.stored(4).await).await;
    assert_eq!(audit.found().await, ["9 Inserted"], "far beyond the newest");
}

#[tokio::test]
async fn what_is_no_entry_is_found_wherever_it_lies() {
    for (path, number) in [
        ("audit/0.json", 5),
        ("audit/9999999996.txt", 3),
        ("audit/9999999999.json.bak", 0),
        ("audit/zzz/0.json", 0),
    ] {
        let audit = log_of(5).await;
        audit.put(path, "{}").await;
        assert_eq!(
            audit.found().await,
            [format!("{number} Inserted")],
            "{path}"
        );
        assert_eq!(add(&audit).await.number, 5, "the log goes on");
    }
}

#[tokio::test]
async fn a_tail_that_was_written_anew_is_found_by_the_head() {
    let audit = log_of(5).await;
    let mut previous = Digest::of(audit.stored(2).await);
    for number in 3..5 {
        let mut entry: Stored = serde_json::from_slice(&audit.stored(number).await).unwrap();
        entry.previous = Some(previous);
        entry.by = "key 00000000".to_owned();
        let bytes = serde_json::to_vec(&entry).unwrap();
        previous = Digest::of(&bytes);
        audit.overwrite(number, bytes).await;
    }
    assert_eq!(audit.found().await, ["4 Edited"]);
}

#[tokio::test]
async fn an_entry_that_does_not_follow_the_newest_one_is_found() {
    let audit = log_of(5).await;
    let mut entry: Stored = serde_json::from_slice(&audit.stored(4).await).unwrap();
    entry.number = 5;
    let bytes = serde_json::to_vec(&entry).unwrap();
    audit.overwrite(5, bytes).await;
    assert_eq!(audit.found().await, ["5 Inserted"]);
}

#[tokio::test]
async fn a_head_that_is_gone_is_found_and_one_that_lags_is_sound() {
    let audit = log_of(5).await;
    let head = key::audit_head();
    let kept = audit.blobs.get(&head, None).await.unwrap();
    let kept = kept.bytes().await.unwrap();
    add(&audit).await;
    let put = audit.blobs.put(&head, kept, PutMode::Overwrite);
    put.await.unwrap();
    let verified = audit.verify(0).await.unwrap();
    assert!(verified.sound, "its writer died between entry and head");
    assert_eq!(verified.checked, 6);
    assert_eq!(add(&audit).await.number, 6);
    assert_eq!(audit.verify(0).await.unwrap().head.unwrap().number, 6);
    audit.blobs.delete(&head).await.unwrap();
    assert_eq!(audit.found().await, ["6 Missing"]);
    audit.put("audit-head.json", "{}").await;
    assert_eq!(audit.found().await, ["6 Edited"]);
}

#[tokio::test]
async fn a_long_log_is_looked_at_in_slices_each_vouched_for_by_the_next() {
    let audit = log_of(2).await;
    let (mut entry, mut bytes): (Stored, _) = {
        let bytes = audit.stored(1).await;
        (serde_json::from_slice(&bytes).unwrap(), bytes)
    };
    for number in 2..CHECKED + 10 {
        (entry.number, entry.previous) = (number, Some(Digest::of(&bytes)));
        bytes = serde_json::to_vec(&entry).unwrap();
        audit.overwrite(number, bytes.clone()).await;
    }
    audit.blobs.delete(&key::audit_head()).await.unwrap();
    add(&audit).await;
    let first = audit.verify(0).await.unwrap();
    assert_eq!(
        (first.sound, first.checked, first.next),
        (true, CHECKED, Some(CHECKED))
    );
    let second = audit.verify(CHECKED).await.unwrap();
    assert_eq!(
        (second.sound, second.checked, second.next),
        (true, 11, None)
    );
    audit.edit(CHECKED - 1).await;
    assert_eq!(audit.found().await, [format!("{} Edited", CHECKED - 1)]);
    audit.put("audit/9999994996.txt", "").await;
    assert!(audit.verify(CHECKED + 4).await.unwrap().sound);
    let second = audit.verify(CHECKED).await.unwrap();
    assert_eq!(second.problems[0].number, CHECKED + 3);
    let page = audit.page(None, 100).await.unwrap();
    assert_eq!(page.entries[0].number, CHECKED + 10);
    assert_eq!((page.entries.len(), page.next), (100, Some(CHECKED - 89)));
}

#[tokio::test]
async fn a_change_is_in_the_log_before_it_happens_and_again_when_it_fails() {
    let audit = audit();
    let subject = Subject::Everything;
    let log = audit.clone();
    let sees = async move {
        assert_eq!(log.page(None, 9).await.unwrap().entries.len(), 1);
        Ok("done")
    };
    let done = audit.record(BY, Action::Swept, subject, Details::new(), sees);
    assert_eq!(done.await.unwrap(), "done");
    let fails = async { Err::<(), _>(ApiError::Conflict("There is a token of this name.")) };
    let failed = audit.record(OTHER, Action::Swept, subject, Details::new(), fails);
    assert!(matches!(failed.await, Err(ApiError::Conflict(_))));
    let page = audit.page(None, 9).await.unwrap();
    let last = &page.entries[0];
    assert_eq!(
        (last.action, last.by.as_str()),
        (Action::Failed, "key 40404040")
    );
    assert_eq!(
        last.details,
        [("entry".into(), 1.into()), ("status".into(), 409.into())].into()
    );
    assert_eq!((page.entries.len(), page.next), (3, None));
}

#[test]
fn who_and_what_are_named_so_that_nobody_can_have_them() {
    assert_eq!(BY.to_string(), "key 3f3f3f3f");
    let token = Subject::Token(TokenId::of_name("press")).to_string();
    assert!(token.starts_with("token ") && !token.contains("press"));
    let transfer = AnyId::Transfer("00ff10abcdef".parse().unwrap());
    let generation = Nonce::new([7; 8]);
    let subject = Subject::Transfer(transfer, generation).to_string();
    assert_eq!(subject, "transfer 0707070707070707");
}
