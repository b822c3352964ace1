"""Transfers as the original's operations need them: made by real requests, fresh for every case."""

import hashlib
import json
import re
import secrets

from ground import STORAGE, ask, choice, is_step, is_whole, mostly, put

ID = re.compile("[0-9a-f]{12}")
SECRET = "the secret that allows to delete"
PAYLOAD = b"ciphertext"
PRINTABLE = re.compile("[!-~]([ -~]*[!-~])?")


class Transfer:
    """A transfer that goes as far as it is asked to."""

    def __init__(self, **fields):
        self.id = secrets.token_hex(6)
        create = {"transfer_id": self.id, "delete_auth_hash": hashlib.sha256(SECRET.encode()).hexdigest()} | fields
        ask("POST", "/api/transfers/create", json.dumps(create).encode())

    def uploaded(self):
        ask("POST", f"/api/transfers/upload/{self.id}", PAYLOAD, content_type="application/octet-stream")
        return self

    def complete(self):
        self.uploaded()
        ask("POST", f"/api/transfers/complete/{self.id}")
        return self

    def begun(self):
        """An upload in one part that is under way: its id, and the tag of the part that arrived."""
        initiate = {"transfer_id": self.id, "file_size_bytes": len(PAYLOAD), "num_parts": 1}
        answer = ask("POST", "/api/presigned/initiate", json.dumps(initiate).encode()).json()
        etag = put(answer["part_urls"][0]["upload_url"], PAYLOAD).headers["etag"]
        return answer["upload_id"], etag

    def exhausted(self):
        self.complete()
        ask("GET", f"/api/transfers/download/{self.id}")
        return self

    def deleted(self):
        self.complete()
        ask("DELETE", f"/api/transfers/delete/{self.id}", x_sgraph_transfer_delete_auth=SECRET)
        return self


STAGES = {
    "pending": lambda: Transfer(),
    "uploaded": lambda: Transfer().uploaded(),
    "complete": lambda: Transfer().complete(),
    "exhausted": lambda: Transfer(max_downloads=1, auto_delete=True).exhausted(),
    "expired": lambda: Transfer(expires_at=1).complete(),
    "deleted": lambda: Transfer().deleted(),
}

# Per operation the stages that a transfer may be in; the first is what lets it succeed.
OPERATIONS = {
    "POST /api/transfers/upload/{id}": ["pending", "uploaded", "complete"],
    "POST /api/transfers/complete/{id}": ["uploaded", "complete", "pending", "deleted"],
    "GET /api/transfers/info/{id}": ["complete", "pending", "exhausted", "expired", "deleted"],
    "GET /api/transfers/download/{id}": ["complete", "pending", "exhausted", "expired", "deleted"],
    "GET /api/transfers/download-base64/{id}": ["complete", "pending", "exhausted", "expired", "deleted"],
    "DELETE /api/transfers/delete/{id}": ["complete", "pending", "exhausted", "deleted"],
    "GET /api/presigned/upload-url/{id}": ["pending", "complete"],
    "GET /api/presigned/download-url/{id}": ["complete", "pending", "exhausted", "expired"],
}


def prepare(case, seen):
    """Gives a well-formed case a transfer, and what only whoever made that knows. What is malformed stays."""
    label, path, body = case.operation.label, case.path_parameters or {}, case.body
    known = str(path.get("id", "")) in seen
    if label in OPERATIONS and ID.fullmatch(str(path.get("id", ""))) and not known:
        path["id"] = STAGES[mostly(case, OPERATIONS[label])]().id
    if label == "DELETE /api/transfers/delete/{id}" and choice(case, range(8)):
        if PRINTABLE.fullmatch(str((case.headers or {}).get("x-sgraph-transfer-delete-auth", ""))):
            case.headers["x-sgraph-transfer-delete-auth"] = SECRET
    if label == "POST /api/transfers/create" and isinstance(body, dict):
        if re.fullmatch("[0-9A-Fa-f]{64}", str(body.get("delete_auth_hash"))):
            body["delete_auth_hash"] = hashlib.sha256(SECRET.encode()).hexdigest()
        if is_step(case) and is_whole(body.get("file_size_bytes"), 1, 2**63):
            body["file_size_bytes"] = 0
    if STORAGE == "s3":
        straight(case, label, path, body)


def straight(case, label, path, body):
    """Uploads in parts that are really under way."""
    if label == "POST /api/presigned/cancel/{id}/{upload_id}" and ID.fullmatch(str(path.get("id", ""))) and path.get("upload_id"):
        transfer = Transfer()
        path["id"], path["upload_id"] = transfer.id, transfer.begun()[0]
    if label == "POST /api/presigned/initiate" and is_initiate(body):
        body["transfer_id"] = STAGES[mostly(case, ["pending", "complete"])]().id
        body["file_size_bytes"] = min(body["file_size_bytes"], 1 << 30)
    if label == "POST /api/presigned/complete" and is_complete(body):
        transfer = Transfer()
        upload, etag = transfer.begun()
        body |= {"transfer_id": transfer.id, "upload_id": upload, "parts": [{"part_number": 1, "etag": etag}]}


def is_initiate(body):
    """Whether nothing in it is malformed."""
    if not isinstance(body, dict) or not is_whole(body.get("file_size_bytes"), 1, 2**64):
        return False
    parts = body.get("num_parts")
    return (parts is None or is_whole(parts, 0, 10_000)) and isinstance(body.get("transfer_id", ""), str)


def is_complete(body):
    """Whether nothing in it is malformed."""
    if not isinstance(body, dict) or not all(isinstance(body.get(name, ""), str) for name in ("transfer_id", "upload_id")):
        return False
    parts = body.get("parts")
    return isinstance(parts, list) and 1 <= len(parts) <= 10_000 and all(map(is_part, parts))


def is_part(part):
    return isinstance(part, dict) and is_whole(part.get("part_number"), 1, 10_000) and isinstance(part.get("etag"), str)
