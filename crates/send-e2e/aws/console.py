"""Asks AWS what it is told to, by AWS's own library for Python, as whoever it is told to: a line of JSON each way."""

import base64
import functools
import json
import sys

import botocore.session
from botocore.config import Config
from botocore.exceptions import ClientError

SESSION = botocore.session.get_session()


@functools.cache
def client(service, region, key, secret, token):
    """Asks once: what is refused is what the test wants to see."""
    config = Config(retries={"total_max_attempts": 1})
    return SESSION.create_client(
        service,
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=config,
    )


def plain(value):
    """What JSON has no word for: bytes, bodies and times."""
    if hasattr(value, "read"):
        value = value.read()
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return base64.b64encode(value).decode()
    return str(value)


def ask(service, region, operation, parameters, key, secret, token=None):
    """The answer, or else the code of the refusal and its message."""
    asked = client(service, region, key, secret, token)
    method = botocore.xform_name(operation)
    try:
        answer = getattr(asked, method)(**parameters)
    except ClientError as error:
        refusal = error.response["Error"]
        return {"code": refusal["Code"], "message": refusal.get("Message", "")}
    answer.pop("ResponseMetadata", None)
    return {"answer": answer}


for line in sys.stdin:
    print(json.dumps(ask(**json.loads(line)), default=plain), flush=True)
