"""What a deployment came to, where GitHub shows it: `report.py Admin|User|Both dev|qa|prod`, after `deploy` with the same words.

Each step that failed becomes an annotation; the page of the run gets the steps, and of each service its URL, version, drift and how long it took.
"""

import json
import os
import re
import sys
from pathlib import Path
from xml.etree import ElementTree

# A line of `deploy status`, which tells the version that serves.
SERVES = re.compile(r"^ +serves version (\d+), (\S+) (\S+),")
APP = re.compile(r"^(user|admin): ")
DRIFT = re.compile(r"^(\d+) of these are not as wanted")


def main(lambda_type, target):
    report = Path(os.environ["RUNNER_TEMP"]) / f"deploy-{lambda_type}-{target}"
    title = f"deploy {target}, {lambda_type}"
    steps, seconds = steps_of(report.with_suffix(".xml"))
    for name, ended, _ in steps:
        if ended not in ("passed", "skipped"):
            print(f"::error title={of_property(f'{title}: {name}')}::{of_message(ended)}")
    lines = [f"### {title}", ""]
    lines += services(report.with_suffix(".json"), seconds)
    lines += table(("step", "came to", "seconds"), steps) if steps else ["It came to nothing: there is no report."]
    with open(os.environ["GITHUB_STEP_SUMMARY"], "a", encoding="utf-8") as page:
        page.write("\n".join(lines) + "\n\n")


def steps_of(path):
    """Name, outcome and seconds of each step, and the seconds of all."""
    if not path.is_file():
        return [], "?"
    suites = ElementTree.parse(path).getroot().findall("testsuite")
    steps = [(case.get("name"), outcome(case), case.get("time")) for suite in suites for case in suite.findall("testcase")]
    return steps, ", ".join(suite.get("time") for suite in suites)


def outcome(case):
    for kind in ("failure", "error"):
        failed = case.find(kind)
        if failed is not None:
            return failed.get("message") or kind
    return "skipped" if case.find("skipped") is not None else "passed"


def services(path, seconds):
    """A row for each service that is there, by the lines that `deploy status --json` said."""
    lines = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.is_file() else []
    rows, app, drift = {}, None, "?"
    urls = lines[-1]["summary"][0]["urls"] if lines and "summary" in lines[-1] else {}
    for said in (line.get("say", "") for line in lines):
        if found := APP.match(said):
            app = found[1]
            rows[app] = "serves nothing"
        elif found := SERVES.match(said):
            rows[app] = f"{found[2]} ({found[3]}, version {found[1]})"
        elif found := DRIFT.match(said):
            drift = found[1]
    rows = [(app, urls.get(app, ""), version, drift, seconds) for app, version in rows.items()]
    return table(("service", "URL", "version", "drift", "seconds"), rows) if rows else []


def table(heads, rows):
    def row(cells):
        return "| " + " | ".join(cell(text) for text in cells) + " |"

    return [row(heads), "|" + "---|" * len(heads), *map(row, rows), ""]


def cell(text):
    """Text that cannot leave its cell, nor be taken for more than text."""
    for plain, shown in (("&", "&amp;"), ("<", "&lt;"), ("|", "\\|"), ("`", "\\`"), ("\r", ""), ("\n", "<br>")):
        text = text.replace(plain, shown)
    return text


def of_message(text):
    """As the message of one of GitHub's workflow commands, which ends with the line."""
    for plain, shown in (("%", "%25"), ("\r", "%0D"), ("\n", "%0A")):
        text = text.replace(plain, shown)
    return text


def of_property(text):
    """As a property of one, which ends at a colon or comma too."""
    return of_message(text).replace(":", "%3A").replace(",", "%2C")


main(*sys.argv[1:])
