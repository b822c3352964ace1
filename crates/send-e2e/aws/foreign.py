"""Makes what is somebody else's: `foreign.py beside ACCOUNT`, a thing of every kind whose name is longer or shorter than ours, and whose tags are
another stage's; `foreign.py namesake ACCOUNT`, a thing of every kind with our very name, and no tags; `foreign.py bucket ACCOUNT`, a bucket with
the name of that account's."""

import io
import json
import sys
import zipfile

from botocore.session import Session

SESSION = Session()
REGION = SESSION.get_config_variable("region")
HOW, ACCOUNT = sys.argv[1:]
BESIDE = HOW == "beside"
END = "2" if BESIDE else ""
TAGS = {"Project": "sgraph-send", "Stage": "qa", "App": "user"} if BESIDE else {}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]
FUNCTIONS = ["sgraph_ai_app_send-user", "sgraph_ai_app_send-user-dev2"] if BESIDE else ["sgraph_ai_app_send-user-dev"]


def client(name):
    return SESSION.create_client(name, region_name="us-east-1" if name == "cloudfront" else None)


def document(**statement):
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]})


def role():
    iam = client("iam")
    trust = document(Effect="Allow", Principal={"Service": "lambda.amazonaws.com"}, Action="sts:AssumeRole")
    rule = document(Effect="Deny", Action="s3:*", Resource="*")
    name = f"sgraph_ai_app_send-user-dev-{REGION}{END}"
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=PAIRS)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="runtime", PolicyDocument=rule)
    policy = iam.create_policy(PolicyName="sgraph_ai_app_send-user-dev", PolicyDocument=rule)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    return arn


def bucket():
    s3 = client("s3")
    name = f"sgraph-send-dev-storage-{ACCOUNT}-{REGION}{END}"
    where = {} if REGION == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    s3.create_bucket(Bucket=name, **where)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    for body in (b"one", b"two"):
        s3.put_object(Bucket=name, Key="deploy/user/theirs.zip", Body=body)
    s3.put_object(Bucket=name, Key="transfers/theirs", Body=b"three")
    s3.delete_object(Bucket=name, Key="transfers/theirs")
    s3.create_multipart_upload(Bucket=name, Key="transfers/begun")
    if PAIRS:
        s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": PAIRS})


def functions(role):
    aws = client("lambda")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("bootstrap", "#!/bin/sh\n")
    made = {"Runtime": "provided.al2023", "Handler": "bootstrap", "Role": role, "Code": {"ZipFile": packed.getvalue()}, "Tags": TAGS}
    for name in FUNCTIONS:
        aws.create_function(FunctionName=name, **made)
        aws.get_waiter("function_active_v2").wait(FunctionName=name)
        version = aws.publish_version(FunctionName=name)["Version"]
        aws.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
        aws.create_function_url_config(FunctionName=name, Qualifier="live", AuthType="NONE")
        grant = {"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"}
        aws.add_permission(FunctionName=name, Qualifier="live", StatementId="public-url", **grant)
        aws.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=2)


def logs():
    aws = client("logs")
    for name in FUNCTIONS:
        group = f"/aws/lambda/{name}"
        aws.create_log_group(logGroupName=group, **({"tags": TAGS} if TAGS else {}))
        aws.put_retention_policy(logGroupName=group, retentionInDays=3)


def rule():
    aws = client("events")
    name = f"sgraph_ai_app_send-admin-dev-sweep{END}"
    aws.put_rule(Name=name, ScheduleExpression="rate(1 day)", Tags=PAIRS)
    target = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTIONS[0]}"
    aws.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": target}])


def alarm():
    aws = client("cloudwatch")
    figures = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum", "Period": 300}
    limit = {"EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    aws.put_metric_alarm(AlarmName=f"sgraph_ai_app_send-user-dev-errors{END}", Tags=PAIRS, **figures, **limit)


def edge():
    aws = client("cloudfront")
    name = f"sgraph-send-dev-user-{REGION}{END}"
    access = {"Name": name, "SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "lambda"}
    aws.create_origin_access_control(OriginAccessControlConfig=access)
    aws.create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": name, "Comment": "theirs"})
    https = {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}
    origin = {"Id": "function", "DomainName": "example.org", "CustomOriginConfig": https}
    policy = "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"
    made = {
        "CallerReference": "theirs",
        "Comment": f"sgraph-send dev user {REGION}{END}",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "function", "ViewerProtocolPolicy": "allow-all", "CachePolicyId": policy},
    }
    aws.create_distribution_with_tags(DistributionConfigWithTags={"DistributionConfig": made, "Tags": {"Items": PAIRS}})


if HOW == "bucket":
    bucket()
else:
    client("sns").create_topic(Name="sgraph-send-dev")
    functions(role())
    for kind in (bucket, logs, rule, alarm, edge):
        kind()
