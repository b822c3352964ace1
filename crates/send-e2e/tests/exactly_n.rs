//! A transfer that may be downloaded N times is downloaded exactly N times, however many ask, and of whichever process.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    time::Duration,
};

use anyhow::Result;
use send_e2e::{Answer, Claim, Client, Folder, Pair, Request, Sealed, Server, Wire};
use serde_json::{Value, json};

/// How many ask at once.
const CROWD: usize = 200;

/// A transfer that is ready to be claimed.
async fn sent(pair: &Pair, downloads: u64) -> Result<Sealed> {
    let sealed = Sealed::new(1)?;
    pair.one.upload(&sealed, downloads).await?;
    Ok(sealed)
}

/// Asks for many downloads at once, each with a claim of its own.
async fn claim_all(
    pair: &Pair,
    sealed: &Sealed,
    crowd: usize,
) -> Result<(Vec<Claim>, Vec<Answer>)> {
    let claims: Vec<Claim> = (0..crowd).map(|_| Claim::random()).collect::<Result<_>>()?;
    let requests = claims.iter().map(|claim| sealed.claim(claim)).collect();
    let answers = pair.ask_all(requests).await?;
    Ok((claims, answers))
}

/// How often each answer came.
fn tally(answers: &[Answer]) -> BTreeMap<(u16, String), usize> {
    let mut tally = BTreeMap::new();
    for answer in answers {
        *tally.entry((answer.status, answer.detail())).or_default() += 1;
    }
    tally
}

/// `n` succeeded, and all others were told that none is left.
fn exactly(n: usize, of: usize) -> BTreeMap<(u16, String), usize> {
    [
        ((200, String::new()), n),
        ((410, "exhausted".into()), of - n),
    ]
    .into()
}

async fn a_crowd_gets_exactly(n: usize) -> Result<()> {
    let pair = Pair::start()?;
    let sealed = sent(&pair, n as u64).await?;
    let (claims, answers) = claim_all(&pair, &sealed, CROWD).await?;
    assert_eq!(tally(&answers), exactly(n, CROWD));
    for client in [&pair.one, &pair.other] {
        assert_eq!(client.downloads_left(&sealed).await?, Some(0));
    }
    let winners = claims
        .iter()
        .zip(&answers)
        .filter(|(_, answer)| answer.status == 200);
    for (claim, _) in winners {
        pair.other.download(&sealed, claim).await?;
    }
    Ok(())
}

#[tokio::test]
async fn one_download_is_given_to_one_of_two_hundred() -> Result<()> {
    a_crowd_gets_exactly(1).await
}

#[tokio::test]
async fn three_downloads_are_given_to_three_of_two_hundred() -> Result<()> {
    a_crowd_gets_exactly(3).await
}

#[tokio::test]
async fn ten_downloads_are_given_to_ten_of_two_hundred() -> Result<()> {
    a_crowd_gets_exactly(10).await
}

#[tokio::test]
async fn a_hundred_downloads_are_given_to_a_hundred_of_two_hundred() -> Result<()> {
    a_crowd_gets_exactly(100).await
}

#[tokio::test]
async fn any_number_of_downloads_is_given_to_all_and_never_counted_down() -> Result<()> {
    let pair = Pair::start()?;
    let sealed = sent(&pair, 0).await?;
    let (_, answers) = claim_all(&pair, &sealed, 50).await?;
    assert!(answers.iter().all(|answer| answer.status == 200));
    assert_eq!(pair.other.downloads_left(&sealed).await?, None);
    Ok(())
}

#[tokio::test]
async fn one_claim_asked_by_many_at_both_processes_is_one_download() -> Result<()> {
    let pair = Pair::start()?;
    let sealed = sent(&pair, 3).await?;
    let claim = Claim::random()?;
    for _ in 0..3 {
        let answers = pair.ask_all(vec![sealed.claim(&claim); 50]).await?;
        let first = answers[0].json()?;
        for answer in &answers {
            assert_eq!((answer.status, answer.json()?), (200, first.clone()));
        }
        assert_eq!(pair.one.downloads_left(&sealed).await?, Some(2));
    }
    Ok(())
}

