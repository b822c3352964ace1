//! CloudFront and the schedule.

use deploy::cloud::{
    Behaviour, Certificate, Distribution, Kind, MadeDistribution, Origin, OriginAccess, Rule, Tags,
    Target,
};

use super::{cloud, kind, pass};
use crate::cloud::World;

const REMARK: &str = "ours";

fn behaviour() -> Behaviour {
    Behaviour {
        origin: "function".into(),
        methods: vec!["GET".into(), "HEAD".into()],
        protocol: "redirect-to-https".into(),
        compress: true,
        cache_policy: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad".into(),
        request_policy: String::new(),
        headers_policy: String::new(),
        functions: Vec::new(),
    }
}

fn wanted(access: &str) -> Distribution {
    let origin = Origin {
        domain: "abc.lambda-url.eu-west-1.on.aws".into(),
        protocol: "https-only".into(),
        tls: vec!["TLSv1.2".into()],
        timeout_s: 30,
        access: access.into(),
        headers_sha256: [].into(),
        headers: [("X-Door".to_owned(), "key".to_owned())].into(),
    };
    Distribution {
        enabled: true,
        aliases: Vec::new(),
        certificate: Certificate {
            arn: None,
            least_tls: "TLSv1.2_2021".into(),
        },
        http_version: "http2and3".into(),
        ipv6: true,
        price_class: "PriceClass_100".into(),
        origins: [("function".to_owned(), origin)].into(),
        default: behaviour(),
        paths: [].into(),
        root_object: String::new(),
        web_acl: String::new(),
        tags: Tags::new(),
        made: MadeDistribution::default(),
        etag: String::new(),
        deployed: false,
    }
}

#[tokio::test(start_paused = true)]
async fn a_distribution_is_disabled_carried_out_and_deleted() {
    let cdn = cloud(&World::new()).cdn;
    cdn.create_distribution(REMARK, "1", &wanted(""))
        .await
        .unwrap();
    let read = async || cdn.distribution(REMARK).await.unwrap().unwrap();
    let made = read().await;
    assert!(!made.deployed && made.certificate.least_tls == "TLSv1");
    assert_eq!(
        made.origins["function"].headers_sha256["x-door"],
        crate::cloud::sha256(b"key")
    );
    pass(300).await;
    assert!(read().await.deployed);
    let id = &made.made.id;
    assert_eq!(
        kind(cdn.delete_distribution(id, &made.etag).await),
        Kind::Conflict
    );
    let off = Distribution {
        enabled: false,
        ..made.clone()
    };
    cdn.update_distribution(REMARK, id, &made.etag, &off)
        .await
        .unwrap();
    assert_eq!(
        kind(cdn.update_distribution(REMARK, id, &made.etag, &off).await),
        Kind::Stale
    );
    let etag = read().await.etag;
    assert_eq!(
        kind(cdn.delete_distribution(id, &etag).await),
        Kind::Conflict
    );
    pass(300).await;
    assert_eq!(
        kind(cdn.delete_distribution(id, &made.etag).await),
        Kind::Stale
    );
    cdn.delete_distribution(id, &etag).await.unwrap();
    assert_eq!(
        kind(cdn.delete_distribution(id, &etag).await),
        Kind::NotFound
    );
}

#[tokio::test(start_paused = true)]
async fn the_same_creation_again_is_the_same_and_another_is_refused() {
    let cdn = cloud(&World::new()).cdn;
    for _ in 0..2 {
        cdn.create_distribution(REMARK, "1", &wanted(""))
            .await
            .unwrap();
    }
    let other = Distribution {
        ipv6: false,
        ..wanted("")
    };
    assert_eq!(
        kind(cdn.create_distribution(REMARK, "1", &other).await),
        Kind::AlreadyExists
    );
}

#[tokio::test(start_paused = true)]
async fn what_a_distribution_uses_must_be_there_and_stays() {
    let cdn = cloud(&World::new()).cdn;
    assert_eq!(
        kind(cdn.create_distribution(REMARK, "1", &wanted("E1")).await),
        Kind::Refused
    );
    let access = OriginAccess {
        remark: REMARK.into(),
        origin_type: "lambda".into(),
        signing: "always".into(),
        id: String::new(),
    };
    cdn.create_origin_access("a", &access).await.unwrap();
    assert_eq!(
        kind(cdn.create_origin_access("a", &access).await),
        Kind::AlreadyExists
    );
    let made = cdn.origin_access("a").await.unwrap().unwrap();
    cdn.create_distribution(REMARK, "1", &wanted(&made.id))
        .await
        .unwrap();
    assert_eq!(kind(cdn.delete_origin_access(&made).await), Kind::Conflict);
    let off = Distribution {
        origins: wanted("").origins,
        ..cdn.distribution(REMARK).await.unwrap().unwrap()
    };
    cdn.update_distribution(REMARK, &off.made.id, &off.etag, &off)
        .await
        .unwrap();
    cdn.delete_origin_access(&made).await.unwrap();
    assert_eq!(kind(cdn.delete_origin_access(&made).await), Kind::NotFound);
}

#[tokio::test(start_paused = true)]
async fn a_rule_goes_after_its_targets() {
    let schedules = cloud(&World::new()).schedules;
    let rule = |expression: &str| Rule {
        expression: expression.into(),
        enabled: true,
        targets: [].into(),
        tags: Tags::new(),
    };
    assert_eq!(
        kind(schedules.put_rule("r", &rule("rate(1 minutes)")).await),
        Kind::Refused
    );
    schedules
        .put_rule("r", &rule("rate(15 minutes)"))
        .await
        .unwrap();
    let target = Target {
        arn: "arn:aws:lambda:eu-west-1:111122223333:function:f:live".into(),
        input: None,
    };
    schedules.put_target("r", "one", &target).await.unwrap();
    assert_eq!(kind(schedules.delete_rule("r").await), Kind::Refused);
    schedules.remove_target("r", "one").await.unwrap();
    schedules.delete_rule("r").await.unwrap();
    assert_eq!(
        kind(schedules.put_target("r", "one", &target).await),
        Kind::NotFound
    );
}
