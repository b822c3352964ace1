//! prod asks.

use std::io::{self, BufRead, IsTerminal, Write};

use anyhow::{Result, bail, ensure};

use super::Cli;
use crate::names::Stage;

/// Has a person type the stage's name before prod is changed, unless it was said on the command line.
///
/// # Errors
/// When something else is typed, or nobody is there to type.
pub fn confirm(cli: &Cli) -> Result<()> {
    if io::stdin().is_terminal() && io::stderr().is_terminal() {
        asked(cli, Some(io::stdin().lock()), io::stderr())
    } else {
        asked(cli, None::<io::Empty>, io::stderr())
    }
}

/// `person` is there where there is a terminal.
fn asked(cli: &Cli, person: Option<impl BufRead>, mut screen: impl Write) -> Result<()> {
    let (stage, action) = (cli.stage, cli.action());
    if stage != Stage::Prod || !action.changes() || cli.options.yes {
        return Ok(());
    }
    let action = action.name();
    let Some(mut person) = person else {
        bail!(
            "`{action}` changes {stage}, and nobody is here to be asked: say --yes if you mean it"
        );
    };
    write!(
        screen,
        "`{action}` changes {stage}. Type its name to go on: "
    )?;
    screen.flush()?;
    let mut typed = String::new();
    person.read_line(&mut typed)?;
    ensure!(typed.trim() == stage.name(), "Nothing was changed");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(arguments: &str, typed: Option<&str>) -> (Result<(), String>, String) {
        let words = arguments.split(' ').map(Into::into);
        let cli = Cli::read(words).unwrap();
        let mut screen = Vec::new();
        let asked = asked(&cli, typed.map(str::as_bytes), &mut screen);
        let screen = String::from_utf8(screen).unwrap();
        (asked.map_err(|error| error.to_string()), screen)
    }

    #[test]
    fn prod_asks_for_its_name() {
        let (answer, screen) = answer("deploy prod down", Some("prod\n"));
        assert_eq!(answer, Ok(()));
        assert_eq!(screen, "`down` changes prod. Type its name to go on: ");
    }

    #[test]
    fn anything_else_changes_nothing() {
        for typed in ["y\n", "yes\n", "\n", "", "PROD\n", "dev\n"] {
            let (answer, _) = answer("deploy prod --zips z", Some(typed));
            assert_eq!(answer, Err("Nothing was changed".into()), "{typed}");
        }
    }

    #[test]
    fn where_nobody_can_be_asked_it_must_have_been_said() {
        let (refused, _) = answer("deploy prod rollback", None);
        insta::assert_snapshot!(refused.unwrap_err(), @"`rollback` changes prod, and nobody is here to be asked: say --yes if you mean it");
        for fine in [
            "deploy prod rollback --yes",
            "deploy --yes prod rollback",
            "deploy prod plan",
            "deploy dev down",
        ] {
            assert_eq!(answer(fine, None), (Ok(()), String::new()), "{fine}");
        }
    }
}
