//! A certificate for servers that play AWS, and what their clients trust for it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair};

use crate::aws::REGIONS;

/// Files that prove who a server is.
#[derive(Debug)]
pub(crate) struct Certificate {
    /// The authority: what clients trust.
    pub(crate) authority: PathBuf,
    /// The certificate that it gave.
    pub(crate) certificate: PathBuf,
    /// The key of that one.
    pub(crate) key: PathBuf,
}

impl Certificate {
    /// A fresh one, into a folder, for every name by which one is asked.
    pub(crate) fn write(folder: &Path) -> Result<Self> {
        let (authority_key, key) = (KeyPair::generate()?, KeyPair::generate()?);
        let mut authority = CertificateParams::default();
        authority
            .distinguished_name
            .push(DnType::CommonName, "tests");
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let trusted = authority.self_signed(&authority_key)?;
        let issuer = Issuer::new(authority, authority_key);
        let certificate = CertificateParams::new(names())?.signed_by(&key, &issuer)?;
        let written = Self {
            authority: folder.join("authority.pem"),
            certificate: folder.join("certificate.pem"),
            key: folder.join("key.pem"),
        };
        fs::write(&written.authority, trusted.pem())?;
        fs::write(&written.certificate, certificate.pem())?;
        fs::write(&written.key, key.serialize_pem())?;
        Ok(written)
    }
}

/// Of the API itself, of distributions, and of Function URLs in each region.
fn names() -> Vec<String> {
    let own = ["localhost", "127.0.0.1", "*.cloudfront.localhost"].map(str::to_owned);
    let urls = REGIONS.map(|region| format!("*.lambda-url.{region}.localhost"));
    own.into_iter().chain(urls).collect()
}
