//! Where the cases run: on two emulators, so that one is no oracle. On ministack each must pass; on moto too, unless the table says what it
//! does otherwise, and then it must fail on that.

use std::{
    any::Any,
    panic::{AssertUnwindSafe, resume_unwind},
    sync::atomic::{AtomicU64, Ordering},
};

use anyhow::{Context, Result};
use aws_config::{BehaviorVersion, ConfigLoader, Region};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use deploy::cloud::Cloud;
use futures::FutureExt;
use send_e2e::{Aws, aws::Moto};
use tokio::sync::OnceCell;

use crate::{
    divergences,
    wire::{Account, REGION},
};

static MINISTACK: OnceCell<Aws> = OnceCell::const_new();
static MOTO: OnceCell<Moto> = OnceCell::const_new();
static ACCOUNTS: AtomicU64 = AtomicU64::new(100_000_000_000);

/// An emulator that all tests share.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Place {
    Ministack,
    Moto,
}

/// Makes each of these cases a test on each place.
macro_rules! on_each_place {
    ($($case:ident),* $(,)?) => {$(
        mod $case {
            use crate::place::Place;

            #[tokio::test]
            async fn on_ministack() {
                super::$case(Place::Ministack).await;
            }

            #[tokio::test]
            async fn on_moto() {
                crate::place::on_moto(stringify!($case), super::$case(Place::Moto)).await;
            }
        }
    )*};
}
pub(crate) use on_each_place;

impl Place {
    /// An account that nobody else has.
    pub(crate) async fn account(self) -> Result<Account> {
        let number = ACCOUNTS.fetch_add(1, Ordering::Relaxed).to_string();
        match self {
            Self::Ministack => owned(number).await,
            Self::Moto => assumed(number).await,
        }
    }

    /// A cloud in a new account.
    pub(crate) async fn cloud(self) -> Result<Cloud> {
        Ok(self.account().await?.cloud().await)
    }
}

/// On ministack the number of an account is the key of its owner.
async fn owned(number: String) -> Result<Account> {
    let emulator = MINISTACK.get_or_try_init(Aws::start).await?;
    let credentials = Credentials::new(&number, emulator.secret(), None, None, "test");
    Ok(Account {
        caller: format!("arn:aws:iam::{number}:root"),
        number,
        endpoint: emulator.endpoint().to_owned(),
        credentials: SharedCredentialsProvider::new(credentials),
    })
}

/// On moto everybody may assume a role anywhere, and is in its account then.
async fn assumed(number: String) -> Result<Account> {
    let endpoint = MOTO.get_or_try_init(Moto::start).await?.endpoint();
    let anybody = Credentials::new("AKIAANYBODY000000000", "secret", None, None, "test");
    let settings = settings(endpoint, SharedCredentialsProvider::new(anybody));
    let sdk = settings.region(Region::new(REGION)).load().await;
    let role = format!("arn:aws:iam::{number}:role/owner");
    let sts = aws_sdk_sts::Client::new(&sdk);
    let assume = sts.assume_role().role_arn(role).role_session_name("tests");
    let session = assume.send().await?.credentials.context("no session")?;
    let (id, secret, token) = (
        session.access_key_id,
        session.secret_access_key,
        session.session_token,
    );
    let credentials = Credentials::new(id, secret, Some(token), None, "test");
    Ok(Account {
        caller: format!("arn:aws:sts::{number}:assumed-role/owner/tests"),
        number,
        endpoint: endpoint.to_owned(),
        credentials: SharedCredentialsProvider::new(credentials),
    })
}

/// Those of an emulator's clients.
pub(crate) fn settings(endpoint: &str, credentials: SharedCredentialsProvider) -> ConfigLoader {
    let settings = aws_config::defaults(BehaviorVersion::latest());
    settings
        .endpoint_url(endpoint)
        .credentials_provider(credentials)
}

/// Runs a case on moto, and requires what the table says of it.
pub(crate) async fn on_moto(case: &str, run: impl Future<Output = ()>) {
    // That it does not start is no divergence.
    MOTO.get_or_try_init(Moto::start).await.unwrap();
    let ended = AssertUnwindSafe(run).catch_unwind().await;
    match (divergences::of(case), ended) {
        (None, Ok(())) => {}
        (None, Err(panic)) => resume_unwind(panic),
        (Some(row), Ok(())) => panic!("moto does as it should: no more \"{}\"", row.otherwise),
        (Some(row), Err(panic)) => {
            let said = said(&*panic);
            assert!(
                said.contains(row.fails_with),
                "it fails, but not on {:?}: {said}",
                row.fails_with
            );
        }
    }
}

fn said(panic: &(dyn Any + Send)) -> &str {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| panic.downcast_ref::<&str>().copied())
        .unwrap_or_default()
}
