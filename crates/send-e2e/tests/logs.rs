//! No secret is in a log, not even where all parts of a program log all that they have to say.

use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use base64::{Engine, prelude::BASE64_URL_SAFE_NO_PAD};
use send_core::api::sends::{PartUrl, PartUrls};
use send_e2e::{
    Answer, Claim, Client, Folder, Lambda, Peer, Request, S3Server, Sealed, Server, Shared,
    spellings::{Secret, found},
};
use serde_json::json;
use sha2::{Digest, Sha256};

/// One whole part, and a bit of a second.
const SIZE: u64 = 4_300_000;
const ACCESS_TOKEN: &str = "team token: 100% + more/than";
const ADMIN_KEY: &str = "the key of whoever runs it: 100% + more/than";
const DELETE_AUTH: &str = "whoever knows this may delete it";
/// Headers that carry secrets.
const SECRET: [&str; 4] = [
    "x-send-token",
    "x-sgraph-access-token",
    "x-sgraph-transfer-delete-auth",
    "x-api-key",
];
/// How long the log may lag behind the answers.
const PATIENCE: Duration = Duration::from_secs(10);

/// Where a service runs.
#[derive(Clone, Copy)]
enum Place {
    Server,
    Lambda,
}

/// A running service that logs everything.
enum Talking {
    Server(Server),
    Function(Lambda),
}

impl Talking {
    fn client(&self) -> Result<Client> {
        match self {
            Self::Server(server) => server.client(),
            Self::Function(function) => function.client(),
        }
    }

    fn logged(&self, text: &str) -> Vec<String> {
        match self {
            Self::Server(server) => server.logged(text),
            Self::Function(function) => function.logged(text),
        }
    }
}

/// A service that logs everything, and every secret that it was shown or told.
struct Story {
    talking: Talking,
    client: Client,
    secrets: Vec<Secret>,
    asked: usize,
}

impl Story {
    fn begin(service: &str, storage: &impl Shared) -> Result<Self> {
        Self::begin_on(Place::Server, service, storage)
    }

    fn begin_on(place: Place, service: &str, storage: &impl Shared) -> Result<Self> {
        let hash = |text: &str| hex::encode(Sha256::digest(text));
        let mut variables = storage.variables();
        variables.push(("SEND_UPLOADS", "token".into()));
        variables.push(("SEND_DIRECT", "both".into()));
        variables.push(("SEND_ACCESS_TOKEN_SHA256", hash(ACCESS_TOKEN)));
        variables.push(("SEND_ADMIN_KEY_SHA256", hash(ADMIN_KEY)));
        let variables: Vec<_> = variables
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let keys = variables
            .iter()
            .filter(|(name, _)| *name == "AWS_SECRET_ACCESS_KEY");
        let talking = match place {
            Place::Server => Talking::Server(Server::talking(service, &variables)?),
            Place::Lambda => Talking::Function(Lambda::talking(service, &variables)?),
        };
        Ok(Self {
            client: talking.client()?,
            talking,
            secrets: keys
                .map(|(name, value)| Secret::new(*name, *value))
                .collect(),
            asked: 0,
        })
    }

    /// Sends a request that is to be answered with this status, and keeps its secrets in mind.
    async fn ask(&mut self, request: Request, status: u16) -> Result<Answer> {
        for (name, value) in &request.headers {
            if SECRET.contains(name) {
                self.secrets.extend(Secret::both(name, value));
            }
        }
        self.asked += 1;
        self.client.demand(request, status).await
    }

    /// The log, once it tells of every request.
    fn log(&self) -> Result<String> {
        let since = Instant::now();
        while self.talking.logged(r#""message":"request""#).len() < self.asked {
            ensure!(since.elapsed() < PATIENCE, "the log misses requests");
            std::thread::sleep(Duration::from_millis(10));
        }
        Ok(self.talking.logged("").concat())
    }

    fn end(self) -> Result<()> {
        let log = self.log()?;
        let found_here = found(&self.secrets, &log);
        ensure!(found_here.is_empty(), "in the log: {found_here:?}");
        // The same search finds each of them where it is.
        for secret in &self.secrets {
            let planted = format!("{log}{{\"planted\":{:?}}}", secret.bytes());
            ensure!(
                !found(std::slice::from_ref(secret), &planted).is_empty(),
                "the search is blind"
            );
        }
        Ok(())
    }
}

fn with_access(request: Request, token: &str) -> Request {
    request.with_header("x-sgraph-access-token", token)
}

