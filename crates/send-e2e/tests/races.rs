//! Whoever races for one id, one part or one end: one outcome, no half state, no failure of the server.

use std::time::Duration;

use anyhow::Result;
use bytes::Bytes;
use futures::future::try_join_all;
use send_e2e::{Answer, Claim, MIB, Pair, Request, Sealed};
use serde_json::{Value, json};

/// How often a race is run: each time it may end otherwise.
const ROUNDS: u64 = 25;

/// How much later the second of two begins in this round.
fn late(round: u64, micros: u64) -> Duration {
    Duration::from_micros(round * micros)
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    let mut statuses: Vec<u16> = answers.iter().map(|answer| answer.status).collect();
    statuses.sort_unstable();
    statuses
}

/// A create of the same id by somebody else: his own verifiers.
fn stolen(sealed: &Sealed, thief: &Sealed) -> Result<Request> {
    let mut body: Value = serde_json::from_slice(&thief.create(3).body)?;
    body["id"] = json!(sealed.id());
    Ok(Request::new("POST", "/api/v1/sends").with_json(&body))
}

#[tokio::test]
async fn of_many_who_create_one_id_one_is_its_owner() -> Result<()> {
    let pair = Pair::start()?;
    for _ in 0..ROUNDS {
        let rivals: Vec<Sealed> = (0..8).map(|_| Sealed::new(1)).collect::<Result<_>>()?;
        let creates = rivals.iter().map(|rival| stolen(&rivals[0], rival));
        let answers = pair.ask_all(creates.collect::<Result<_>>()?).await?;
        assert_eq!(statuses(&answers), [201, 409, 409, 409, 409, 409, 409, 409]);
        for (rival, first) in rivals.iter().zip(&answers) {
            let again = pair.other.send(stolen(&rivals[0], rival)?).await?;
            assert_eq!(again.status, first.status);
            // A refusal names its own request; the winner is told the same as before.
            assert!(again.status == 409 || again.body == first.body);
        }
    }
    Ok(())
}

#[tokio::test]
async fn the_same_create_by_many_is_answered_to_all_alike() -> Result<()> {
    let pair = Pair::start()?;
    for _ in 0..ROUNDS {
        let sealed = Sealed::new(1)?;
        let answers = pair.ask_all(vec![sealed.create(3); 8]).await?;
        for answer in &answers {
            assert_eq!((answer.status, &answer.body), (201, &answers[0].body));
        }
    }
    Ok(())
}

