//! Promises of `list`.

use futures::{StreamExt, stream};

use super::{Storage, names, path, put, version};
use crate::{Path, PutMode};

/// In byte order of whole paths: `-` and `.` come before `/`, digits, `=`, letters and `_` after it.
const TREE: [&str; 12] = [
    "Z",
    "a-b/c",
    "a.b",
    "a/b",
    "a/b.c",
    "a/c/d",
    "a/c/e",
    "a/d",
    "a0",
    "a=b/c",
    "a_b",
    "b/a/a/a/a",
];

async fn plant(storage: &Storage) {
    // Neither in order nor in reverse.
    for number in 0..TREE.len() {
        put(storage, &path(TREE[number * 5 % TREE.len()]), "x").await;
    }
}

/// All paths, by pages of `limit` after `after`.
async fn walk(
    storage: &Storage,
    prefix: Option<&Path>,
    mut after: Option<Path>,
    limit: usize,
) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let page = storage.list(prefix, after.as_ref(), limit).await.unwrap();
        assert!(
            page.entries.len() == limit || !page.more,
            "a page that is not the last is full"
        );
        all.extend(page.entries.iter().map(|entry| entry.path.to_string()));
        after = page.entries.into_iter().next_back().map(|entry| entry.path);
        if !page.more {
            return all;
        }
    }
}

/// Before, as this storage has it: by the bytes of whole paths, or of one segment after another.
type Before = fn(&str, &str) -> bool;

fn by_bytes(one: &str, other: &str) -> bool {
    one < other
}

fn by_segments(one: &str, other: &str) -> bool {
    one.split('/').lt(other.split('/'))
}

/// The planted paths in the storage's order, and that order. It is one of the two, and which shows at once.
async fn ordered(storage: &Storage) -> (Vec<&'static str>, Before) {
    plant(storage).await;
    let listed = names(storage, None).await;
    let orders: [Before; 2] = [by_bytes, by_segments];
    for before in orders {
        let mut tree = TREE.to_vec();
        tree.sort_by(|one, other| before(other, one).cmp(&before(one, other)));
        if listed == tree {
            return (tree, before);
        }
    }
    panic!("{listed:?} is in no order");
}

/// Those below a prefix, in the same order.
fn below(tree: &[&'static str], prefix: &str) -> Vec<&'static str> {
    let within = format!("{prefix}/");
    let below = tree.iter().filter(|path| path.starts_with(&within));
    below.copied().collect()
}

pub(super) async fn a_listing_is_in_order(storage: Storage) {
    assert!(names(&storage, None).await.is_empty());
    let (tree, before) = ordered(&storage).await;
    assert!(tree.is_sorted_by(|one, other| before(one, other)));
    assert_eq!(tree.len(), TREE.len());
}

pub(super) async fn a_listing_has_the_facts(storage: Storage) {
    let (at, empty) = (path("a/b"), path("a/empty"));
    put(&storage, &at, "12345").await;
    put(&storage, &empty, "").await;
    let page = storage.list(Some(&path("a")), None, 10).await.unwrap();
    for (entry, at) in page.entries.iter().zip([at, empty]) {
        let meta = storage.head(&at).await.unwrap();
        assert_eq!((&entry.path, entry.size), (&at, meta.size));
        assert_eq!(entry.modified, meta.modified);
    }
}

pub(super) async fn a_prefix_is_of_whole_segments(storage: Storage) {
    plant(&storage).await;
    for (prefix, below) in [
        ("a", &["a/b", "a/b.c", "a/c/d", "a/c/e", "a/d"][..]),
        ("a/b", &[]),
        ("a/c", &["a/c/d", "a/c/e"]),
        ("a-b", &["a-b/c"]),
        ("b/a/a", &["b/a/a/a/a"]),
        ("Z", &[]),
        ("nowhere", &[]),
        ("Z/below/an/object", &[]),
    ] {
        let listed = names(&storage, Some(&path(prefix))).await;
        assert_eq!(listed, below, "{prefix}");
    }
}

pub(super) async fn pages_of_every_size_hold_each_object_once(storage: Storage) {
    let (tree, _) = ordered(&storage).await;
    for limit in 1..=TREE.len() + 1 {
        assert_eq!(walk(&storage, None, None, limit).await, tree, "{limit}");
        let within = walk(&storage, Some(&path("a")), None, limit).await;
        assert_eq!(within, below(&tree, "a"), "{limit}");
    }
    let page = storage.list(None, None, TREE.len()).await.unwrap();
    assert!(!page.more, "nothing comes after the last entry");
    let none = storage.list(None, None, 0).await.unwrap();
    assert!(none.entries.is_empty() && none.more);
}

pub(super) async fn a_page_starts_after_a_path_that_need_not_exist(storage: Storage) {
    let (tree, before) = ordered(&storage).await;
    let starts = [
        "0", "a-", "a-b/c/d", "a.", "a/", "a/b", "a/b/c", "a/bb", "a/c/d", "a/c/dd", "a/zz", "aa",
        "b/a/a/b", "zz",
    ];
    for start in starts
        .into_iter()
        .chain(TREE)
        .filter_map(|start| Path::parse(start).ok())
    {
        let after = tree.iter().filter(|at| before(start.as_str(), at));
        let expected: Vec<&str> = after.copied().collect();
        for limit in [1, 3, 100] {
            assert_eq!(
                walk(&storage, None, Some(start.clone()), limit).await,
                expected,
                "{start}"
            );
        }
        if start.as_str().starts_with("a/") {
            let within = walk(&storage, Some(&path("a")), Some(start.clone()), 2).await;
            assert_eq!(within, below(&expected, "a"), "a after {start}");
        }
    }
}

pub(super) async fn a_listing_sees_finished_writes_and_deletes(storage: Storage) {
    for number in 0..20 {
        let at = path(format!("a/{number:02}"));
        storage.put(&at, "x".into(), PutMode::Create).await.unwrap();
        assert_eq!(names(&storage, Some(&path("a"))).await, [at.as_str()]);
        storage
            .put(
                &at,
                "y".into(),
                PutMode::Update(version(&storage, &at).await),
            )
            .await
            .unwrap();
        assert_eq!(names(&storage, None).await, [at.as_str()]);
        storage.delete(&at).await.unwrap();
        assert!(names(&storage, None).await.is_empty());
    }
}

pub(super) async fn thousands_are_listed_by_pages(storage: Storage) {
    // More than the 1,000 that S3 gives in one answer.
    let all: Vec<String> = (0..1_234)
        .map(|number| format!("many/{:02}/{number:04}", number / 100))
        .collect();
    let write = async |at: &String| drop(put(&storage, &path(at), "x").await);
    stream::iter(&all).for_each_concurrent(32, write).await;
    assert_eq!(walk(&storage, None, None, 100).await, all);
    assert_eq!(walk(&storage, Some(&path("many")), None, 5_000).await, all);
    assert_eq!(
        walk(&storage, Some(&path("many/03")), None, 33).await,
        all[300..400]
    );
}