#[tokio::test]
async fn the_winners_of_a_race_are_answered_again_and_the_losers_refused_again() -> Result<()> {
    let pair = Pair::start()?;
    let sealed = sent(&pair, 3).await?;
    let (claims, first) = claim_all(&pair, &sealed, 40).await?;
    // The other way round: each claim is now asked at the process that has not seen it.
    let again: Vec<_> = claims
        .iter()
        .rev()
        .map(|claim| sealed.claim(claim))
        .collect();
    let mut again = pair.ask_all(again).await?;
    again.reverse();
    for (first, again) in first.iter().zip(&again) {
        assert_eq!(
            (first.status, first.detail()),
            (again.status, again.detail())
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_claim_whose_answer_was_lost_is_given_again_and_counted_once() -> Result<()> {
    let pair = Pair::start()?;
    let sealed = sent(&pair, 100).await?;
    for lost in 0..100 {
        let claim = Claim::random()?;
        for (server, times) in pair.servers.iter().zip([1, 2]) {
            for _ in 0..times {
                lose_the_answer(server, &sealed.claim(&claim), lost).await?;
            }
        }
        let client = [&pair.one, &pair.other][lost as usize % 2];
        client.demand(sealed.claim(&claim), 200).await?;
        assert_eq!(
            client.downloads_left(&sealed).await?,
            Some(99 - lost),
            "claim {lost}"
        );
    }
    let answer = pair.one.send(sealed.claim(&Claim::random()?)).await?;
    assert_eq!((answer.status, answer.detail()), (410, "exhausted".into()));
    Ok(())
}

/// Sends a request, and is gone so many tenths of a millisecond later.
async fn lose_the_answer(server: &Server, request: &Request, tenths: u64) -> Result<()> {
    let mut wire = Wire::connect(server).await?;
    wire.send_request(request).await?;
    tokio::time::sleep(Duration::from_micros(100 * tenths)).await;
    Ok(())
}

/// A transfer of the original's routes with these limits, uploaded and completed.
async fn original(client: &Client, payload: &'static [u8], limits: &Value) -> Result<String> {
    let create = Request::new("POST", "/api/transfers/create").with_json(limits);
    let created = client.demand(create, 200).await?.json()?;
    let id = created["transfer_id"]
        .as_str()
        .unwrap_or_default()
        .to_owned();
    let upload = Request::new("POST", format!("/api/transfers/upload/{id}")).with_body(payload);
    client.demand(upload, 200).await?;
    let complete = Request::new("POST", format!("/api/transfers/complete/{id}"));
    client.demand(complete, 200).await?;
    Ok(id)
}

async fn info(client: &Client, id: &str) -> Result<Value> {
    let request = Request::new("GET", format!("/api/transfers/info/{id}"));
    client.demand(request, 200).await?.json()
}

#[tokio::test]
async fn the_originals_downloads_are_given_exactly_as_often_as_allowed() -> Result<()> {
    let pair = Pair::start()?;
    // 101 is beyond the slots: a limit above 100 is counted in one object.
    for (limit, crowd) in [(1, 100), (7, 100), (100, 150), (101, 150)] {
        let limits = json!({ "max_downloads": limit });
        let id = original(&pair.one, b"ciphertext", &limits).await?;
        let request = Request::new("GET", format!("/api/transfers/download/{id}"));
        let answers = pair.ask_all(vec![request; crowd]).await?;
        assert_eq!(tally(&answers), exactly(limit, crowd), "limit {limit}");
        let given = answers.iter().filter(|answer| answer.status == 200);
        assert!(given.clone().all(|answer| answer.body == b"ciphertext"[..]));
        let info = info(&pair.other, &id).await?;
        let counted = (&info["download_count"], &info["downloads_remaining"]);
        assert_eq!(counted, (&json!(limit), &json!(0)), "limit {limit}");
        assert_eq!(info["status"], "completed");
    }
    Ok(())
}

#[tokio::test]
async fn an_original_that_goes_with_its_last_download_is_wiped_after_it() -> Result<()> {
    let pair = Pair::start()?;
    for limit in [1, 7] {
        let limits = json!({ "max_downloads": limit, "auto_delete": true });
        let id = original(&pair.one, b"ciphertext", &limits).await?;
        assert!(holds_bytes(&place(&pair.folder, &id))?);
        let request = Request::new("GET", format!("/api/transfers/download/{id}"));
        let answers = pair.ask_all(vec![request; 100]).await?;
        assert_eq!(tally(&answers), exactly(limit, 100), "limit {limit}");
        assert_eq!(info(&pair.other, &id).await?["status"], "exhausted");
        wait_until_gone(&pair.folder, &id).await?;
    }
    Ok(())
}

/// Where a transfer lies in a storage.
fn place(folder: &Folder, id: &str) -> PathBuf {
    folder.path().join("transfers").join(&id[..2]).join(id)
}

/// The payload goes when the last reader has read it, which may be a moment after that reader has its bytes.
async fn wait_until_gone(folder: &Folder, id: &str) -> Result<()> {
    let transfer = place(folder, id);
    for _ in 0..100 {
        if !holds_bytes(&transfer)? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    anyhow::bail!("there are still bytes in {}", transfer.display())
}

/// Whether a transfer has ciphertext in any of its generations. Empty folders are removed with their last file.
fn holds_bytes(transfer: &Path) -> Result<bool> {
    for generation in std::fs::read_dir(transfer)? {
        let generation = generation?.path();
        if ["payload", "incoming"]
            .iter()
            .any(|folder| generation.join(folder).exists())
        {
            return Ok(true);
        }
    }
    Ok(false)
}