/// A send of ours: refused without an access token, sent, read, read wrongly, deleted.
async fn ours(story: &mut Story) -> Result<()> {
    let sealed = Sealed::new(SIZE)?;
    story.ask(sealed.create(1), 401).await?;
    let wrong = with_access(sealed.create(1), "a token that nobody made");
    story.ask(wrong, 401).await?;
    let create = with_access(sealed.create(1), ACCESS_TOKEN);
    story.ask(create, 201).await?;
    story.ask(sealed.put_manifest(), 200).await?;
    for n in 0..sealed.part_count() {
        story.ask(sealed.put_part(n), 200).await?;
    }
    story.ask(sealed.complete(), 200).await?;
    story.ask(guess(&sealed)?, 403).await?;
    let nobody = Request::new("GET", sealed.state().path).with_token(Claim::random()?.text());
    story.ask(nobody, 404).await?;
    let claim = Claim::random()?;
    story.ask(sealed.claim(&claim), 200).await?;
    story.ask(sealed.part(&claim, 0), 200).await?;
    story.ask(sealed.content(&claim), 200).await?;
    story.ask(sealed.claim(&Claim::random()?), 410).await?;
    story.ask(sealed.finish(&claim), 204).await?;
    story.ask(sealed.part(&claim, 0), 410).await?;
    story.ask(sealed.delete(), 204).await?;
    Ok(())
}

/// The manifest, asked for with a wrong passphrase: the last bit of the reader's token is another.
fn guess(sealed: &Sealed) -> Result<Request> {
    let mut request = sealed.read_manifest();
    for (_, token) in &mut request.headers {
        let mut bytes = BASE64_URL_SAFE_NO_PAD.decode(&*token)?;
        let last = bytes.last_mut().context("an empty token")?;
        *last ^= 1;
        *token = BASE64_URL_SAFE_NO_PAD.encode(bytes);
    }
    Ok(request)
}

/// A transfer of the original's, with its access token in the query and a secret that deletes it.
async fn theirs(story: &mut Story) -> Result<()> {
    let token = "access_token=team%20token%3A%20100%25%20%2B%20more%2Fthan";
    let hash = hex::encode(Sha256::digest(DELETE_AUTH));
    let create = Request::new("POST", format!("/api/transfers/create?{token}"))
        .with_json(&json!({ "delete_auth_hash": hash, "max_downloads": 5 }));
    let created = story.ask(create, 200).await?.json()?;
    let id = created["transfer_id"].as_str().context("no id")?.to_owned();
    let upload = Request::new("POST", format!("/api/transfers/upload/{id}?{token}"));
    story.ask(upload.with_body("ciphertext"), 200).await?;
    let complete = Request::new("POST", format!("/api/transfers/complete/{id}?{token}"));
    story.ask(complete, 200).await?;
    let download = Request::new("GET", format!("/api/transfers/download/{id}"));
    story.ask(download, 200).await?;
    let delete = Request::new("DELETE", format!("/api/transfers/delete/{id}"));
    let wrong = delete.clone().with_header(SECRET[2], "another secret");
    story.ask(wrong, 403).await?;
    story
        .ask(delete.with_header(SECRET[2], DELETE_AUTH), 200)
        .await?;
    Ok(())
}

/// A transfer whose bytes go straight to S3 and come from there: the signatures are secrets while they work.
async fn straight(story: &mut Story) -> Result<()> {
    let sealed = Sealed::new(SIZE)?;
    let create = with_access(sealed.create(0), ACCESS_TOKEN);
    story.ask(create, 201).await?;
    story.ask(sealed.put_manifest(), 200).await?;
    for n in 0..sealed.part_count() {
        let bytes = sealed.part_bytes(n);
        let asked = sealed.urls_to_send(&[(n, bytes.clone())]);
        for url in story.urls(asked).await? {
            ensure!(story.client.put_to(&url, bytes.clone()).await?.status == 200);
        }
    }
    story.ask(sealed.complete(), 200).await?;
    let claim = Claim::random()?;
    story.ask(sealed.claim(&claim), 200).await?;
    for url in story.urls(sealed.urls_to_read(&claim, &[0, 1])).await? {
        let answer = story.client.get_from(&url).await?;
        sealed.check_part(url.part, &answer.body)?;
    }
    Ok(())
}

impl Story {
    /// Asks for signed URLs, and keeps what makes them secret in mind.
    async fn urls(&mut self, request: Request) -> Result<Vec<PartUrl>> {
        let answer = self.ask(request, 200).await?;
        let urls: PartUrls = serde_json::from_slice(&answer.body)?;
        for url in &urls.urls {
            let (_, signature) = url
                .url
                .split_once("X-Amz-Signature=")
                .context("no signature")?;
            let signature = signature.split('&').next().unwrap_or_default();
            self.secrets.push(Secret::new("a signature", signature));
        }
        Ok(urls.urls)
    }
}

