//! Whether a deployed stage does what the product is for: a sealed transfer goes up and down by the way that everybody takes.
//!
//! - `sealed`: that transfer · `token`: by what it may be sent

mod sealed;
mod token;

use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use reqwest::Method;

use crate::{
    context::Context,
    door::{self, Door, Emulator},
    names::App,
    wait::Patience,
};

pub use token::{AdminKey, Sender};

/// How long a name of AWS may take until everybody knows it.
const NAMES: Duration = Duration::from_secs(5 * 60);
/// How long what answers may answer something else: grants and configurations reach every machine of AWS in seconds.
const ANSWERS: Duration = Duration::from_secs(30);

/// What was shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shown {
    /// A sealed transfer went up and down.
    Transfer,
    /// Only that the services answer: nothing allowed a transfer.
    Health,
}

/// The way in to a service: its distribution, or its URL where it has none.
///
/// # Errors
/// When it has neither yet.
pub fn public_door(at: &Context, app: App, emulator: Option<&Emulator>) -> Result<Door> {
    let known = at.known(app);
    if let Some(domain) = at
        .distribution(app)
        .and_then(|config| config.domain.as_ref())
        && emulator.is_none()
    {
        return Door::of(domain, None);
    }
    match known.distribution.get() {
        Some(made) => Door::of(&made.domain, emulator),
        None => bare_door(at, app, emulator),
    }
}

/// The Function URL itself.
fn bare_door(at: &Context, app: App, emulator: Option<&Emulator>) -> Result<Door> {
    let url = at
        .known(app)
        .url
        .get()
        .with_context(|| format!("the {app} service has no URL"))?;
    Door::of(door::host(&url), emulator)
}

/// The way in to the admin service, which makes a token, if it is there: where it is left alone, by its own URL.
async fn admin_door(
    at: &Context,
    apps: &[App],
    sender: &Sender,
    emulator: Option<&Emulator>,
) -> Result<Option<Door>> {
    if sender.token.is_some() || sender.admin_key.is_none() {
        return Ok(None);
    }
    if apps.contains(&App::Admin) {
        let seen = at.known(App::Admin).url.get();
        return seen
            .map(|_| public_door(at, App::Admin, emulator))
            .transpose();
    }
    let (functions, name) = (&at.cloud.functions, at.names.function(App::Admin));
    let function = functions.function(&name).await?;
    // Nobody else is shown the key, and behind a distribution the URL itself lets in nobody.
    let is_ours = function.is_some_and(|function| at.names.owns(&function.tags));
    if !is_ours || at.distribution(App::Admin).is_some() {
        return Ok(None);
    }
    let url = functions.url(&name).await?;
    let door = url.map(|url| Door::of(door::host(&url.url), emulator));
    let door = door.transpose()?;
    Ok(match door {
        Some(door) if operational(&door).await => Some(door),
        // Another run is making it at this moment.
        Some(_) | None => None,
    })
}

/// Whether a service answers, and its storage too.
async fn operational(door: &Door) -> bool {
    let asked = door
        .demand(door.request(Method::GET, "/info/status"), 200)
        .await;
    let Ok(answer) = asked else {
        return false;
    };
    let status = answer.json::<serde_json::Value>().await;
    status.is_ok_and(|status| status["status"] == "operational")
}

/// Shows it, for the services that were deployed.
///
/// # Errors
/// With what did not work.
pub async fn run(
    at: &Context,
    apps: &[App],
    sender: &Sender,
    emulator: Option<&Emulator>,
) -> Result<Shown> {
    live(at, apps, emulator).await?;
    if !apps.contains(&App::User) {
        return Ok(Shown::Health);
    }
    let user = public_door(at, App::User, emulator)?;
    let admin = admin_door(at, apps, sender, emulator).await?;
    let Some(token) = sender.token(at, admin.as_ref()).await? else {
        return Ok(Shown::Health);
    };
    let sent = sealed::up_and_down(&user, token.text()).await;
    // What was made for this goes, whether it worked or not.
    token.give_back().await?;
    sent.map(|()| Shown::Transfer)
}

/// Whether the services answer whom they should, and nobody else.
///
/// # Errors
/// When one does not.
pub async fn live(at: &Context, apps: &[App], emulator: Option<&Emulator>) -> Result<()> {
    for &app in apps {
        healthy(&public_door(at, app, emulator)?).await?;
        closed(at, app, emulator).await?;
    }
    Ok(())
}

/// Whether the services answer, without changing anything.
///
/// # Errors
/// When one does not.
pub async fn health(at: &Context, apps: &[App], emulator: Option<&Emulator>) -> Result<()> {
    for &app in apps {
        healthy(&public_door(at, app, emulator)?).await?;
    }
    Ok(())
}

/// What was just made is not known everywhere at once.
async fn healthy(door: &Door) -> Result<()> {
    let (mut names, mut answers) = (Patience::lasting(NAMES), Patience::lasting(ANSWERS));
    loop {
        let Err(error) = door
            .demand(door.request(Method::GET, "/info/health"), 200)
            .await
        else {
            return Ok(());
        };
        let unanswered = error.chain().any(|cause| cause.is::<reqwest::Error>());
        let patience = if unanswered { &mut names } else { &mut answers };
        if !patience.pause().await {
            return Err(error);
        }
    }
}

/// Whether a locked-down function refuses who comes past its distribution.
async fn closed(at: &Context, app: App, emulator: Option<&Emulator>) -> Result<()> {
    if at.known(app).distribution.get().is_none() {
        return Ok(());
    }
    let bare = bare_door(at, app, emulator)?;
    let answer = bare.request(Method::GET, "/info/health").send().await?;
    if answer.status().as_u16() == 403 {
        return Ok(());
    }
    bail!(
        "{} answers {}, though only the distribution should be let in",
        bare.url,
        answer.status()
    );
}
