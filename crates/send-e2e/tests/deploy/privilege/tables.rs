//! What the emulator does otherwise than AWS when it asks whether somebody may, and which actions an operation needs.

use serde_json::{Value, json};

use super::scenes::Scene;

/// Where the emulator asks about another action or resource than AWS.
pub(super) struct Wider {
    pub(super) actions: &'static [&'static str],
    pub(super) resource: &'static str,
    /// Whether what is made must bear our tags all the same.
    pub(super) tagged: bool,
}

/// All of them. A policy without these rows is what AWS needs, and one with them what the emulator needs.
pub(super) const WIDER: &[Wider] = &[
    // It asks of no function: there is none yet.
    Wider {
        actions: &["lambda:CreateFunction"],
        resource: "*",
        tagged: true,
    },
    // It knows one action for all that concerns an alias that is there.
    Wider {
        actions: &["lambda:ListAliases"],
        resource: "arn:aws:lambda:eu-west-1:000000000000:function:sgraph_ai_app_send-*-dev",
        tagged: false,
    },
    // It names the bus of a rule, which AWS does not for the default one.
    Wider {
        actions: &["events:DescribeRule", "events:PutRule", "events:DeleteRule"],
        resource: "arn:aws:events:eu-west-1:000000000000:rule/default/sgraph_ai_app_send-admin-dev-sweep",
        tagged: false,
    },
    // For these of EventBridge it asks of no resource.
    Wider {
        actions: &[
            "events:ListTargetsByRule",
            "events:PutTargets",
            "events:RemoveTargets",
            "events:ListTagsForResource",
            "events:TagResource",
            "events:UntagResource",
        ],
        resource: "*",
        tagged: false,
    },
    // It knows no tags of a distribution where a policy speaks of them.
    Wider {
        actions: &[
            "cloudfront:GetDistributionConfig",
            "cloudfront:UpdateDistribution",
            "cloudfront:DeleteDistribution",
        ],
        resource: "arn:aws:cloudfront::000000000000:distribution/*",
        tagged: false,
    },
    // For these of CloudFront it asks of no resource, and has an action of its own for a distribution with tags.
    Wider {
        actions: &[
            "cloudfront:CreateDistributionWithTags",
            "cloudfront:ListTagsForResource",
            "cloudfront:TagResource",
            "cloudfront:UntagResource",
            "cloudfront:GetOriginAccessControl",
            "cloudfront:UpdateOriginAccessControl",
            "cloudfront:DeleteOriginAccessControl",
            "cloudfront:GetResponseHeadersPolicy",
            "cloudfront:UpdateResponseHeadersPolicy",
            "cloudfront:DeleteResponseHeadersPolicy",
        ],
        resource: "*",
        tagged: false,
    },
];

/// Actions of which the emulator cannot tell that they are missing, and why.
pub(super) const UNTOLD: &[(&str, &str)] = &[
    ("iam:PassRole", "it never asks for this"),
    ("lambda:GetAccountSettings", "it never asks for this"),
    ("s3:TagResource", "it asks for s3:CreateBucket alone"),
    ("lambda:GetAlias", "it asks for lambda:ListAliases"),
    ("lambda:UpdateAlias", "it asks for lambda:ListAliases"),
    ("lambda:DeleteAlias", "it asks for lambda:ListAliases"),
    (
        "lambda:UpdateFunctionUrlConfig",
        "it asks for lambda:CreateFunctionUrlConfig",
    ),
    (
        "lambda:DeleteFunctionUrlConfig",
        "it asks for lambda:CreateFunctionUrlConfig",
    ),
    (
        "lambda:DeleteFunctionConcurrency",
        "it asks for lambda:PutFunctionConcurrency",
    ),
    (
        "cloudfront:CreateDistribution",
        "it asks for cloudfront:CreateDistributionWithTags",
    ),
    (
        "cloudwatch:DescribeAlarms",
        "it asks nobody who speaks CBOR",
    ),
    (
        "cloudwatch:PutMetricAlarm",
        "it asks nobody who speaks CBOR",
    ),
    ("cloudwatch:DeleteAlarms", "it asks nobody who speaks CBOR"),
    ("cloudwatch:TagResource", "it asks nobody who speaks CBOR"),
];

