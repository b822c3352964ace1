//! CloudFront.

use deploy::cloud::{
    Answer, Behaviour, Cdn, Certificate, Distribution, HeadersPolicy, Kind,
    MadeDistribution as Made, Origin, OriginAccess,
};
use sha2::{Digest, Sha256};

use crate::{
    place::{Place, on_each_place},
    wire::{failed, retag, spec, tags},
};

on_each_place![
    a_distribution_is_made_read_and_removed,
    a_distribution_that_serves_is_not_removed,
    a_distribution_is_removed_by_who_knows_what_it_was,
    a_distribution_is_changed_by_who_knows_what_it_was,
    a_distribution_is_changed_and_changed_back,
    a_distribution_is_found_among_many,
    origin_access_is_made_read_changed_and_removed,
    origin_access_is_not_made_twice,
    a_headers_policy_is_made_read_changed_and_removed,
];

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
        made: Made::default(),
        etag: String::new(),
        deployed: true,
    }
}

/// Otherwise in most things.
fn changed(account: &str) -> Distribution {
    let certificate = format!("arn:aws:acm:us-east-1:{account}:certificate/1");
    let origin = Origin {
        access: "EOAC".into(),
        headers: [].into(),
        headers_sha256: [].into(),
        ..origin()
    };
    Distribution {
        enabled: false,
        aliases: vec!["send.example".into()],
        certificate: Certificate {
            arn: Some(certificate),
            least_tls: "TLSv1.2_2021".into(),
        },
        ipv6: false,
        origins: [("function".into(), origin)].into(),
        default: Behaviour {
            compress: false,
            ..behaviour(&["GET", "HEAD", "OPTIONS"])
        },
        paths: [].into(),
        ..distribution()
    }
}

async fn make(cdn: &dyn Cdn, remark: &str, reference: &str) -> Answer {
    let wanted = distribution();
    cdn.create_distribution(remark, reference, &wanted).await
}

async fn found(cdn: &dyn Cdn) -> Option<Distribution> {
    cdn.distribution(REMARK).await.unwrap_or_default()
}

async fn a_distribution_is_made_read_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let cdn = account.cloud().await.cdn;
    let cdn = &*cdn;
    assert_eq!(cdn.distribution(REMARK).await.unwrap(), None);
    let removed = cdn.delete_distribution("E1", "etag").await;
    failed(removed, Kind::NotFound);

    for (remark, reference) in [(REMARK, "one"), ("another", "two")] {
        make(cdn, remark, reference).await.unwrap();
    }
    let one = found(cdn).await.unwrap();
    assert_eq!(spec(&one), spec(&distribution()));
    assert_eq!(one.origins, distribution().origins);
    let Made { id, arn, domain } = &one.made;
    assert!(domain.ends_with(".cloudfront.net"), "{domain}");
    let wanted = format!("arn:aws:cloudfront::{}:distribution/{id}", account.number);
    assert_eq!(*arn, wanted);

    let disabled = Distribution {
        enabled: false,
        ..one.clone()
    };
    let disable = cdn.update_distribution(REMARK, id, &one.etag, &disabled);
    disable.await.unwrap();
    let etag = found(cdn).await.unwrap().etag;
    cdn.delete_distribution(id, &etag).await.unwrap();
    assert_eq!(cdn.distribution(REMARK).await.unwrap(), None);
    assert!(cdn.distribution("another").await.unwrap().is_some());
}

async fn a_distribution_that_serves_is_not_removed(place: Place) {
    let cdn = place.cloud().await.unwrap().cdn;
    make(&*cdn, REMARK, "reference").await.unwrap();
    let one = found(&*cdn).await.unwrap();
    let removed = cdn.delete_distribution(&one.made.id, &one.etag).await;
    failed(removed, Kind::Conflict);
}

async fn a_distribution_is_removed_by_who_knows_what_it_was(place: Place) {
    let cdn = place.cloud().await.unwrap().cdn;
    make(&*cdn, REMARK, "reference").await.unwrap();
    let one = found(&*cdn).await.unwrap();
    let disabled = Distribution {
        enabled: false,
        ..distribution()
    };
    let disable = cdn.update_distribution(REMARK, &one.made.id, &one.etag, &disabled);
    disable.await.unwrap();
    let removed = cdn.delete_distribution(&one.made.id, &one.etag).await;
    failed(removed, Kind::Stale);
}

