"""Sends as the operations under `/api/v1/sends` need them: made by real requests, fresh for every case."""

import base64
import hashlib
import json
import re
import secrets

from schemathesis.core import NOT_SET

from ground import ask, choice, is_step, is_whole, mostly

LEAST = 4_168
MOST = 272_996_761_672
PART = bytes(LEAST)
LONGEST_AGE = 3_653 * 86_400

ID = re.compile("[0-9a-f]{32}")
ONE = re.compile("[A-Za-z0-9_-]{42}[AEIMQUYcgkosw048]")
TWO = re.compile("[A-Za-z0-9_-]{85}[AQgw]")


def half(kind, send):
    """32 secret bytes that follow from the id, so that whoever meets the id has the token too."""
    return hashlib.sha256(f"{kind} of {send}".encode()).digest()


def token(kind, send):
    halves = half("link", send) + half("read", send) if kind == "reader" else half(kind, send)
    return base64.urlsafe_b64encode(halves).decode().rstrip("=")


def verifier(kind, send):
    return hashlib.sha256(f"sgraph-send.v1/{kind}-verifier".encode() + half(kind, send)).hexdigest()


def verifiers(send):
    return {f"{kind}_verifier": verifier(kind, send) for kind in ("link", "read", "owner")}


class Send:
    """A send of one part that goes as far as it is asked to."""

    def __init__(self, downloads=0):
        self.id = secrets.token_hex(16)
        self.path = f"/api/v1/sends/{self.id}"
        create = {"id": self.id, "size": LEAST, "downloads": downloads} | verifiers(self.id)
        ask("POST", "/api/v1/sends", json.dumps(create).encode())

    def ask(self, kind, method, path, body=b"", **more):
        ask(method, self.path + path, body, x_send_token=token(kind, self.id), **more)
        return self

    def whole(self):
        return self.ask("owner", "PUT", "/manifest", b"sealed").ask("owner", "PUT", "/parts/0", PART)

    def complete(self):
        return self.whole().ask("owner", "POST", "/complete")

    def claimed(self, by="claim"):
        claim = json.dumps({"claim": token(by, self.id)}).encode()
        return self.complete().ask("reader", "POST", "/claims", claim)

    def finished(self):
        return self.claimed().ask("claim", "DELETE", "/claim")

    def deleted(self):
        return self.complete().ask("owner", "DELETE", "")


STAGES = {
    "new": lambda downloads: Send(downloads),
    "whole": lambda downloads: Send(downloads).whole(),
    "complete": lambda downloads: Send(downloads).complete(),
    "claimed": lambda downloads: Send(downloads).claimed(),
    "finished": lambda downloads: Send(downloads).finished(),
    "taken": lambda _: Send(1).claimed(by="another claim"),
    "deleted": lambda downloads: Send(downloads).deleted(),
}

# Per operation: who asks, and the stages that a send may be in. The first of both is what lets it succeed.
OPERATIONS = {
    "GET /api/v1/sends/{id}": (["owner", "link", "reader"], ["complete", "new", "deleted"]),
    "PATCH /api/v1/sends/{id}": (["owner"], ["complete", "new", "deleted"]),
    "DELETE /api/v1/sends/{id}": (["owner"], ["complete", "new", "deleted"]),
    "POST /api/v1/sends/{id}/report": (["reader"], ["complete", "new", "deleted"]),
    "POST /api/v1/sends/{id}/claims": (["reader"], ["complete", "claimed", "finished", "taken", "deleted"]),
    "DELETE /api/v1/sends/{id}/claim": (["claim"], ["claimed", "finished"]),
    "POST /api/v1/sends/{id}/complete": (["owner"], ["whole", "complete", "new", "deleted"]),
    "GET /api/v1/sends/{id}/content": (["claim"], ["claimed", "finished", "deleted"]),
    "GET /api/v1/sends/{id}/manifest": (["reader"], ["complete", "new", "deleted"]),
    "PUT /api/v1/sends/{id}/manifest": (["owner"], ["new", "complete", "deleted"]),
    "POST /api/v1/sends/{id}/part-urls": (["owner", "claim"], ["new", "claimed"]),
    "GET /api/v1/sends/{id}/parts": (["owner"], ["whole", "new", "deleted"]),
    "GET /api/v1/sends/{id}/parts/{part}": (["claim"], ["claimed", "finished", "deleted"]),
    "PUT /api/v1/sends/{id}/parts/{part}": (["owner"], ["new", "whole", "complete", "deleted"]),
}


