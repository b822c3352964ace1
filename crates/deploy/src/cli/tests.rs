use insta::assert_snapshot;

use super::*;
use crate::{
    config::{Architecture, Files},
    names::App,
};

fn read(arguments: &str) -> Result<Cli, String> {
    let words = arguments.split_whitespace().map(Into::into);
    Cli::read(words).map_err(|error| error.to_string())
}

/// What matters of the sentence that refuses them.
fn refused(arguments: &str) -> String {
    let sentence = read(arguments).expect_err(arguments);
    let aside = ["", "Usage", "For more information, try '--help'."];
    let lines = sentence
        .lines()
        .filter(|line| !aside.contains(&line.split(':').next().unwrap_or_default()));
    lines.collect::<Vec<_>>().join("\n")
}

fn help(arguments: &[&str]) -> String {
    let mut command = Cli::command().term_width(110);
    command.build();
    let command = arguments.iter().fold(&mut command, |command, name| {
        command.find_subcommand_mut(name).unwrap()
    });
    command.render_long_help().to_string()
}

#[test]
fn the_help_tells_all_there_is() {
    assert_snapshot!("help", help(&[]));
}

#[test]
fn an_action_has_a_help_of_its_own() {
    assert_snapshot!(help(&["cost"]), @"
    Tell what a month costs, by service

    Usage: deploy <STAGE> cost [OPTIONS]

    Options:
          --transfers <N>
              Transfers a month
              
              [default: 1000]

          --size <SIZE>
              Bytes of each
              
              [default: 100MiB]

          --downloads <N>
              How often each is received
              
              [default: 2]

          --days <N>
              How many days each is kept
              
              [default: 7]

          --region <REGION>
              The region, or several at once, with commas between them

          --app <APP>
              Only one of the services, and what both need

              Possible values:
              - user:  What everybody uses
              - admin: What operators use

          --skip <WHAT>
              Leave alone, whether it is there or not

              Possible values:
              - distribution: CloudFront, which takes minutes
              - schedule:     The rule by which the admin service sweeps
              - alarms:       The alarms

          --arch <ARCHITECTURE>
              What processors the functions run on

              Possible values:
              - arm64:  Graviton
              - x86_64: Intel and AMD

          --zips <FOLDER>
              Take the zips from here as they are, in place of what is built

          --config <FOLDER>
              Read base.toml and the stages' files from here, in place of what is in this program

          --yes
              Go on without asking, on prod too

          --json
              One JSON object a line, the last the summary

          --junit <FILE>
              Write a JUnit report of the steps

      -h, --help
              Print help (see a summary with '-h')
    ");
}

#[test]
fn clap_finds_no_fault() {
    Cli::command().debug_assert();
}

#[test]
fn up_needs_no_word() {
    let cli = read("deploy dev").unwrap();
    assert_eq!((cli.stage, cli.action()), (Stage::Dev, Action::Up));
    assert_eq!(cli.options.apps(), App::ALL);
    assert_eq!(cli.options.files(), Files::Embedded);
    assert!(cli.options.skip.is_empty());
}

#[test]
fn flags_stand_anywhere() {
    let all = [
        "deploy --region eu-west-1,us-east-1 --app admin --arch x86_64 --json --skip distribution,alarms qa plan",
        "deploy qa --region eu-west-1,us-east-1 --app admin --arch x86_64 --json --skip distribution,alarms plan",
        "deploy qa plan --region eu-west-1 --region us-east-1 --app admin --arch x86_64 --json --skip alarms --skip distribution",
    ];
    for arguments in all {
        let cli = read(arguments).unwrap();
        assert_eq!((cli.stage, cli.action()), (Stage::Qa, Action::Plan));
        let flags = cli.options.flags();
        assert_eq!(flags.regions, ["eu-west-1", "us-east-1"]);
        assert_eq!(flags.architecture, Some(Architecture::X86));
        assert_eq!(cli.options.apps(), [App::Admin]);
        assert_eq!(cli.options.skip.len(), 2, "{:?}", cli.options.skip);
        assert!(cli.options.json);
    }
}

#[test]
fn actions_have_options_of_their_own() {
    let action = |arguments: &str| read(&format!("deploy dev {arguments}")).unwrap().action();
    assert_eq!(action("rollback --to 7"), Action::Rollback { to: Some(7) });
    assert_eq!(action("down --with-data"), Action::Down { with_data: true });
    let since = Duration::from_secs(7200);
    assert_eq!(
        action("logs --since 2h"),
        Action::Logs {
            follow: false,
            since
        }
    );
    let folder = "zips".into();
    assert_eq!(action("fetch zips"), Action::Fetch { folder });
    let traffic = Traffic {
        transfers: 5,
        size: ByteSize::gib(1),
        downloads: 2,
        days: 7,
    };
    assert_eq!(
        action("cost --transfers 5 --size 1GiB"),
        Action::Cost(traffic)
    );
}

#[test]
fn every_action_is_called_by_its_name() {
    for command in Cli::command().get_subcommands() {
        let name = command.get_name();
        let folder = if name == "fetch" { " folder" } else { "" };
        assert_eq!(
            read(&format!("deploy dev {name}{folder}"))
                .unwrap()
                .action()
                .name(),
            name
        );
    }
}

#[test]
fn what_is_not_understood_is_told_with_what_is() {
    let all = [
        "deploy",
        "deploy staging",
        "deploy dev upp",
        "deploy dev destroy",
        "deploy dev --app both",
        "deploy dev --skip bucket",
        "deploy dev --arch arm",
        "deploy dev logs --since yesterday",
        "deploy dev plan --with-data",
        "deploy prod",
        "deploy prod round-trip",
        "deploy dev status --zips z",
    ];
    let sentences = all.map(|arguments| format!("$ {arguments}\n{}", refused(arguments)));
    assert_snapshot!(sentences.join("\n"), @"
    $ deploy
    error: the following required arguments were not provided:
      <STAGE>
    $ deploy staging
    error: invalid value 'staging' for '<STAGE>'
      [possible values: dev, qa, prod]
    $ deploy dev upp
    error: there is no action `upp`; there are up, plan, verify, lock-down, status, smoke, rollback, logs, down, round-trip, cost, policy, build, fetch
    $ deploy dev destroy
    error: there is no action `destroy`; there are up, plan, verify, lock-down, status, smoke, rollback, logs, down, round-trip, cost, policy, build, fetch
    $ deploy dev --app both
    error: invalid value 'both' for '--app <APP>'
      [possible values: user, admin]
    $ deploy dev --skip bucket
    error: invalid value 'bucket' for '--skip <WHAT>'
      [possible values: distribution, schedule, alarms]
    $ deploy dev --arch arm
    error: invalid value 'arm' for '--arch <ARCHITECTURE>'
      [possible values: arm64, x86_64]
      tip: a similar value exists: 'arm64'
    $ deploy dev logs --since yesterday
    error: invalid value 'yesterday' for '--since <AGE>': expected number at 0
    $ deploy dev plan --with-data
    error: unexpected argument '--with-data' found
    $ deploy prod
    error: prod gets the very zips that qa ran, not new ones: `deploy qa fetch DIR`, then `deploy prod --zips DIR`
    $ deploy prod round-trip
    error: prod gets the very zips that qa ran, not new ones: `deploy qa fetch DIR`, then `deploy prod --zips DIR`
    $ deploy dev status --zips z
    error: --zips is for up, plan, verify, lock-down and round-trip
    ");
}
