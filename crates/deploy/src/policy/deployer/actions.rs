//! Every action of a deployer, by the statement that allows it. What is not called is not here: the lifecycle is run by a user with this policy.

pub(super) const ROLES: &[&str] = &[
    "iam:GetRole",
    "iam:GetRolePolicy",
    "iam:ListRolePolicies",
    "iam:ListAttachedRolePolicies",
    "iam:UpdateAssumeRolePolicy",
    "iam:PutRolePolicy",
    "iam:DeleteRolePolicy",
    "iam:DetachRolePolicy",
    "iam:PutRolePermissionsBoundary",
    "iam:DeleteRolePermissionsBoundary",
    "iam:TagRole",
    "iam:UntagRole",
];

pub(super) const ROLE_PASS: &[&str] = &["iam:PassRole"];

pub(super) const BUCKET: &[&str] = &[
    "s3:CreateBucket",
    "s3:TagResource",
    "s3:ListBucket",
    "s3:ListBucketVersions",
    "s3:ListBucketMultipartUploads",
    "s3:GetBucketTagging",
    "s3:PutBucketTagging",
    "s3:GetBucketPublicAccessBlock",
    "s3:PutBucketPublicAccessBlock",
    "s3:GetBucketOwnershipControls",
    "s3:PutBucketOwnershipControls",
    "s3:GetEncryptionConfiguration",
    "s3:PutEncryptionConfiguration",
    "s3:GetBucketVersioning",
    "s3:PutBucketVersioning",
    "s3:GetLifecycleConfiguration",
    "s3:PutLifecycleConfiguration",
    "s3:GetBucketCORS",
    "s3:PutBucketCORS",
    "s3:GetBucketPolicy",
    "s3:PutBucketPolicy",
    "s3:DeleteBucket",
];

pub(super) const ZIPS: &[&str] = &["s3:GetObject", "s3:PutObject"];

pub(super) const EMPTY: &[&str] = &[
    "s3:DeleteObject",
    "s3:DeleteObjectVersion",
    "s3:AbortMultipartUpload",
];

pub(super) const FUNCTIONS: &[&str] = &[
    "lambda:GetFunction",
    "lambda:UpdateFunctionCode",
    "lambda:UpdateFunctionConfiguration",
    "lambda:PutFunctionConcurrency",
    "lambda:DeleteFunctionConcurrency",
    "lambda:PublishVersion",
    "lambda:ListVersionsByFunction",
    "lambda:InvokeFunction",
    "lambda:GetAlias",
    "lambda:CreateAlias",
    "lambda:UpdateAlias",
    "lambda:DeleteAlias",
    "lambda:GetFunctionUrlConfig",
    "lambda:CreateFunctionUrlConfig",
    "lambda:UpdateFunctionUrlConfig",
    "lambda:DeleteFunctionUrlConfig",
    "lambda:GetPolicy",
    "lambda:AddPermission",
    "lambda:RemovePermission",
    "lambda:TagResource",
    "lambda:UntagResource",
];

pub(super) const LOGS: &[&str] = &[
    "logs:CreateLogGroup",
    "logs:PutRetentionPolicy",
    "logs:TagResource",
    "logs:UntagResource",
    "logs:ListTagsForResource",
    "logs:FilterLogEvents",
    "logs:DeleteLogGroup",
];

pub(super) const EDGE: &[&str] = &[
    "cloudfront:GetOriginAccessControl",
    "cloudfront:UpdateOriginAccessControl",
    "cloudfront:DeleteOriginAccessControl",
    "cloudfront:GetResponseHeadersPolicy",
    "cloudfront:UpdateResponseHeadersPolicy",
    "cloudfront:DeleteResponseHeadersPolicy",
];

pub(super) const SCHEDULE: &[&str] = &[
    "events:DescribeRule",
    "events:PutRule",
    "events:DeleteRule",
    "events:ListTargetsByRule",
    "events:PutTargets",
    "events:RemoveTargets",
    "events:ListTagsForResource",
    "events:TagResource",
    "events:UntagResource",
];

pub(super) const ALARMS: &[&str] = &[
    "cloudwatch:PutMetricAlarm",
    "cloudwatch:DeleteAlarms",
    "cloudwatch:TagResource",
];

/// What must bear our tags when it is made.
pub(super) const CREATE: &[&str] = &[
    "iam:CreateRole",
    "lambda:CreateFunction",
    "cloudfront:CreateDistribution",
    "cloudfront:TagResource",
];

/// What must bear our tags already.
pub(super) const OURS: &[&str] = &[
    "iam:DeleteRole",
    "lambda:DeleteFunction",
    "cloudfront:GetDistributionConfig",
    "cloudfront:UpdateDistribution",
    "cloudfront:DeleteDistribution",
    "cloudfront:ListTagsForResource",
    "cloudfront:UntagResource",
    "cloudfront:TagResource",
];

/// What AWS knows no resource for, or only one that it makes up.
pub(super) const ANYWHERE: &[&str] = &[
    "lambda:GetAccountSettings",
    "logs:DescribeLogGroups",
    "cloudfront:ListDistributions",
    "cloudfront:ListOriginAccessControls",
    "cloudfront:CreateOriginAccessControl",
    "cloudfront:ListResponseHeadersPolicies",
    "cloudfront:CreateResponseHeadersPolicy",
    "cloudwatch:DescribeAlarms",
];
