"""Makes one thing of every kind that is somebody else's, with a name beside ours: longer, shorter, or another stage's."""

import io
import json
import sys
import zipfile

from botocore.session import Session

SESSION = Session()
REGION = SESSION.get_config_variable("region")
TAGS = {"Project": "sgraph-send", "Stage": "qa", "App": "user"}
PAIRS = [{"Key": key, "Value": value} for key, value in TAGS.items()]


def client(name):
    return SESSION.create_client(name, region_name="us-east-1" if name == "cloudfront" else None)


def role():
    iam = client("iam")
    statement = {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"}
    trust = json.dumps({"Version": "2012-10-17", "Statement": [statement]})
    rule = json.dumps({"Version": "2012-10-17", "Statement": [{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}]})
    name = f"sgraph_ai_app_send-user-dev-{REGION}-2"
    arn = iam.create_role(RoleName=name, AssumeRolePolicyDocument=trust, Tags=PAIRS)["Role"]["Arn"]
    iam.put_role_policy(RoleName=name, PolicyName="runtime", PolicyDocument=rule)
    policy = iam.create_policy(PolicyName="sgraph_ai_app_send-user-dev", PolicyDocument=rule)["Policy"]["Arn"]
    iam.attach_role_policy(RoleName=name, PolicyArn=policy)
    return arn


def bucket(account):
    s3 = client("s3")
    name = f"sgraph-send-dev-storage-{account}-{REGION}-2"
    where = {} if REGION == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    s3.create_bucket(Bucket=name, **where)
    s3.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    s3.put_bucket_tagging(Bucket=name, Tagging={"TagSet": PAIRS})
    for body in (b"one", b"two"):
        s3.put_object(Bucket=name, Key="deploy/user/theirs.zip", Body=body)
    s3.put_object(Bucket=name, Key="transfers/theirs", Body=b"three")
    s3.delete_object(Bucket=name, Key="transfers/theirs")
    s3.create_multipart_upload(Bucket=name, Key="transfers/begun")


def function(role):
    aws = client("lambda")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        made.writestr("bootstrap", "#!/bin/sh\n")
    for name in ("sgraph_ai_app_send-user", "sgraph_ai_app_send-user-dev2"):
        code = {"ZipFile": packed.getvalue()}
        aws.create_function(FunctionName=name, Runtime="provided.al2023", Handler="bootstrap", Role=role, Code=code, Tags=TAGS)
        aws.get_waiter("function_active_v2").wait(FunctionName=name)
        version = aws.publish_version(FunctionName=name)["Version"]
        aws.create_alias(FunctionName=name, Name="live", FunctionVersion=version)
        aws.create_function_url_config(FunctionName=name, Qualifier="live", AuthType="NONE")
        grant = {"Action": "lambda:InvokeFunctionUrl", "Principal": "*", "FunctionUrlAuthType": "NONE"}
        aws.add_permission(FunctionName=name, Qualifier="live", StatementId="public-url", **grant)
        aws.put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=2)


def logs():
    aws = client("logs")
    for name in ("/aws/lambda/sgraph_ai_app_send-user", "/aws/lambda/sgraph_ai_app_send-user-dev2"):
        aws.create_log_group(logGroupName=name, tags=TAGS)
        aws.put_retention_policy(logGroupName=name, retentionInDays=3)


def rule(role):
    aws = client("events")
    name = "sgraph_ai_app_send-admin-dev-sweep2"
    aws.put_rule(Name=name, ScheduleExpression="rate(1 day)", Tags=PAIRS)
    aws.put_targets(Rule=name, Targets=[{"Id": "1", "Arn": role.replace(":iam::", f":lambda:{REGION}:").replace("role/", "function:")}])


def alarm():
    aws = client("cloudwatch")
    figures = {"Namespace": "AWS/Lambda", "MetricName": "Errors", "Statistic": "Sum", "Period": 300}
    limit = {"EvaluationPeriods": 1, "Threshold": 1.0, "ComparisonOperator": "GreaterThanThreshold"}
    aws.put_metric_alarm(AlarmName="sgraph_ai_app_send-user-dev-errors2", Tags=PAIRS, **figures, **limit)


def edge():
    aws = client("cloudfront")
    name = f"sgraph-send-dev-user-{REGION}-2"
    access = {"Name": name, "SigningProtocol": "sigv4", "SigningBehavior": "always", "OriginAccessControlOriginType": "lambda"}
    aws.create_origin_access_control(OriginAccessControlConfig=access)
    aws.create_response_headers_policy(ResponseHeadersPolicyConfig={"Name": name, "Comment": name})
    origin = {"Id": "function", "DomainName": "example.org", "CustomOriginConfig": {"HTTPPort": 80, "HTTPSPort": 443, "OriginProtocolPolicy": "https-only"}}
    made = {
        "CallerReference": "theirs",
        "Comment": f"sgraph-send dev user {REGION} 2",
        "Enabled": True,
        "Origins": {"Quantity": 1, "Items": [origin]},
        "DefaultCacheBehavior": {"TargetOriginId": "function", "ViewerProtocolPolicy": "allow-all", "CachePolicyId": "4135ea2d-6df8-44a3-9df3-4b5a84be39ad"},
    }
    aws.create_distribution_with_tags(DistributionConfigWithTags={"DistributionConfig": made, "Tags": {"Items": PAIRS}})


client("sns").create_topic(Name="sgraph-send-dev")
role = role()
bucket(sys.argv[1])
function(role)
logs()
rule(role)
alarm()
edge()