def prepare(case, seen):
    """Gives a well-formed case a send, the right token, and what only a look at the send tells. What is malformed stays."""
    label = case.operation.label
    if label == "POST /api/v1/sends":
        create(case)
    if label not in OPERATIONS:
        return
    who, stages = OPERATIONS[label]
    send, asker = str((case.path_parameters or {}).get("id", "")), choice(case, who)
    if ID.fullmatch(send) and send not in seen:
        # A claim is asked for by whoever holds one, so these two go together.
        stage = "claimed" if asker == "claim" and label.endswith("part-urls") else mostly(case, stages)
        send = STAGES[stage](downloads(case)).id
        case.path_parameters["id"] = send
    show(case, send, asker)
    fit(case, send, asker)


def create(case):
    """A body that is well-formed gets a size that padding makes, and verifiers whose tokens are known."""
    body = case.body
    if not isinstance(body, dict):
        return
    if is_whole(body.get("size"), LEAST, MOST):
        body["size"] = LEAST if is_step(case) else padded(body["size"])
    named = [body.get(name) for name in verifiers("")]
    if ID.fullmatch(str(body.get("id"))) and all(re.fullmatch("[0-9a-f]{64}", str(name)) for name in named):
        # Generators love some ids, which then are taken.
        body["id"] = secrets.token_hex(16) if choice(case, range(8)) else body["id"]
        body.update(verifiers(body["id"]))


def padded(size):
    """The next smaller size of a stream: a header of 56 bytes, then chunks of 16,384 with a tag of 16 each, of which the last is never
    full, of a length whose last bits are zero."""
    chunks, rest = divmod(size - 56, 16_400)
    plain = chunks * 16_384 + max(0, rest - 16)
    kept = plain.bit_length() - 1
    zeros = kept - kept.bit_length()
    plain = plain >> zeros << zeros
    return 56 + plain + (plain // 16_384 + 1) * 16


def downloads(case):
    """A limit may be raised, but not to or from any number: the send gets the kind that the case asks for."""
    asked = case.body.get("downloads") if isinstance(case.body, dict) else None
    return 1 if is_whole(asked, 1, 100) else 0


def show(case, send, asker):
    """One case in eight keeps the token that was generated, which is nobody's."""
    shown = str((case.headers or {}).get("x-send-token", ""))
    if (ONE.fullmatch(shown) or TWO.fullmatch(shown)) and choice(case, range(8)):
        case.headers["x-send-token"] = token(asker, send)


def fit(case, send, asker):
    """Parts, bytes and times that this send has."""
    part = (case.path_parameters or {}).get("part")
    if re.fullmatch("[0-9]{1,5}", str(part)) and int(part) <= 65_535:
        case.path_parameters["part"] = 0
        if case.method == "PUT" and case.body is not NOT_SET:
            case.body = PART
    body = case.body
    if not isinstance(body, dict):
        return
    if ONE.fullmatch(str(body.get("claim"))):
        body["claim"] = token("claim", send)
    # The longest age counts from the creation, which was a moment ago.
    if is_whole(body.get("expires_in"), LONGEST_AGE - 60, LONGEST_AGE):
        body["expires_in"] = LONGEST_AGE - 60
    if isinstance(body.get("parts"), list) and all(map(is_asked, body["parts"])):
        asked = {"part": 0, "sha256": hashlib.sha256(PART).hexdigest()} if asker == "owner" else 0
        body["parts"] = [asked for _ in body["parts"]]


def is_asked(part):
    """A part as either an owner or the holder of a claim asks for it."""
    if isinstance(part, dict):
        return is_whole(part.get("part"), 0, 65_535) and re.fullmatch("[0-9a-f]{64}", str(part.get("sha256")))
    return is_whole(part, 0, 2**32 - 1)


def is_admitted(case):
    """Whether it shows a token that is right for its send, claims aside: they may not have been taken yet."""
    who, _ = OPERATIONS[case.operation.label]
    send, shown = str((case.path_parameters or {}).get("id")), str((case.headers or {}).get("x-send-token"))
    return any(shown == token(kind, send) for kind in who if kind != "claim")