#[tokio::test]
async fn of_two_who_send_one_part_with_other_bytes_one_wins_whole() -> Result<()> {
    let pair = Pair::start()?;
    for round in 0..ROUNDS {
        let sealed = Sealed::new(MIB)?;
        pair.one.demand(sealed.create(0), 201).await?;
        pair.one.demand(sealed.put_manifest(), 200).await?;
        let length = sealed.stored_len() as usize;
        let rivals = [1, 2].map(|byte| Bytes::from(vec![byte; length]));
        let [first, second] = rivals.clone().map(|bytes| sealed.put_part_bytes(0, bytes));
        let answers = pair.race(first, late(round, 40), second).await?;
        assert_eq!(statuses(&answers), [200, 409]);

        pair.one.demand(sealed.complete(), 200).await?;
        let claim = Claim::random()?;
        pair.one.demand(sealed.claim(&claim), 200).await?;
        let stored = pair.other.demand(sealed.part(&claim, 0), 200).await?.body;
        let winner = usize::from(answers[1].status == 200);
        assert!(
            stored == rivals[winner],
            "round {round}: not the winner's bytes"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_complete_that_races_the_last_part_succeeds_whole_or_names_it() -> Result<()> {
    let pair = Pair::start()?;
    for round in 0..ROUNDS {
        let sealed = Sealed::new(MIB)?;
        pair.one.demand(sealed.create(0), 201).await?;
        pair.one.demand(sealed.put_manifest(), 200).await?;
        let [part, complete] = pair
            .race(sealed.put_part(0), late(round, 400), sealed.complete())
            .await?;
        assert_eq!(part.status, 200);
        if complete.status == 409 {
            assert_eq!(complete.json()?["missing"]["parts"], json!([0]));
            pair.one.demand(sealed.complete(), 200).await?;
        } else {
            assert_eq!(complete.status, 200);
        }
        pair.other.download(&sealed, &Claim::random()?).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_delete_that_races_a_complete_always_wins_in_the_end() -> Result<()> {
    let pair = Pair::start()?;
    for round in 0..ROUNDS {
        let sealed = Sealed::new(1)?;
        pair.one.demand(sealed.create(0), 201).await?;
        pair.one.demand(sealed.put_manifest(), 200).await?;
        pair.one.demand(sealed.put_part(0), 200).await?;
        let [complete, delete] = pair
            .race(sealed.complete(), late(round, 40), sealed.delete())
            .await?;
        assert_eq!(delete.status, 204);
        assert!([200, 410].contains(&complete.status), "{complete:?}");
        let gone = [
            sealed.state(),
            sealed.complete(),
            sealed.claim(&Claim::random()?),
        ];
        for request in gone {
            let answer = pair.other.send(request).await?;
            assert_eq!((answer.status, answer.detail()), (410, "deleted".into()));
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_delete_that_races_claims_ends_them_all() -> Result<()> {
    let pair = Pair::start()?;
    for round in 0..ROUNDS {
        let sealed = Sealed::new(1)?;
        pair.one.upload(&sealed, 100).await?;
        let claims: Vec<Claim> = (0..16).map(|_| Claim::random()).collect::<Result<_>>()?;
        let asked = claims
            .iter()
            .map(|claim| pair.one.send(sealed.claim(claim)));
        let delete = async {
            tokio::time::sleep(late(round, 400)).await;
            pair.other.demand(sealed.delete(), 204).await
        };
        let (asked, _) = tokio::try_join!(try_join_all(asked), delete)?;
        assert!(
            asked
                .iter()
                .all(|answer| [200, 410].contains(&answer.status)),
            "{asked:?}"
        );
        for (claim, asked) in claims.iter().zip(&asked) {
            let read = pair.other.send(sealed.part(claim, 0)).await?.status;
            // A claim that was never given is not told that there was anything.
            let expected: &[u16] = if asked.status == 200 {
                &[410]
            } else {
                &[404, 410]
            };
            assert!(expected.contains(&read), "{asked:?}, then {read}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_manifest_that_is_replaced_while_completing_leaves_one_whole_manifest() -> Result<()> {
    let pair = Pair::start()?;
    for round in 0..ROUNDS {
        let sealed = Sealed::new(1)?;
        pair.one.demand(sealed.create(0), 201).await?;
        pair.one.demand(sealed.put_part(0), 200).await?;
        pair.one.demand(sealed.put_manifest(), 200).await?;
        let anew = sealed.manifest_anew()?;
        let replace = sealed.put_manifest_bytes(anew.clone());
        let [complete, replaced] = pair
            .race(sealed.complete(), late(round, 60), replace)
            .await?;
        assert_eq!(complete.status, 200);
        let expected = match replaced.status {
            200 => anew,
            409 => sealed.manifest_bytes(),
            other => panic!("round {round}: {other}"),
        };
        let named = pair.other.demand(sealed.read_manifest(), 200).await?.body;
        assert!(
            named == expected,
            "round {round}: {} was answered",
            replaced.status
        );
        sealed.check_manifest(&named)?;
    }
    Ok(())
}

#[tokio::test]
async fn of_two_creates_of_the_originals_one_id_one_wins() -> Result<()> {
    let pair = Pair::start()?;
    for round in 0..ROUNDS {
        let create = |size: u64| {
            let body = json!({ "transfer_id": format!("{round:012x}"), "file_size_bytes": size });
            Request::new("POST", "/api/transfers/create").with_json(&body)
        };
        let answers = pair.race(create(1), late(round, 40), create(2)).await?;
        assert_eq!(statuses(&answers), [200, 409]);
    }
    Ok(())
}
