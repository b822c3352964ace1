"""What all hooks stand on: the service under test, requests of our own beside those that are generated, and choices."""

import hashlib
import os
import threading

import requests

SERVICE = os.environ["FUZZ_SERVICE"]
"""`user` or `admin`."""
URL = os.environ["FUZZ_URL"]
"""Where the service under test listens."""
USER_URL = os.environ.get("FUZZ_USER_URL", URL)
"""Where a user service on the same storage listens: it makes what an admin looks at."""
STORAGE = os.environ["FUZZ_STORAGE"]
"""`folder` or `s3`."""
ACCESS_TOKEN = os.environ["FUZZ_ACCESS_TOKEN"]
"""Without it nothing is sent."""
ADMIN_KEY = os.environ["FUZZ_ADMIN_KEY"]
"""The key of both services."""

DIGEST = "x-amz-content-sha256"

_own = threading.local()


def session():
    """A thread's connections: `requests` does not share them."""
    if not hasattr(_own, "session"):
        _own.session = requests.Session()
    return _own.session


def ask(method, path, body=b"", url=USER_URL, **headers):
    """Sends a request of our own, with the digest of its body; a refusal ends the run."""
    headers = {name.replace("_", "-"): value for name, value in headers.items()}
    headers |= {DIGEST: hashlib.sha256(body).hexdigest(), "x-sgraph-access-token": ACCESS_TOKEN}
    answer = session().request(method, url + path, data=body, headers=headers, timeout=30)
    if not answer.ok:
        raise SystemExit(f"{method} {path} of the hooks was answered {answer.status_code}: {answer.text}")
    return answer


def put(url, body):
    """Sends bytes to a signed URL."""
    answer = session().put(url, data=body, timeout=30)
    answer.raise_for_status()
    return answer


def choice(case, options):
    """One of the options, always the same one for the same case: a failure must be found again."""
    seen = repr((case.method, case.path, case.path_parameters, case.query, case.headers, case.body))
    return options[int.from_bytes(hashlib.sha256(seen.encode(errors="replace")).digest()[:4], "big") % len(options)]


def mostly(case, options):
    """The first option in six cases of eight, else one of the others."""
    others = options[1:] or options
    return choice(case, [options[0]] * 6 + [choice(case, others), choice(case, others[::-1])])


def is_step(case):
    """Whether it is a step of a sequence, where what one makes is what the next works on."""
    return case.meta is not None and case.meta.phase.name.value == "stateful"


def is_whole(value, low, high):
    """Whether it is a whole number of a range, and not `true`."""
    return isinstance(value, int) and not isinstance(value, bool) and low <= value <= high


def without_fractions(value):
    """JSON Schema takes `7.0` for a whole number; Rust's parsers, and so our services, want `7`. Descriptions cannot say so."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 2**64:
        return int(value)
    if isinstance(value, dict):
        return {name: without_fractions(one) for name, one in value.items()}
    if isinstance(value, list):
        return [without_fractions(one) for one in value]
    return value


class BodyDigest(requests.auth.AuthBase):
    """Puts the digest of the body, as it is sent, where the case has a well-formed one. What a case leaves out or breaks on
    purpose stays so."""

    def __call__(self, request):
        stated = request.headers.get(DIGEST, "")
        if isinstance(stated, bytes):
            stated = stated.decode("latin-1")
        if len(stated) == 64 and set(stated) <= set("0123456789abcdef"):
            body = request.body or b""
            body = body.encode() if isinstance(body, str) else body
            request.headers[DIGEST] = hashlib.sha256(body).hexdigest()
        return request