async fn a_distribution_is_changed_by_who_knows_what_it_was(place: Place) {
    let cdn = place.cloud().await.unwrap().cdn;
    make(&*cdn, REMARK, "reference").await.unwrap();
    let id = found(&*cdn).await.unwrap().made.id;
    let wanted = distribution();
    let update = cdn.update_distribution(REMARK, &id, "stale", &wanted);
    failed(update.await, Kind::Stale);
}

async fn a_distribution_is_changed_and_changed_back(place: Place) {
    let account = place.account().await.unwrap();
    let cdn = account.cloud().await.cdn;
    let cdn = &*cdn;
    make(cdn, REMARK, "reference").await.unwrap();
    for wanted in [changed(&account.number), distribution()] {
        let before = found(cdn).await.unwrap();
        let id = &before.made.id;
        let update = cdn.update_distribution(REMARK, id, &before.etag, &wanted);
        update.await.unwrap();
        let after = found(cdn).await.unwrap();
        assert_eq!(spec(&after), spec(&wanted));
        assert_eq!(after.origins, wanted.origins);
        assert_ne!(after.etag, before.etag);
    }
    let mut wanted = distribution();
    let arn = found(cdn).await.unwrap().made.arn;
    retag(cdn, &arn, &mut wanted.tags).await.unwrap();
    assert_eq!(spec(&found(cdn).await.unwrap()), spec(&wanted));
}

async fn a_distribution_is_found_among_many(place: Place) {
    let cdn = place.cloud().await.unwrap().cdn;
    let cdn = &*cdn;
    for n in 0..105 {
        let reference = format!("reference {n}");
        let remark = format!("{REMARK} {n}");
        make(cdn, &remark, &reference).await.unwrap();
    }
    assert!(
        cdn.distribution(&format!("{REMARK} 104"))
            .await
            .unwrap()
            .is_some()
    );
    assert_eq!(cdn.distribution(REMARK).await.unwrap(), None);
}

fn origin_access() -> OriginAccess {
    OriginAccess {
        remark: "sgraph-send dev".into(),
        origin_type: "lambda".into(),
        signing: "always".into(),
        id: String::new(),
    }
}

async fn origin_access_is_not_made_twice(place: Place) {
    let cdn = place.cloud().await.unwrap().cdn;
    let create = || async { cdn.create_origin_access("some", &origin_access()).await };
    create().await.unwrap();
    failed(create().await, Kind::AlreadyExists);
}

async fn origin_access_is_made_read_changed_and_removed(place: Place) {
    let cdn = place.cloud().await.unwrap().cdn;
    assert_eq!(cdn.origin_access("some").await.unwrap(), None);
    let mut wanted = origin_access();
    cdn.create_origin_access("some", &wanted).await.unwrap();
    let found = cdn.origin_access("some").await.unwrap().unwrap();
    assert_eq!(spec(&found), spec(&wanted));

    wanted.signing = "no-override".into();
    cdn.update_origin_access("some", &found, &wanted)
        .await
        .unwrap();
    let changed = cdn.origin_access("some").await.unwrap().unwrap();
    assert_eq!(spec(&changed), spec(&wanted));
    cdn.delete_origin_access(&changed).await.unwrap();
    failed(cdn.delete_origin_access(&changed).await, Kind::NotFound);
    let update = cdn.update_origin_access("some", &changed, &wanted).await;
    failed(update, Kind::NotFound);
    assert_eq!(cdn.origin_access("some").await.unwrap(), None);
}

async fn a_headers_policy_is_made_read_changed_and_removed(place: Place) {
    let account = place.account().await.unwrap();
    let cdn = account.cloud().await.cdn;
    assert_eq!(cdn.headers_policy("some").await.unwrap(), None);
    let mut wanted = HeadersPolicy {
        remark: "sgraph-send dev".into(),
        hsts_s: Some(31_536_000),
        overrides: false,
        others: vec![],
        id: String::new(),
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
    let changed = cdn.headers_policy("some").await.unwrap().unwrap();
    assert_eq!(spec(&changed), spec(&wanted));
    cdn.delete_headers_policy(&changed).await.unwrap();
    failed(cdn.delete_headers_policy(&changed).await, Kind::NotFound);
    let update = cdn.update_headers_policy("some", &changed, &wanted).await;
    failed(update, Kind::NotFound);
    assert_eq!(cdn.headers_policy("some").await.unwrap(), None);
}
