//! CloudFront.

use deploy::cloud::{
    Behaviour, Certificate, Distribution, HeadersPolicy, Kind, MadeDistribution, Origin,
    OriginAccess,
};
use sha2::{Digest, Sha256};

use crate::wire::{Account, cloud, failed, spec, tags};

const REMARK: &str = "sgraph-send user dev eu-west-1";
const KEY: &str = "a key that opens the door";

fn behaviour(methods: &[&str]) -> Behaviour {
    Behaviour {
        origin: "function".into(),
        methods: methods.iter().map(|&method| method.into()).collect(),
        protocol: "redirect-to-https".into(),
        compress: true,
        cache_policy: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad".into(),
        request_policy: "b689b0a8-53d0-40ab-baf2-68738e2966ac".into(),
        headers_policy: String::new(),
        functions: vec![],
    }
}

fn origin() -> Origin {
    Origin {
        domain: "abc.lambda-url.eu-west-1.on.aws".into(),
        protocol: "https-only".into(),
        tls: vec!["TLSv1.2".into()],
        timeout_s: 60,
        access: String::new(),
        headers_sha256: [("x-send-door".into(), hex::encode(Sha256::digest(KEY)))].into(),
        headers: [("x-send-door".into(), KEY.into())].into(),
    }
}

fn distribution() -> Distribution {
    Distribution {
        enabled: true,
        aliases: vec![],
        certificate: Certificate {
            arn: None,
            least_tls: "TLSv1".into(),
        },
        http_version: "http2and3".into(),
        ipv6: true,
        price_class: "PriceClass_100".into(),
        origins: [("function".into(), origin())].into(),
        default: behaviour(&["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT"]),
        paths: [("/assets/*".into(), behaviour(&["GET", "HEAD"]))].into(),
        root_object: String::new(),
        web_acl: String::new(),
        tags: tags(),
        made: MadeDistribution::default(),
        etag: String::new(),
        deployed: true,
    }
}

#[tokio::test]
async fn a_distribution_is_made_read_changed_and_removed() {
    let account = Account::new().await.unwrap();
    let cdn = account.cloud().await.cdn;
    assert_eq!(cdn.distribution(REMARK).await.unwrap(), None);
    failed(cdn.delete_distribution("E1", "etag").await, Kind::NotFound);

    let mut wanted = distribution();
    cdn.create_distribution(REMARK, "reference", &wanted)
        .await
        .unwrap();
    cdn.create_distribution("another", "other reference", &wanted)
        .await
        .unwrap();
    let found = cdn.distribution(REMARK).await.unwrap().unwrap();
    assert_eq!(spec(&found), spec(&wanted));
    assert_eq!(found.origins, wanted.origins);
    assert!(found.made.domain.ends_with(".cloudfront.net"), "{found:?}");
    let arn = format!(
        "arn:aws:cloudfront::{}:distribution/{}",
        account.number, found.made.id
    );
    assert_eq!(found.made.arn, arn);

    let certificate = format!("arn:aws:acm:us-east-1:{}:certificate/1", account.number);
    wanted.aliases = vec!["send.example".into()];
    wanted.certificate = Certificate {
        arn: Some(certificate),
        least_tls: "TLSv1.2_2021".into(),
    };
    wanted.enabled = false;
    wanted.paths = [].into();
    wanted.ipv6 = false;
    wanted.default.compress = false;
    wanted.origins = [(
        "function".into(),
        Origin {
            access: "EOAC".into(),
            headers: [].into(),
            headers_sha256: [].into(),
            ..origin()
        },
    )]
    .into();
    let id = &found.made.id;
    failed(
        cdn.update_distribution(REMARK, id, "stale", &wanted).await,
        Kind::Stale,
    );
    failed(
        cdn.delete_distribution(id, &found.etag).await,
        Kind::Conflict,
    );
    cdn.update_distribution(REMARK, id, &found.etag, &wanted)
        .await
        .unwrap();
    wanted.tags.insert("Version".into(), "0.1.0".into());
    cdn.tag(&arn, &[("Version".into(), "0.1.0".into())].into())
        .await
        .unwrap();
    wanted.tags.remove("Note");
    cdn.untag(&arn, &["Note".into()]).await.unwrap();
    let changed = cdn.distribution(REMARK).await.unwrap().unwrap();
    assert_eq!(spec(&changed), spec(&wanted));
    assert_ne!(changed.etag, found.etag);

    failed(cdn.delete_distribution(id, &found.etag).await, Kind::Stale);
    cdn.delete_distribution(id, &changed.etag).await.unwrap();
    assert_eq!(cdn.distribution(REMARK).await.unwrap(), None);
    assert!(cdn.distribution("another").await.unwrap().is_some());
}

