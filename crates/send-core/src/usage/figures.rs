//! What is counted, and how it adds up.

use std::{cmp::Reverse, collections::BTreeMap};

use serde::{Deserialize, Serialize};

use crate::id::TokenId;

/// Access tokens that are told apart in one place; what belongs to others is in the totals only.
pub(crate) const MOST_TOKENS: usize = 1_000;

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Figures {
    /// Transfers that were created.
    #[serde(skip_serializing_if = "is_zero")]
    pub transfers: u64,
    /// Bytes that were stored for transfers, as they came.
    #[serde(skip_serializing_if = "is_zero")]
    pub bytes_stored: u64,
    /// Bytes of transfers that went out.
    #[serde(skip_serializing_if = "is_zero")]
    pub bytes_served: u64,
    /// Claims and counted downloads that were new.
    #[serde(skip_serializing_if = "is_zero")]
    pub claims: u64,
    /// Requests.
    #[serde(skip_serializing_if = "is_zero")]
    pub requests: u64,
    /// Those that were answered 4xx.
    #[serde(skip_serializing_if = "is_zero")]
    pub refusals: u64,
    /// Those that were answered 5xx.
    #[serde(skip_serializing_if = "is_zero")]
    pub failures: u64,
}

impl Figures {
    /// Both together.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        self.each(other, u64::saturating_add)
    }

    /// What is left without the other.
    #[must_use]
    pub fn less(self, other: Self) -> Self {
        self.each(other, u64::saturating_sub)
    }

    /// Whether nothing was counted.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Bytes either way, by which tokens are ordered.
    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes_stored.saturating_add(self.bytes_served)
    }

    fn each(self, other: Self, of: fn(u64, u64) -> u64) -> Self {
        Self {
            transfers: of(self.transfers, other.transfers),
            bytes_stored: of(self.bytes_stored, other.bytes_stored),
            bytes_served: of(self.bytes_served, other.bytes_served),
            claims: of(self.claims, other.claims),
            requests: of(self.requests, other.requests),
            refusals: of(self.refusals, other.refusals),
            failures: of(self.failures, other.failures),
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks by reference")]
const fn is_zero(figure: &u64) -> bool {
    *figure == 0
}

/// Figures, and how much of them belongs to which access token. What belongs to none, or to one of those that found no room, is
/// what the totals have beyond the tokens.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Sums {
    pub(crate) totals: Figures,
    pub(crate) tokens: BTreeMap<TokenId, Figures>,
}

impl Sums {
    /// Counts, for a token where it is known.
    pub(crate) fn tell(&mut self, token: Option<TokenId>, figures: Figures) {
        self.totals = self.totals.plus(figures);
        if let Some(token) = token {
            self.tell_token(token, figures);
        }
    }

    /// Counts for a token what the totals have already.
    pub(crate) fn tell_token(&mut self, token: TokenId, figures: Figures) {
        if self.tokens.len() < MOST_TOKENS || self.tokens.contains_key(&token) {
            let sum = self.tokens.entry(token).or_default();
            *sum = sum.plus(figures);
        }
    }

    /// Adds others; where they are too many, the tokens that moved the most bytes stay.
    pub(crate) fn add(&mut self, other: &Self) {
        self.totals = self.totals.plus(other.totals);
        for (token, figures) in &other.tokens {
            let sum = self.tokens.entry(*token).or_default();
            *sum = sum.plus(*figures);
        }
        if self.tokens.len() > MOST_TOKENS {
            let most = self.by_bytes().into_iter().take(MOST_TOKENS);
            self.tokens = most.collect();
        }
    }

    /// What is left without the others.
    pub(crate) fn less(&self, other: &Self) -> Self {
        let left = |(token, figures): (&TokenId, &Figures)| {
            let before = other.tokens.get(token).copied().unwrap_or_default();
            (*token, figures.less(before))
        };
        let tokens = self.tokens.iter().map(left);
        Self {
            totals: self.totals.less(other.totals),
            tokens: tokens.filter(|(_, left)| !left.is_nothing()).collect(),
        }
    }

    /// The tokens, most bytes first.
    pub(crate) fn by_bytes(&self) -> Vec<(TokenId, Figures)> {
        let mut tokens: Vec<_> = self.tokens.iter().map(|(id, sum)| (*id, *sum)).collect();
        tokens.sort_by_key(|(_, figures)| Reverse(figures.bytes()));
        tokens
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(n: u16) -> TokenId {
        let mut bytes = [0; 16];
        bytes[..2].copy_from_slice(&n.to_be_bytes());
        TokenId::new(bytes)
    }

    fn served(bytes_served: u64) -> Figures {
        Figures {
            bytes_served,
            ..Figures::default()
        }
    }

    #[test]
    fn what_is_added_and_taken_away_again_leaves_the_rest() {
        let (mut sums, mut before) = (Sums::default(), Sums::default());
        before.tell(Some(token(1)), served(5));
        before.tell(None, served(7));
        sums.add(&before);
        sums.tell(Some(token(2)), served(1));
        let left = sums.less(&before);
        assert_eq!(left.totals, served(1));
        assert_eq!(left.by_bytes(), [(token(2), served(1))]);
    }

    #[test]
    fn of_too_many_tokens_the_largest_stay_and_the_totals_have_all() {
        let (mut sums, mut more) = (Sums::default(), Sums::default());
        for n in 0..1_200 {
            sums.tell(Some(token(n)), served(1));
        }
        assert_eq!((sums.tokens.len(), sums.totals), (1_000, served(1_200)));
        more.tell(Some(token(5_000)), served(9));
        sums.add(&more);
        assert_eq!((sums.tokens.len(), sums.totals), (1_000, served(1_209)));
        assert_eq!(sums.by_bytes()[0], (token(5_000), served(9)));
    }

    #[test]
    fn figures_are_stored_without_their_zeros() {
        let mut sums = Sums::default();
        sums.tell(Some(token(1)), served(5));
        let json = serde_json::to_string(&sums).unwrap();
        assert_eq!(
            json,
            r#"{"totals":{"bytes_served":5},"tokens":{"00010000000000000000000000000000":{"bytes_served":5}}}"#
        );
        assert_eq!(serde_json::from_str::<Sums>(&json).unwrap(), sums);
    }
}
