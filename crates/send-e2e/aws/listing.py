"""Prints all that is in an account and region of AWS, a line a thing: what it is, its name, and all that it says of itself, as JSON.

It shares no code with what deploys: botocore asks. What grows or moves by itself is left out.
"""

import json

from botocore.exceptions import ClientError
from botocore.session import Session

SESSION = Session()
# What is different at every look, or with every request to a function.
RESTLESS = {
    "ETag",
    "LastUpdateStatus",
    "LastUpdateStatusReason",
    "LastUpdateStatusReasonCode",
    "Location",
    "ResponseMetadata",
    "RoleLastUsed",
    "State",
    "StateReason",
    "StateReasonCode",
    "StateReasonData",
    "StateTransitionedTimestamp",
    "StateUpdatedTimestamp",
    "StateValue",
    "storedBytes",
}


def client(name):
    return SESSION.create_client(name, region_name="us-east-1" if name == "cloudfront" else None)


def said(found):
    if isinstance(found, dict):
        return {key: said(value) for key, value in found.items() if key not in RESTLESS}
    return [said(each) for each in found] if isinstance(found, list) else found


def show(kind, name, *found):
    together = {key: value for each in found for key, value in each.items()}
    print(kind, name, json.dumps(said(together), sort_keys=True, default=str))


def ask(call, **arguments):
    """What AWS says, or nothing where it says that there is nothing."""
    try:
        return call(**arguments)
    except ClientError as error:
        code = error.response["Error"]["Code"]
        if "NotFound" in code or code.startswith("NoSuch"):
            return {}
        raise


def pages(of, operation, key, **arguments):
    if of.can_paginate(operation):
        for page in of.get_paginator(operation).paginate(**arguments):
            yield from page.get(key) or []
    else:
        yield from ask(getattr(of, operation), **arguments).get(key) or []


def identities():
    iam = client("iam")
    for role in pages(iam, "list_roles", "Roles"):
        name = role["RoleName"]
        show("role", name, iam.get_role(RoleName=name)["Role"])
        for policy in pages(iam, "list_role_policies", "PolicyNames", RoleName=name):
            show("role-policy", f"{name}/{policy}", iam.get_role_policy(RoleName=name, PolicyName=policy))
        for policy in pages(iam, "list_attached_role_policies", "AttachedPolicies", RoleName=name):
            show("role-attached", f"{name}/{policy['PolicyName']}", policy)
    for policy in pages(iam, "list_policies", "Policies", Scope="Local"):
        show("policy", policy["PolicyName"], policy)
    for user in pages(iam, "list_users", "Users"):
        show("user", user["UserName"], user)


def buckets():
    s3 = client("s3")
    settings = [
        s3.get_bucket_location,
        s3.get_bucket_tagging,
        s3.get_bucket_versioning,
        s3.get_bucket_encryption,
        s3.get_bucket_ownership_controls,
        s3.get_bucket_policy,
        s3.get_bucket_cors,
        s3.get_bucket_lifecycle_configuration,
        s3.get_public_access_block,
    ]
    for bucket in s3.list_buckets()["Buckets"]:
        name = bucket["Name"]
        show("bucket", name, bucket, *(ask(setting, Bucket=name) for setting in settings))
        for version in pages(s3, "list_object_versions", "Versions", Bucket=name):
            show("object", f"{name}/{version['Key']}", version)
        for marker in pages(s3, "list_object_versions", "DeleteMarkers", Bucket=name):
            show("marker", f"{name}/{marker['Key']}", marker)
        for upload in pages(s3, "list_multipart_uploads", "Uploads", Bucket=name):
            show("upload", f"{name}/{upload['Key']}", upload)


def functions():
    aws = client("lambda")
    for function in pages(aws, "list_functions", "Functions"):
        name = function["FunctionName"]
        show("function", name, aws.get_function(FunctionName=name))
        for version in pages(aws, "list_versions_by_function", "Versions", FunctionName=name):
            show("version", f"{name}:{version['Version']}", version)
        for alias in pages(aws, "list_aliases", "Aliases", FunctionName=name):
            show("alias", f"{name}:{alias['Name']}", alias)
            grants(aws, f"{name}:{alias['Name']}", FunctionName=name, Qualifier=alias["Name"])
        for url in pages(aws, "list_function_url_configs", "FunctionUrlConfigs", FunctionName=name):
            show("url", f"{name}", url)
        grants(aws, name, FunctionName=name)


def grants(aws, name, **function):
    policy = json.loads(ask(aws.get_policy, **function).get("Policy", "{}"))
    for statement in policy.get("Statement", []):
        show("grant", f"{name}/{statement['Sid']}", statement)


def logs():
    aws = client("logs")
    for group in pages(aws, "describe_log_groups", "logGroups"):
        arn = group["arn"].removesuffix(":*")
        show("log-group", group["logGroupName"], group, ask(aws.list_tags_for_resource, resourceArn=arn))


def rules():
    aws = client("events")
    for rule in pages(aws, "list_rules", "Rules"):
        name = rule["Name"]
        tags = ask(aws.list_tags_for_resource, ResourceARN=rule["Arn"])
        show("rule", name, rule, aws.list_targets_by_rule(Rule=name), tags)


def alarms():
    aws = client("cloudwatch")
    for alarm in pages(aws, "describe_alarms", "MetricAlarms"):
        tags = ask(aws.list_tags_for_resource, ResourceARN=alarm["AlarmArn"])
        show("alarm", alarm["AlarmName"], alarm, tags)


def topics():
    aws = client("sns")
    for topic in pages(aws, "list_topics", "Topics"):
        show("topic", topic["TopicArn"], aws.get_topic_attributes(TopicArn=topic["TopicArn"]))


def edge():
    aws = client("cloudfront")
    for found in aws.list_distributions()["DistributionList"].get("Items") or []:
        tags = aws.list_tags_for_resource(Resource=found["ARN"])
        show("distribution", found["Id"], aws.get_distribution_config(Id=found["Id"]), tags)
    for found in aws.list_origin_access_controls()["OriginAccessControlList"].get("Items") or []:
        show("origin-access-control", found["Id"], found)
    for found in aws.list_response_headers_policies(Type="custom")["ResponseHeadersPolicyList"].get("Items") or []:
        show("headers-policy", found["ResponseHeadersPolicy"]["Id"], found)


for kinds in (identities, buckets, functions, logs, rules, alarms, topics, edge):
    kinds()
