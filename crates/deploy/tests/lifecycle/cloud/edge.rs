//! A distribution of CloudFront: every change is on its way for minutes.

use deploy::cloud::{self, Behaviour, MadeDistribution as Made};
use tokio::time::Instant;

use super::{
    place::Place,
    refusal::{Done, conflict, ensure, exists, not_found, refused, stale},
    state::{Account, State, sha256},
};

/// A distribution, and when its last change has arrived everywhere.
#[derive(Clone)]
pub(crate) struct Distribution {
    pub(crate) remark: String,
    pub(crate) distribution: cloud::Distribution,
    reference: String,
    /// What it was made as: the same call again answers what is there.
    first: cloud::Distribution,
    arrived: Instant,
}

impl Distribution {
    pub(crate) fn told(&self) -> cloud::Distribution {
        let mut told = self.distribution.clone();
        told.deployed = self.arrived <= Instant::now();
        for origin in told.origins.values_mut() {
            let hashed =
                |(name, value): (&String, &String)| (name.to_lowercase(), sha256(value.as_bytes()));
            origin.headers_sha256 = origin.headers.iter().map(hashed).collect();
        }
        told
    }

    fn behaviours(&self) -> impl Iterator<Item = &Behaviour> {
        self.distribution
            .paths
            .values()
            .chain([&self.distribution.default])
    }
}

impl Account {
    fn distribution(&mut self, id: &str) -> Done<&mut Distribution> {
        let there = self.distributions.get_mut(id);
        there.ok_or_else(|| not_found("NoSuchDistribution", &format!("distribution {id}")))
    }

    /// Whether a distribution signs by an origin access control.
    pub(super) fn signs_by(&self, id: &str) -> bool {
        let mut all = self.distributions.values();
        all.any(|one| {
            one.distribution
                .origins
                .values()
                .any(|origin| origin.access == id)
        })
    }

    /// Whether a distribution adds headers by a policy.
    pub(super) fn adds_by(&self, id: &str) -> bool {
        let mut all = self.distributions.values();
        all.any(|one| {
            one.behaviours()
                .any(|behaviour| behaviour.headers_policy == id)
        })
    }

    /// Whether a distribution can be as it is wanted.
    fn valid(&self, wanted: &cloud::Distribution) -> Done {
        for origin in wanted
            .origins
            .values()
            .filter(|origin| !origin.access.is_empty())
        {
            let known = self
                .accesses
                .values()
                .any(|access| access.id == origin.access);
            ensure(known, "InvalidOriginAccessControl", &origin.access)?;
        }
        for behaviour in wanted.paths.values().chain([&wanted.default]) {
            ensure(
                wanted.origins.contains_key(&behaviour.origin),
                "NoSuchOrigin",
                &behaviour.origin,
            )?;
            let policy = &behaviour.headers_policy;
            if !policy.is_empty() && !self.headers.values().any(|one| one.id == *policy) {
                return Err(not_found(
                    "NoSuchResponseHeadersPolicy",
                    &format!("policy {policy}"),
                ));
            }
        }
        let certified = wanted.aliases.is_empty() || wanted.certificate.arn.is_some();
        ensure(
            certified,
            "InvalidViewerCertificate",
            "own domains need a certificate",
        )
    }
}

/// What is stored of what is wanted: CloudFront's own certificate has versions of TLS of its own.
fn stored(wanted: &cloud::Distribution) -> cloud::Distribution {
    let mut stored = wanted.clone();
    if stored.certificate.arn.is_none() {
        stored.certificate.least_tls = "TLSv1".into();
    }
    stored
}

/// That no distribution of any account has one of the domains.
fn free(state: &State, id: &str, aliases: &[String]) -> Done {
    let mut all = state
        .accounts
        .values()
        .flat_map(|account| &account.distributions);
    let taken = all.any(|(other, one)| {
        other != id
            && one
                .distribution
                .aliases
                .iter()
                .any(|alias| aliases.contains(alias))
    });
    ensure(
        !taken,
        "CNAMEAlreadyExists",
        "one of the aliases is already associated with a resource",
    )
}

pub(super) fn create(
    place: &Place,
    state: &mut State,
    remark: &str,
    reference: &str,
    wanted: &cloud::Distribution,
) -> Done {
    let wanted = stored(wanted);
    let account = place.account(state);
    account.valid(&wanted)?;
    if let Some(there) = account
        .distributions
        .values()
        .find(|one| one.reference == reference)
    {
        let same = there.first == wanted && there.remark == remark;
        return if same {
            Ok(())
        } else {
            Err(exists("DistributionAlreadyExists", reference))
        };
    }
    free(state, "", &wanted.aliases)?;
    let name = state.made_up(13).to_uppercase();
    let made = Made {
        id: format!("E{name}"),
        arn: format!("arn:aws:cloudfront::{}:distribution/E{name}", place.account),
        domain: format!("d{}.cloudfront.net", name.to_lowercase()),
    };
    let distribution = Distribution {
        remark: remark.into(),
        reference: reference.into(),
        first: wanted.clone(),
        arrived: Instant::now() + state.settings.edge,
        distribution: cloud::Distribution {
            etag: state.made_up(14),
            made: made.clone(),
            ..wanted
        },
    };
    place
        .account(state)
        .distributions
        .insert(made.id, distribution);
    Ok(())
}

/// Changes all but the tags.
pub(super) fn update(
    place: &Place,
    state: &mut State,
    id: &str,
    etag: &str,
    remark: &str,
    wanted: &cloud::Distribution,
) -> Done {
    let wanted = stored(wanted);
    place.account(state).valid(&wanted)?;
    free(state, id, &wanted.aliases)?;
    let (next, arrived) = (state.made_up(14), Instant::now() + state.settings.edge);
    let there = place.account(state).distribution(id)?;
    fresh(&there.distribution.etag, etag)?;
    let cloud::Distribution { tags, made, .. } = there.distribution.clone();
    there.distribution = cloud::Distribution {
        tags,
        made,
        etag: next,
        ..wanted
    };
    (there.remark, there.arrived) = (remark.into(), arrived);
    Ok(())
}

pub(super) fn delete(place: &Place, state: &mut State, id: &str, etag: &str) -> Done {
    let account = place.account(state);
    let there = account.distribution(id)?;
    fresh(&there.distribution.etag, etag)?;
    if there.distribution.enabled || !there.told().deployed {
        return Err(conflict(
            "DistributionNotDisabled",
            "The distribution you are trying to delete has not been disabled.",
        ));
    }
    account.distributions.remove(id);
    Ok(())
}

/// That a change is of what was last read.
pub(super) fn fresh(there: &str, read: &str) -> Done {
    match read {
        "" => Err(refused(
            "InvalidIfMatchVersion",
            "The If-Match version is missing or not valid.",
        )),
        read if read != there => Err(stale("PreconditionFailed")),
        _ => Ok(()),
    }
}