#[tokio::test]
async fn a_distribution_is_found_among_many() {
    let cdn = cloud().await.unwrap().cdn;
    for n in 0..105 {
        let reference = format!("reference {n}");
        cdn.create_distribution(&format!("{REMARK} {n}"), &reference, &distribution())
            .await
            .unwrap();
    }
    assert!(
        cdn.distribution(&format!("{REMARK} 104"))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(cdn.distribution(REMARK).await.unwrap(), None);
}

#[tokio::test]
async fn origin_access_is_made_read_changed_and_removed() {
    let cdn = cloud().await.unwrap().cdn;
    assert_eq!(cdn.origin_access("some").await.unwrap(), None);
    let mut wanted = OriginAccess {
        remark: "sgraph-send dev".into(),
        origin_type: "lambda".into(),
        signing: "always".into(),
        id: String::new(),
        etag: String::new(),
    };
    cdn.create_origin_access("some", &wanted).await.unwrap();
    failed(
        cdn.create_origin_access("some", &wanted).await,
        Kind::AlreadyExists,
    );
    let found = cdn.origin_access("some").await.unwrap().unwrap();
    assert_eq!(spec(&found), spec(&wanted));

    wanted.signing = "no-override".into();
    cdn.update_origin_access("some", &found, &wanted)
        .await
        .unwrap();
    failed(
        cdn.update_origin_access("some", &found, &wanted).await,
        Kind::Stale,
    );
    failed(cdn.delete_origin_access(&found).await, Kind::Stale);
    let changed = cdn.origin_access("some").await.unwrap().unwrap();
    assert_eq!(spec(&changed), spec(&wanted));
    cdn.delete_origin_access(&changed).await.unwrap();
    failed(cdn.delete_origin_access(&changed).await, Kind::NotFound);
    assert_eq!(cdn.origin_access("some").await.unwrap(), None);
}

#[tokio::test]
async fn a_headers_policy_is_made_read_changed_and_removed() {
    let account = Account::new().await.unwrap();
    let cdn = account.cloud().await.cdn;
    assert_eq!(cdn.headers_policy("some").await.unwrap(), None);
    let mut wanted = HeadersPolicy {
        remark: "sgraph-send dev".into(),
        hsts_s: Some(31_536_000),
        overrides: false,
        others: vec![],
        id: String::new(),
        etag: String::new(),
    };
    cdn.create_headers_policy("some", &wanted).await.unwrap();
    failed(
        cdn.create_headers_policy("some", &wanted).await,
        Kind::AlreadyExists,
    );
    let found = cdn.headers_policy("some").await.unwrap().unwrap();
    assert_eq!(spec(&found), spec(&wanted));

    (wanted.hsts_s, wanted.overrides) = (Some(60), true);
    cdn.update_headers_policy("some", &found, &wanted)
        .await
        .unwrap();
    failed(
        cdn.update_headers_policy("some", &found, &wanted).await,
        Kind::Stale,
    );
    let changed = cdn.headers_policy("some").await.unwrap().unwrap();
    assert_eq!(spec(&changed), spec(&wanted));
    cdn.delete_headers_policy(&changed).await.unwrap();
    failed(cdn.delete_headers_policy(&changed).await, Kind::NotFound);
    assert_eq!(cdn.headers_policy("some").await.unwrap(), None);
}
