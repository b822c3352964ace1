//! What a distribution does with a request. CloudFront has the same shape twice: for some paths, and for all others.

use aws_sdk_cloudfront::types::{
    AllowedMethods, CacheBehavior, CachedMethods, DefaultCacheBehavior, FunctionAssociations,
    GrpcConfig, LambdaFunctionAssociations, Method, TrustedKeyGroups, TrustedSigners,
};

use super::{Called, read::sorted, write::count};
use crate::cloud::{Answer, Behaviour};

/// What either of the two shapes says.
macro_rules! spec {
    ($told:expr) => {{
        let told = $told;
        let edge = told
            .lambda_function_associations
            .and_then(|list| list.items);
        let edge = edge
            .unwrap_or_default()
            .into_iter()
            .map(|one| one.lambda_function_arn);
        let functions = told.function_associations.and_then(|list| list.items);
        let functions = functions
            .unwrap_or_default()
            .into_iter()
            .map(|one| one.function_arn);
        Behaviour {
            origin: told.target_origin_id,
            methods: methods(told.allowed_methods),
            protocol: told.viewer_protocol_policy.as_str().into(),
            compress: told.compress.unwrap_or_default(),
            cache_policy: told.cache_policy_id.unwrap_or_default(),
            request_policy: told.origin_request_policy_id.unwrap_or_default(),
            headers_policy: told.response_headers_policy_id.unwrap_or_default(),
            functions: sorted(Some(edge.chain(functions).collect())),
        }
    }};
}

/// Either of the two shapes, of what is wanted.
macro_rules! wanted {
    ($builder:expr, $call:expr, $wanted:expr) => {{
        let (call, wanted) = ($call, $wanted);
        let policy = |id: &String| (!id.is_empty()).then(|| id.clone());
        let behaviour = $builder
            .target_origin_id(&wanted.origin)
            .viewer_protocol_policy(wanted.protocol.as_str().into())
            .allowed_methods(allowed(call, wanted)?)
            .compress(wanted.compress)
            .set_cache_policy_id(policy(&wanted.cache_policy))
            .set_origin_request_policy_id(policy(&wanted.request_policy))
            .set_response_headers_policy_id(policy(&wanted.headers_policy))
            .smooth_streaming(false)
            .field_level_encryption_id("")
            .trusted_signers(
                TrustedSigners::builder()
                    .enabled(false)
                    .quantity(0)
                    .build()
                    .called(call)?,
            )
            .trusted_key_groups(
                TrustedKeyGroups::builder()
                    .enabled(false)
                    .quantity(0)
                    .build()
                    .called(call)?,
            )
            .lambda_function_associations(
                LambdaFunctionAssociations::builder()
                    .quantity(0)
                    .build()
                    .called(call)?,
            )
            .function_associations(
                FunctionAssociations::builder()
                    .quantity(0)
                    .build()
                    .called(call)?,
            )
            .grpc_config(GrpcConfig::builder().enabled(false).build().called(call)?);
        behaviour.build().called(call)
    }};
}

/// For all paths that no other is for; a distribution has always one.
pub(super) fn default(told: Option<DefaultCacheBehavior>) -> Behaviour {
    told.map_or_else(nothing, |told| spec!(told))
}

/// For some paths, below their pattern.
pub(super) fn path(told: CacheBehavior) -> (String, Behaviour) {
    (told.path_pattern.clone(), spec!(told))
}

pub(super) fn wanted(call: &'static str, wanted: &Behaviour) -> Answer<DefaultCacheBehavior> {
    wanted!(DefaultCacheBehavior::builder(), call, wanted)
}

pub(super) fn wanted_at(
    call: &'static str,
    path: &str,
    wanted: &Behaviour,
) -> Answer<CacheBehavior> {
    wanted!(CacheBehavior::builder().path_pattern(path), call, wanted)
}

/// By default CloudFront takes what only reads.
fn methods(told: Option<AllowedMethods>) -> Vec<String> {
    let reading = || vec![Method::Get, Method::Head];
    let methods = told.map_or_else(reading, |told| told.items);
    sorted(Some(
        methods
            .iter()
            .map(|method| method.as_str().into())
            .collect(),
    ))
}

fn allowed(call: &'static str, wanted: &Behaviour) -> Answer<AllowedMethods> {
    let cached = CachedMethods::builder().quantity(2);
    let cached = cached.items(Method::Get).items(Method::Head).build();
    let methods = wanted.methods.iter().map(|method| method.as_str().into());
    let allowed = AllowedMethods::builder().quantity(count(&wanted.methods));
    let allowed = allowed.set_items(Some(methods.collect()));
    allowed
        .cached_methods(cached.called(call)?)
        .build()
        .called(call)
}

fn nothing() -> Behaviour {
    Behaviour {
        origin: String::new(),
        methods: Vec::new(),
        protocol: String::new(),
        compress: false,
        cache_policy: String::new(),
        request_policy: String::new(),
        headers_policy: String::new(),
        functions: Vec::new(),
    }
}
