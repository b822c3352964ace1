"""What admins look at: tokens, transfers and reports, made by real requests to the admin service and to a user service beside it."""

import json
import re
import secrets

import sends
import transfers
from ground import ADMIN_KEY, URL, ask, choice, is_whole, mostly

NAME = re.compile(r"(?!sgs_)[A-Za-z0-9_.\-]{1,128}")
ID = re.compile("[0-9a-f]{12}|[0-9a-f]{32}")

# Bytes of JSON, which a schema cannot bound; the service counts without blanks.
MOST_METADATA = 4_096


def ask_admin(method, path, body=None):
    body = b"" if body is None else json.dumps(body).encode()
    return ask(method, path, body, url=URL, x_api_key=ADMIN_KEY).json()


def token(stage):
    """The name of a fresh token."""
    name = f"token-{secrets.token_hex(8)}"
    ask_admin("POST", "/tokens/create", {"token_name": name, "usage_limit": 1, "secret": stage == "secret"})
    if stage == "exhausted":
        ask_admin("POST", f"/tokens/use/{name}")
    if stage == "revoked":
        ask_admin("POST", f"/tokens/revoke/{name}")
    return name


def reported():
    send = sends.Send().complete()
    send.ask("reader", "POST", "/report", json.dumps({"reason": "it is not what it says"}).encode())
    return send.id


def taken_down():
    send = reported()
    ask_admin("POST", f"/transfers/{send}/takedown", {"reason": "abuse"})
    return send


TRANSFERS = {
    "reported": reported,
    "send": lambda: sends.Send().claimed().id,
    "pending": lambda: sends.Send().id,
    "original": lambda: transfers.Transfer(max_downloads=3).exhausted().id,
    "deleted": lambda: sends.Send().deleted().id,
    "taken down": taken_down,
}

# Where the cursors of these operations come from, and what they are called.
LISTS = {
    "GET /tokens/list": ("/tokens/list", "after"),
    "GET /tokens/list-details": ("/tokens/list", "after"),
    "GET /transfers": ("/transfers", "before"),
    "GET /reports": ("/reports", "after"),
}


def prepare(case):
    """Gives a well-formed case something to look at. What is malformed stays."""
    label, path, body = case.operation.label, case.path_parameters or {}, case.body
    if NAME.fullmatch(str(path.get("name", ""))) and choice(case, range(8)):
        path["name"] = token(mostly(case, ["active", "exhausted", "revoked", "secret"]))
    if ID.fullmatch(str(path.get("id", ""))) and choice(case, range(8)):
        path["id"] = TRANSFERS[mostly(case, list(TRANSFERS))]()
    if label in LISTS:
        turn_page(case, *LISTS[label])
    if label == "GET /audit" and {"before", "since"} <= set(case.query or {}):
        # Each names a direction.
        del case.query[choice(case, ["before", "since"])]
    if isinstance(body, dict) and is_whole(body.get("expires_in"), sends.LONGEST_AGE - 60, sends.LONGEST_AGE):
        body["expires_in"] = sends.LONGEST_AGE - 60
    if label == "POST /auth/set-auth-cookie" and isinstance(body, dict) and isinstance(body.get("cookie_value"), str):
        # Wrong keys are answered after a second: few of them are enough.
        body["cookie_value"] = ADMIN_KEY if choice(case, range(16)) else body["cookie_value"]
    if label == "POST /tokens/create" and isinstance(body, dict) and NAME.fullmatch(str(body.get("token_name", ""))):
        body["token_name"] = mostly(case, [f"token-{secrets.token_hex(8)}", body["token_name"]])
        if len(json.dumps(body.get("metadata"), ensure_ascii=False).encode(errors="replace")) > MOST_METADATA:
            body["metadata"] = {}


def turn_page(case, path, cursor):
    """A cursor is what the page before gave; any other text is none."""
    query = case.query or {}
    if isinstance(query.get(cursor), str):
        # Those that were reported are listed in another order.
        reported = "&reported=true" if str(query.get("reported")).lower() == "true" else ""
        after = ask_admin("GET", f"{path}?limit=1{reported}").get("next")
        if after is None:
            del query[cursor]
        else:
            query[cursor] = after
