//! AWS has its troubles, all at once, and no person is needed: the same run gets through.

use std::collections::BTreeMap;

use anyhow::{Result, ensure};
use send_e2e::aws::{
    ACCOUNT, Aws, Deployer, Trouble, Troubles,
    What::{self, Refused, Unheard, Untold},
};

use crate::{
    drift,
    ground::{HERE, configured},
    hands::{Hands, TOPIC},
};

const NOT_YET: What = Refused(
    400,
    "InvalidParameterValueException",
    "The role defined for the function cannot be assumed by Lambda.",
);
const UPDATING: What = Refused(
    409,
    "ResourceConflictException",
    "The operation cannot be performed at this time. An update is in progress for resource: arn",
);
const STALE_REVISION: What = Refused(
    412,
    "PreconditionFailedException",
    "The RevisionId provided does not match the latest RevisionId.",
);
const STALE_ETAG: What = Refused(
    412,
    "PreconditionFailed",
    "The request failed because it didn't meet the preconditions in one or more request-header fields.",
);
const TOO_MANY: What = Refused(429, "TooManyRequestsException", "Rate exceeded");
const THROTTLED: What = Refused(400, "Throttling", "Rate exceeded");
const SLOW_DOWN: What = Refused(503, "SlowDown", "Please reduce your request rate.");
const FAILED: What = Refused(500, "ServiceException", "Something went wrong.");
const ABORTED: What = Refused(
    409,
    "OperationAborted",
    "A conflicting conditional operation is currently in progress against this resource.",
);
const CHANGED_MEANWHILE: What = Refused(
    400,
    "ConcurrentModificationException",
    "There is concurrent modification on a rule.",
);

const fn trouble(
    service: &'static str,
    operation: &'static str,
    times: u64,
    what: What,
) -> Trouble {
    Trouble {
        service,
        operation,
        times,
        what,
    }
}

/// While everything is made.
const MAKING: &[Trouble] = &[
    trouble("sts", "GetCallerIdentity", 1, Unheard),
    trouble("iam", "CreateRole", 1, THROTTLED),
    trouble("iam", "PutRolePolicy", 1, Untold),
    trouble("s3", "CreateBucket", 2, ABORTED),
    trouble("s3", "PutBucketCors", 1, Untold),
    trouble("s3", "PutObject", 3, SLOW_DOWN),
    trouble("s3", "PutBucketPolicy", 1, Unheard),
    trouble("logs", "CreateLogGroup", 1, Untold),
    trouble(
        "logs",
        "PutRetentionPolicy",
        1,
        Refused(
            400,
            "OperationAbortedException",
            "Multiple concurrent requests",
        ),
    ),
    trouble("lambda", "CreateFunction", 6, NOT_YET),
    trouble("lambda", "UpdateFunctionConfiguration", 3, UPDATING),
    trouble("lambda", "PublishVersion", 2, TOO_MANY),
    trouble("lambda", "Invoke", 1, FAILED),
    trouble("lambda", "CreateAlias", 1, Untold),
    trouble("lambda", "UpdateAlias", 1, STALE_REVISION),
    trouble("lambda", "CreateFunctionUrlConfig", 1, Unheard),
    trouble("lambda", "AddPermission", 1, Untold),
    trouble("cloudfront", "CreateDistributionWithTags", 1, Untold),
    trouble("cloudfront", "CreateResponseHeadersPolicy", 1, Untold),
    trouble("cloudfront", "CreateOriginAccessControl", 1, Unheard),
    trouble("cloudfront", "ListDistributions", 1, THROTTLED),
    trouble("events", "PutRule", 1, CHANGED_MEANWHILE),
    trouble("events", "PutTargets", 1, Untold),
    trouble("cloudwatch", "PutMetricAlarm", 1, FAILED),
];

