mod screen;
mod steps;

use std::{
    io::{self, Write},
    sync::{Arc, Mutex},
    time::Duration,
};

use indicatif::ProgressDrawTarget;
use insta::assert_snapshot;
use tokio::time::advance;

use self::screen::Screen;
use super::{
    desk::Show,
    json::Json,
    lines::{Live, Plain},
    *,
};
use crate::cli::Cli;

/// What was written, for those who wrote it and those who look.
#[derive(Clone, Default)]
struct Page(Arc<Mutex<Vec<u8>>>);

impl Page {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Page {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn id(kind: &'static str, name: &str) -> ResourceId {
    ResourceId {
        kind,
        name: name.into(),
    }
}

fn cli(arguments: &str) -> Cli {
    Cli::read(arguments.split(' ').map(Into::into)).unwrap()
}

async fn after(millis: u64) {
    advance(Duration::from_millis(millis)).await;
}

fn fields(fields: &[&str]) -> Change {
    Change::Fields(fields.iter().map(|field| (*field).to_owned()).collect())
}

/// A day in the life of a stage: one made, one mended and hardened, one as it was, one that takes long, one that fails.
async fn day(report: &Region) -> Summary {
    let (role, function) = (id("role", "send-user"), id("function", "send-user"));
    let (bucket, distribution) = (id("bucket", "storage"), id("distribution", "send-user"));
    for resource in [&role, &function, &bucket, &distribution] {
        report.tell(resource, Event::Begun(Verb::Observe));
        report.tell(resource, Event::Done(Verb::Observe, Change::Nothing));
    }
    report.tell(&bucket, Event::Done(Verb::Create, Change::Nothing));
    report.tell(&role, Event::Begun(Verb::Create));
    after(300).await;
    report.tell(&role, Event::Done(Verb::Create, Change::Made));
    report.tell(&function, Event::Begun(Verb::Create));
    report.tell(&distribution, Event::Begun(Verb::Create));
    for _ in 0..3 {
        after(600).await;
        report.tell(
            &distribution,
            Event::Waiting("CloudFront is at work".into()),
        );
    }
    let memory = fields(&["memory_mb: 128 => 256", "live.memory_mb: 128 => 256"]);
    report.tell(&function, Event::Done(Verb::Create, memory));
    report.say("mind this");
    report.tell(&bucket, Event::Begun(Verb::LockDown));
    after(50).await;
    report.tell(
        &bucket,
        Event::Done(Verb::LockDown, fields(&["policy: (none) => {..}"])),
    );
    let reason = "cloudfront:CreateDistribution: TooMany: no more\nof these";
    report.tell(&distribution, Event::Failed(Verb::Create, reason.into()));
    let calls = [("iam:GetRole".into(), 2), ("iam:CreateRole".into(), 1)];
    let urls = [("user".into(), "https://u.example/".into())];
    let error = Some("distribution/send-user: TooMany".into());
    report.summary(&cli("deploy dev"), 1, urls.into(), calls.into(), error)
}

async fn shown(show: impl Show + 'static, regions: &[&str]) {
    let desk = Desk::of(vec![Box::new(show)]);
    let mut all = Vec::new();
    for name in regions {
        all.push(day(&desk.region(name)).await);
    }
    desk.close(&all).unwrap();
}

#[tokio::test(start_paused = true)]
async fn without_a_terminal_a_step_is_a_line() {
    let (steps, end) = (Page::default(), Page::default());
    shown(Plain::to(steps.clone(), end.clone(), false), &["eu-west-1"]).await;
    assert_snapshot!(steps.text(), @"
    made      role/send-user  0.3 s
    waiting   distribution/send-user: CloudFront is at work
    changed   function/send-user  1.8 s
        memory_mb: 128 => 256
        live.memory_mb: 128 => 256
    mind this
    hardened  bucket/storage  0.1 s
        policy: (none) => {..}
    FAILED    distribution/send-user  1.9 s
        cloudfront:CreateDistribution: TooMany: no more
        of these
    Error: distribution/send-user: TooMany
    ");
    assert_snapshot!(end.text(), @"
    user   https://u.example/
    dev up in eu-west-1: failed, 3 changed; 3 calls to AWS, 2.1 s
    ");
}

#[test]
fn what_was_changed_is_told_in_short_and_what_differs_in_full() {
    let page = Page::default();
    let desk = Desk::of(vec![Box::new(Plain::to(page.clone(), page.clone(), false))]);
    let (report, role) = (desk.region("eu-west-1"), id("role", "send-user"));
    let policy = format!("policy: (none) => {}", "\u{fc}".repeat(200));
    report.tell(&role, Event::Done(Verb::LockDown, fields(&[&policy])));
    report.tell(&role, Event::Differs(vec![policy.clone()]));
    let text = page.text();
    let lengths: Vec<_> = text.lines().map(|line| line.chars().count()).collect();
    assert_eq!(
        lengths,
        [24, 4 + 120 + 2, 24, 4 + policy.chars().count()],
        "{text}"
    );
}

#[tokio::test(start_paused = true)]
async fn several_regions_are_told_apart() {
    let page = Page::default();
    shown(
        Plain::to(page.clone(), page.clone(), true),
        &["eu-west-1", "us-east-1"],
    )
    .await;
    let text = page.text();
    let told = |region: &str| {
        text.lines()
            .filter(|line| line.starts_with(&format!("[{region}] ")))
            .count()
    };
    assert_eq!((told("eu-west-1"), told("us-east-1")), (12, 12), "{text}");
}

#[tokio::test(start_paused = true)]
async fn a_terminal_shows_what_is_being_worked_on() {
    let screen = Screen::default();
    let target = || ProgressDrawTarget::term_like(Box::new(screen.clone()));
    let desk = Desk::of(vec![Box::new(Live::on(target(), io::sink(), false))]);
    let report = desk.region("eu-west-1");
    let (role, function) = (id("role", "send-user"), id("function", "send-user"));
    report.tell(&role, Event::Begun(Verb::Create));
    after(1200).await;
    report.tell(&role, Event::Done(Verb::Create, Change::Made));
    report.tell(&function, Event::Begun(Verb::Create));
    report.tell(&function, Event::Waiting("the role is too new".into()));
    let seen = screen.text();
    let lines: Vec<_> = seen.lines().collect();
    assert_eq!(lines.len(), 2, "{seen}");
    assert_eq!(lines[0], "made      role/send-user  1.2 s");
    assert!(
        lines[1].starts_with("making    function/send-user  "),
        "{seen}"
    );
    assert!(lines[1].ends_with(" s  the role is too new"), "{seen}");
    let memory = fields(&["memory_mb: 128 => 256"]);
    report.tell(&function, Event::Done(Verb::Create, memory));
    report.tell(&function, Event::Done(Verb::LockDown, Change::Nothing));
    assert_snapshot!(screen.text(), @"
    made      role/send-user  1.2 s
    changed   function/send-user
        memory_mb: 128 => 256
    ");
}

#[tokio::test(start_paused = true)]
async fn a_program_reads_a_line_at_a_time_and_the_summary_last() {
    let page = Page::default();
    shown(Json::to(page.clone()), &["eu-west-1"]).await;
    let text = page.text();
    let lines: Vec<serde_json::Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 22);
    let end = &lines[lines.len() - 1]["summary"][0];
    assert_eq!(end["calls"]["iam:GetRole"], 2);
    assert_eq!(
        end["changed"],
        serde_json::json!(["bucket/storage", "function/send-user", "role/send-user"])
    );
    let changed = text
        .lines()
        .filter(|line| line.contains("256") || line.contains("mind") || line.contains("made"));
    assert_snapshot!(changed.collect::<Vec<_>>().join("\n"), @r#"
    {"event":{"done":["create","made"]},"region":"eu-west-1","resource":"role/send-user","seconds":0.3}
    {"event":{"done":["create",{"fields":["memory_mb: 128 => 256","live.memory_mb: 128 => 256"]}]},"region":"eu-west-1","resource":"function/send-user","seconds":1.8}
    {"region":"eu-west-1","say":"mind this"}
    "#);
}

#[test]
fn a_summary_says_what_changed_and_what_it_took() {
    let desk = Desk::of(Vec::new());
    let said = |arguments: &str, changed: usize, drift: usize, error: Option<&str>| {
        let report = desk.region("eu-west-1");
        for n in 0..changed {
            report.tell(
                &id("role", &n.to_string()),
                Event::Done(Verb::Create, Change::Made),
            );
        }
        let calls = [("sts:GetCallerIdentity".into(), 41)];
        let error = error.map(str::to_owned);
        report
            .summary(&cli(arguments), drift, [].into(), calls.into(), error)
            .to_string()
    };
    let all = [
        said("deploy dev", 0, 0, None),
        said("deploy dev", 14, 0, None),
        said("deploy dev verify", 0, 2, None),
        said("deploy dev logs", 0, 0, None),
        said("deploy dev", 3, 0, Some("broken")),
        said("deploy dev", 0, 0, Some("broken")),
    ];
    assert_snapshot!(all.join("\n"), @"
    dev up in eu-west-1: nothing to change; 41 calls to AWS, 0.0 s
    dev up in eu-west-1: 14 changed; 41 calls to AWS, 0.0 s
    dev verify in eu-west-1: 2 not as wanted; 41 calls to AWS, 0.0 s
    dev logs in eu-west-1: done; 41 calls to AWS, 0.0 s
    dev up in eu-west-1: failed, 3 changed; 41 calls to AWS, 0.0 s
    dev up in eu-west-1: failed, nothing changed; 41 calls to AWS, 0.0 s
    ");
}