impl Story {
    /// Asks as an admin, by the key in the header.
    async fn by_key(&mut self, request: Request, status: u16) -> Result<Answer> {
        self.ask(request.with_header("x-api-key", ADMIN_KEY), status)
            .await
    }

    /// Asks as an admin, by a cookie whose value is a secret.
    async fn by_cookie(&mut self, request: Request, cookie: &str, status: u16) -> Result<Answer> {
        let (_, value) = cookie.split_once('=').context("no value")?;
        self.secrets.extend(Secret::both("a cookie", value));
        self.ask(request.with_header("cookie", cookie), status)
            .await
    }
}

/// An admin: refused, by key, signed in, by session, signed out; makes tokens, one of them with a secret, which is told.
async fn admins(story: &mut Story) -> Result<String> {
    let tokens = Request::new("GET", "/tokens/list");
    let wrong = tokens.clone().with_header("x-api-key", "no such admin key");
    story.ask(wrong, 401).await?;
    story.by_key(tokens.clone(), 200).await?;
    let own_cookie = format!("x-api-key={ADMIN_KEY}");
    story.by_cookie(tokens.clone(), &own_cookie, 200).await?;
    let sign_in = |key: &str| {
        Request::new("POST", "/auth/set-auth-cookie").with_json(&json!({ "cookie_value": key }))
    };
    story.ask(sign_in("no such admin key"), 401).await?;
    let signed_in = story.ask(sign_in(ADMIN_KEY), 200).await?;
    let cookie = signed_in.headers["set-cookie"].to_str()?;
    let session = cookie.split(';').next().unwrap_or_default().to_owned();
    story.by_cookie(tokens.clone(), &session, 200).await?;
    let made_up = format!(
        "{}=made-up-session",
        session.split('=').next().unwrap_or_default()
    );
    story.by_cookie(tokens.clone(), &made_up, 401).await?;
    let create = |name: &str| {
        let ask = json!({ "token_name": name, "secret": true });
        Request::new("POST", "/tokens/create").with_json(&ask)
    };
    let created = story.by_cookie(create("a-team"), &session, 200).await?;
    let secret = created.json()?["secret"]
        .as_str()
        .context("no secret")?
        .to_owned();
    story
        .secrets
        .push(Secret::new("the secret of a token", secret.as_str()));
    story.by_key(create("a-team"), 409).await?;
    let out = Request::new("DELETE", "/auth/session");
    story.by_cookie(out, &session, 204).await?;
    story.by_cookie(tokens, &session, 401).await?;
    Ok(secret)
}

/// The same storage, an admin's log and a user's: the secret of a token is made by the one and shown to the other.
async fn both(storage: &impl Shared) -> Result<()> {
    let mut admin = Story::begin("admin", storage)?;
    let secret = admins(&mut admin).await?;
    let mut user = Story::begin("user", storage)?;
    let create = with_access(Sealed::new(SIZE)?.create(1), &secret);
    user.ask(create, 201).await?;
    admin.secrets.push(Secret::new("the admin key", ADMIN_KEY));
    admin.end()?;
    user.end()
}

#[tokio::test]
async fn no_secret_is_in_the_log_of_the_admin_service_on_a_folder() -> Result<()> {
    both(&Folder::new()?).await
}

#[tokio::test]
async fn no_secret_is_in_the_log_of_the_admin_service_on_s3() -> Result<()> {
    both(&S3Server::start(Peer::Seaweed).await?.bucket().await?).await
}

#[tokio::test]
async fn no_secret_is_in_the_log_of_the_user_service_on_a_folder() -> Result<()> {
    let folder = Folder::new()?;
    let mut story = Story::begin("user", &folder)?;
    ours(&mut story).await?;
    theirs(&mut story).await?;
    story.end()
}

#[tokio::test]
async fn no_secret_is_in_the_log_of_the_user_service_on_s3() -> Result<()> {
    let bucket = S3Server::start(Peer::Seaweed).await?.bucket().await?;
    let mut story = Story::begin("user", &bucket)?;
    ours(&mut story).await?;
    theirs(&mut story).await?;
    straight(&mut story).await?;
    story.end()
}

#[tokio::test]
async fn no_secret_is_in_the_log_of_a_function_of_lambda() -> Result<()> {
    let folder = Folder::new()?;
    let mut admin = Story::begin_on(Place::Lambda, "admin", &folder)?;
    admins(&mut admin).await?;
    admin.secrets.push(Secret::new("the admin key", ADMIN_KEY));
    admin.end()?;
    let mut user = Story::begin_on(Place::Lambda, "user", &folder)?;
    ours(&mut user).await?;
    theirs(&mut user).await?;
    user.end()
}
