"""`bucket.py NAME`: makes a bucket on the S3 server that the environment names, once it answers."""

import sys
import time

import botocore.session
from botocore.exceptions import BotoCoreError

s3 = botocore.session.get_session().create_client("s3")
for attempt in range(100):
    try:
        s3.create_bucket(Bucket=sys.argv[1])
        break
    except BotoCoreError:
        time.sleep(0.1)
else:
    sys.exit("the S3 server does not answer")
