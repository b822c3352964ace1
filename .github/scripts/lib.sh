# shellcheck shell=bash
# What the scripts of the pipelines share. Sourced, never run. They stand in the root of the repository, whoever calls them from where.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

# refuse SENTENCE: ends the job, with the sentence where GitHub shows what went wrong.
refuse() {
  printf '::error::%s\n' "$1" >&2
  exit 1
}

# output NAME VALUE: for later steps.
output() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_OUTPUT"
}

# summary LINE..: on the page of the run.
summary() {
  printf '%s\n' "$@" >>"$GITHUB_STEP_SUMMARY"
}

# later NAME VALUE: a variable for the later steps of the job.
later() {
  printf '%s=%s\n' "$1" "$2" >>"$GITHUB_ENV"
}