/// While what somebody changed is mended.
const MENDING: &[Trouble] = &[
    trouble(
        "iam",
        "UpdateAssumeRolePolicy",
        1,
        Refused(409, "EntityTemporarilyUnmodifiable", "It is being changed."),
    ),
    trouble("iam", "DetachRolePolicy", 1, Untold),
    trouble("iam", "DeleteRolePolicy", 1, Untold),
    trouble("s3", "PutPublicAccessBlock", 1, ABORTED),
    trouble("s3", "PutBucketVersioning", 1, SLOW_DOWN),
    trouble("lambda", "UpdateFunctionConfiguration", 3, UPDATING),
    trouble("lambda", "UpdateFunctionCode", 1, STALE_REVISION),
    trouble("lambda", "DeleteFunctionConcurrency", 1, TOO_MANY),
    trouble("lambda", "UpdateFunctionUrlConfig", 1, UPDATING),
    trouble("lambda", "RemovePermission", 1, Untold),
    trouble("lambda", "UpdateAlias", 1, Unheard),
    trouble("cloudfront", "UpdateDistribution", 2, STALE_ETAG),
    trouble("cloudfront", "UpdateResponseHeadersPolicy", 1, STALE_ETAG),
    trouble("cloudfront", "UpdateOriginAccessControl", 1, Untold),
    trouble("events", "RemoveTargets", 1, Untold),
    trouble("events", "PutRule", 1, CHANGED_MEANWHILE),
];

/// While everything is removed.
const REMOVING: &[Trouble] = &[
    trouble("events", "DeleteRule", 1, Untold),
    trouble("events", "RemoveTargets", 1, CHANGED_MEANWHILE),
    trouble("cloudwatch", "DeleteAlarms", 1, Unheard),
    trouble("cloudfront", "UpdateDistribution", 1, STALE_ETAG),
    trouble(
        "cloudfront",
        "DeleteDistribution",
        2,
        Refused(
            409,
            "DistributionNotDisabled",
            "The distribution you are trying to delete has not been disabled.",
        ),
    ),
    trouble(
        "cloudfront",
        "DeleteOriginAccessControl",
        1,
        Refused(409, "OriginAccessControlInUse", "It is still in use."),
    ),
    trouble("cloudfront", "DeleteResponseHeadersPolicy", 1, Untold),
    trouble("lambda", "RemovePermission", 1, Untold),
    trouble("lambda", "DeleteFunctionUrlConfig", 1, Untold),
    trouble("lambda", "DeleteAlias", 1, TOO_MANY),
    trouble("lambda", "DeleteFunction", 2, UPDATING),
    trouble("logs", "DeleteLogGroup", 1, Untold),
    trouble("iam", "DeleteRolePolicy", 1, THROTTLED),
    trouble(
        "iam",
        "DeleteRole",
        1,
        Refused(
            409,
            "DeleteConflict",
            "Cannot delete entity, must delete policies first.",
        ),
    ),
    trouble("s3", "DeleteObjects", 1, SLOW_DOWN),
    trouble(
        "s3",
        "DeleteBucket",
        1,
        Refused(
            409,
            "BucketNotEmpty",
            "The bucket you tried to delete is not empty",
        ),
    ),
    trouble("s3", "ListObjectVersions", 1, Unheard),
];

/// A run that goes well in spite of these; and each of them happened.
async fn goes_well(
    deployer: &Deployer,
    run: &str,
    between: &Troubles,
    troubles: &[Trouble],
) -> Result<()> {
    between.are(troubles).await?;
    let ran = deployer.clone().by_way_of(between.base()).run(run).await?;
    ensure!(ran.code == Some(0), "{ran}");
    let expected: BTreeMap<_, _> = troubles
        .iter()
        .map(|one| (format!("{}:{}", one.service, one.operation), one.times))
        .collect();
    let happened = between.happened().await?;
    ensure!(
        happened == expected,
        "{happened:#?} in place of {expected:#?}: {ran}"
    );
    Ok(())
}

#[tokio::test]
async fn nobody_is_needed_while_aws_has_all_its_troubles_at_once() -> Result<()> {
    let aws = Aws::start().await?;
    let (deployer, between) = (aws.deployer()?, Troubles::before(&aws).await?);
    let config = configured(&format!("alarm_topic = \"{TOPIC}\""))?;
    let run = |action: &str| format!("dev {action} --config {}", config.path().display());
    goes_well(&deployer, &run("up"), &between, MAKING).await?;
    deployer.must(&run("plan")).await?;
    drift::one_for_each_call(&Hands::on(&aws)?)?;
    goes_well(&deployer, &run("up"), &between, MENDING).await?;
    deployer.must(&run("plan")).await?;
    goes_well(&deployer, &run("down --with-data"), &between, REMOVING).await?;
    let left = aws.listing(ACCOUNT, HERE).await?.but(":policy/");
    ensure!(left.0.is_empty(), "{left}");
    Ok(())
}