/// One action of each statement of the policy, and a scene that misses it; none of those of which the emulator cannot tell any.
pub(super) const ONE_OF_EACH: &[(&str, Scene)] = &[
    ("iam:PutRolePolicy", Scene::Up),
    ("s3:PutBucketPolicy", Scene::Up),
    ("s3:PutObject", Scene::Up),
    ("lambda:CreateFunction", Scene::Up),
    ("logs:PutRetentionPolicy", Scene::Up),
    ("events:PutTargets", Scene::Up),
    ("cloudfront:CreateResponseHeadersPolicy", Scene::Up),
    ("lambda:InvokeFunction", Scene::Up),
    ("cloudfront:UpdateOriginAccessControl", Scene::Mends),
    ("s3:DeleteObjectVersion", Scene::Down),
    ("iam:DeleteRole", Scene::Down),
];

/// Operations whose actions are not called as they are: AWS's Service Authorization Reference.
const OTHERWISE: &[(&str, &[&str])] = &[
    ("sts:GetCallerIdentity", &[]),
    ("iam:CreateRole", &["iam:CreateRole", "iam:TagRole"]),
    (
        "lambda:CreateFunction",
        &[
            "lambda:CreateFunction",
            "lambda:TagResource",
            "iam:PassRole",
            "s3:GetObject",
        ],
    ),
    (
        "lambda:UpdateFunctionConfiguration",
        &["lambda:UpdateFunctionConfiguration", "iam:PassRole"],
    ),
    (
        "lambda:UpdateFunctionCode",
        &["lambda:UpdateFunctionCode", "s3:GetObject"],
    ),
    ("lambda:Invoke", &["lambda:InvokeFunction"]),
    (
        "logs:CreateLogGroup",
        &["logs:CreateLogGroup", "logs:TagResource"],
    ),
    ("events:PutRule", &["events:PutRule", "events:TagResource"]),
    (
        "cloudwatch:PutMetricAlarm",
        &["cloudwatch:PutMetricAlarm", "cloudwatch:TagResource"],
    ),
    (
        "cloudfront:CreateDistributionWithTags",
        &["cloudfront:CreateDistribution", "cloudfront:TagResource"],
    ),
    ("s3:CreateBucket", &["s3:CreateBucket", "s3:TagResource"]),
    ("s3:ListObjectsV2", &["s3:ListBucket"]),
    ("s3:ListObjectVersions", &["s3:ListBucketVersions"]),
    (
        "s3:ListMultipartUploads",
        &["s3:ListBucketMultipartUploads"],
    ),
    (
        "s3:DeleteObjects",
        &["s3:DeleteObject", "s3:DeleteObjectVersion"],
    ),
    (
        "s3:GetPublicAccessBlock",
        &["s3:GetBucketPublicAccessBlock"],
    ),
    (
        "s3:PutPublicAccessBlock",
        &["s3:PutBucketPublicAccessBlock"],
    ),
    ("s3:GetBucketEncryption", &["s3:GetEncryptionConfiguration"]),
    ("s3:PutBucketEncryption", &["s3:PutEncryptionConfiguration"]),
    (
        "s3:GetBucketLifecycleConfiguration",
        &["s3:GetLifecycleConfiguration"],
    ),
    (
        "s3:PutBucketLifecycleConfiguration",
        &["s3:PutLifecycleConfiguration"],
    ),
    ("s3:GetBucketCors", &["s3:GetBucketCORS"]),
    ("s3:PutBucketCors", &["s3:PutBucketCORS"]),
    ("s3:DeleteBucketCors", &["s3:PutBucketCORS"]),
];

/// The actions that an operation needs.
pub(super) fn actions(operation: &str) -> Vec<String> {
    let otherwise = OTHERWISE.iter().find(|(known, _)| *known == operation);
    match otherwise {
        Some((_, actions)) => actions.iter().map(|action| (*action).to_owned()).collect(),
        None => vec![operation.to_owned()],
    }
}

/// The policy that only the emulator needs, without this action.
pub(super) fn wider(without: Option<&str>) -> Value {
    let ours = json!({ "StringEquals": { "aws:RequestTag/Project": "sgraph-send", "aws:RequestTag/Stage": "dev" } });
    let statements = WIDER.iter().filter_map(|row| {
        let actions: Vec<_> = row
            .actions
            .iter()
            .filter(|action| Some(**action) != without)
            .collect();
        let mut statement =
            json!({ "Effect": "Allow", "Action": actions, "Resource": row.resource });
        if row.tagged {
            statement["Condition"] = ours.clone();
        }
        (!actions.is_empty()).then_some(statement)
    });
    json!({ "Version": "2012-10-17", "Statement": statements.collect::<Vec<_>>() })
}
