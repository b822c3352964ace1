#!/usr/bin/env bash
# `bash .ci/fuzz.sh SERVICE CASES [STORAGE [PROFILE]]`: starts a service (`user` or `admin`), as it was built in a profile (`debug` unless
# said), on a free port with a storage of its own (`folder` unless said, or `s3`), asks it at least so many questions that follow from its
# OpenAPI document, well-formed and malformed, alone and in sequences, and ends it. Any failed check fails, and so does an operation that
# never succeeded: then nothing was shown of it.

set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
service=$1 cases=$2 storage=${3:-folder} profile=${4:-debug}
binaries=${CARGO_TARGET_DIR:-target}/$profile
# In memory where there is such a place: a folder makes sure that what it stores is on the disk, which takes most of the time.
if [[ -w /dev/shm ]]; then ground=$(mktemp -d -p /dev/shm); else ground=$(mktemp -d); fi
started=()

finish() {
  local one
  for one in "${started[@]}"; do kill "$one" 2>/dev/null || true; done
  wait
  rm -rf "$ground"
}
trap finish EXIT

free_port() {
  python3 -c 'import socket; s = socket.create_server(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# start NAME COMMAND..: in the background, with a log of its own.
start() {
  local name=$1
  shift
  "$@" </dev/null >"$ground/$name.out" 2>"$ground/$name.log" &
  started+=($!)
}

# An S3 server of somebody else that checks signatures, with a bucket.
start_s3() {
  local port
  port=$(free_port)
  export AWS_ACCESS_KEY_ID=AKIAFUZZFUZZFUZZFUZZ AWS_SECRET_ACCESS_KEY=only-for-these-cases AWS_REGION=us-east-1
  export AWS_ENDPOINT_URL=http://127.0.0.1:$port AWS_ALLOW_HTTP=true
  start s3 env BIND_HOST=127.0.0.1 GATEWAY_PORT="$port" SERVICES=s3 AUTH=true MINISTACK_REGION=us-east-1 LOG_LEVEL=WARNING .venv/bin/ministack
  .venv/bin/python .ci/fuzz/bucket.py fuzz
}

export FUZZ_SERVICE=$service FUZZ_STORAGE=$storage FUZZ_TALLY=$ground/tally.json
export FUZZ_ACCESS_TOKEN='fuzz-access-token'
export SEND_ACCESS_TOKEN_SHA256 SEND_UPLOADS=token SEND_DIRECT=both
SEND_ACCESS_TOKEN_SHA256=$(printf %s "$FUZZ_ACCESS_TOKEN" | sha256sum | cut -d' ' -f1)
export FUZZ_ADMIN_KEY SEND_ADMIN_KEY_SHA256
FUZZ_ADMIN_KEY=$(python3 -c 'import secrets; print(secrets.token_hex(32))')
SEND_ADMIN_KEY_SHA256=$(printf %s "$FUZZ_ADMIN_KEY" | sha256sum | cut -d' ' -f1)
# The longest age that can be configured, so that the bounds of the document are the server's.
export SEND_MAX_AGE=3653d
case $storage in
  folder) export SEND_STORAGE=file:$ground/storage ;;
  s3) start_s3 && export SEND_STORAGE=s3://fuzz/some/prefix ;;
  *) printf 'no such storage: %s\n' "$storage" >&2 && exit 1 ;;
esac

# begin SERVICE: on a free port, which is then $port.
begin() {
  port=$(free_port)
  start "$1" env SEND_LISTEN="127.0.0.1:$port" "$binaries/send-$1"
}

if [[ $service == admin ]]; then
  # The admin looks at what a user service makes on the same storage.
  begin user
  export FUZZ_USER_URL=http://127.0.0.1:$port
fi
begin "$service"
export FUZZ_URL=http://127.0.0.1:$port

fuzz=.venv-fuzz/bin
export PYTHONPATH=.ci/fuzz PYTHONDONTWRITEBYTECODE=1 SCHEMATHESIS_HOOKS=hooks
"$fuzz/schemathesis" --config-file .ci/schemathesis.toml run "$FUZZ_URL/api/openapi.json" --wait-for-schema 20 \
  --max-examples "$((cases / 25 + 1))" --checks all --phases examples,coverage,fuzzing,stateful || failed=1
"$fuzz/python" .ci/fuzz/report.py "$FUZZ_TALLY" "$cases" "$storage" || failed=1
if grep '"level":"ERROR"' "$ground/$service.log"; then failed=1; fi
[[ -z ${failed:-} ]]
