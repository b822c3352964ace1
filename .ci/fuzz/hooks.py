"""What schemathesis is told of our services beyond their descriptions. It loads this module by SCHEMATHESIS_HOOKS."""

import schemathesis

import admin
import sends
import tally
import transfers
from ground import ACCESS_TOKEN, ADMIN_KEY, SERVICE, STORAGE, BodyDigest, choice, is_step, without_fractions

# Ids that the service told: they came by a link of a stateful run, and stand for what an earlier step made.
seen = set()


# The bounds of int32 and int64 are known to schemathesis, those of their unsigned sisters in the registry of formats are not.
UNSIGNED = {"uint32": 2**32 - 1, "uint64": 2**64 - 1}


@schemathesis.hook
def before_load_schema(context, raw_schema):
    bound(raw_schema)


def bound(part):
    if isinstance(part, dict):
        kind = part.get("format")
        if isinstance(kind, str) and kind in UNSIGNED:
            part.setdefault("maximum", UNSIGNED[kind])
        part = list(part.values())
    if isinstance(part, list):
        for inner in part:
            bound(inner)


@schemathesis.hook
def before_call(context, case, kwargs):
    """Well-formed cases get something real to work on, and the digest of their body."""
    if isinstance(case.body, (dict, list)):
        case.body = without_fractions(case.body)
    if SERVICE == "admin":
        admin.prepare(case)
    else:
        sends.prepare(case, seen)
        transfers.prepare(case, seen)
        # The one route of the user service that needs the admin key.
        if case.path == "/metrics":
            case.headers["x-api-key"] = ADMIN_KEY
    if "x-sgraph-access-token" in context.operation.headers and choice(case, range(8)):
        case.headers["x-sgraph-access-token"] = ACCESS_TOKEN
    kwargs["auth"] = BodyDigest()


@schemathesis.hook
def after_call(context, case, response):
    tally.count(case.operation.label, response.status_code)
    if is_step(case) and response.status_code in (200, 201) and "json" in str(response.headers.get("content-type")):
        answer = response.json()
        seen.update(str(answer[name]) for name in ("id", "transfer_id") if name in answer)


@schemathesis.hook
def before_init_operation(context, operation):
    tally.operation(operation.label)


@schemathesis.hook
def filter_failure(context, failure, case, response):
    """Drops what a check takes for a failure, and our contract promises."""
    kind = type(failure).__name__
    if kind == "RejectedPositiveData" and response.status_code == 400:
        return not response.json()["detail"].startswith(promised(case))
    # What was deleted or taken down stays to be seen by admins, who must know why it is gone, until its tombstone goes.
    if kind == "UseAfterFree" and SERVICE == "admin":
        return response.json().get("state") not in ("deleted", "taken_down")
    # What was just made is not there without its token: then it is like anything that is not there.
    if kind == "EnsureResourceAvailability" and context.operation.label in sends.OPERATIONS:
        return sends.is_admitted(case)
    return True


def promised(case):
    """How refusals begin that follow from what is there, and not from the request."""
    refusals = []
    if STORAGE == "folder":
        # On S3 the same operations are asked without this.
        refusals += ["S3 storage mode required", "This storage signs no URLs for that."]
    if case.method.upper() == "PATCH":
        # How long is allowed depends on when it was created, which a description cannot say.
        refusals += ["expires_in: must be at least 1, and end within"]
    if (case.path_parameters or {}).get("id") in seen:
        # In a sequence the limit is what earlier steps made it.
        refusals += ["downloads: may only be raised"]
    return tuple(refusals) or "nothing begins like this"
