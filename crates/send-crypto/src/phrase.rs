//! Phrases: a secret that can be said aloud, six words of the EFF's large list.

use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

use zeroize::Zeroizing;

use crate::Error;
use crate::keys::{Secret, TAG};
use crate::primitives::pbkdf2_sha256;
use crate::secret::fill_random;

/// The list. Where it comes from and its licence: `words/NOTICE.md`.
const LIST: &str = include_str!("../words/eff-large.txt");

/// The words that are drawn: all but the four that have a hyphen ("yo-yo"), so that the words of a
/// phrase can be counted without the list.
static WORDS: LazyLock<Vec<&str>> =
    LazyLock::new(|| LIST.lines().filter(|word| !word.contains('-')).collect());

/// Words that are drawn: 77.5 bits, behind the stretching.
const DRAWN: usize = 6;
/// Words that are accepted.
const ACCEPTED: std::ops::RangeInclusive<usize> = 5..=10;

/// 5 to 10 words in lower case, joined by hyphens. Which words they are is not checked: another
/// list may have been used.
#[derive(Clone)]
pub struct Phrase(Zeroizing<String>);

impl Phrase {
    /// Draws six words, every one as likely as the others.
    ///
    /// # Errors
    /// [`Error::NoRandomness`].
    pub fn random() -> Result<Self, Error> {
        let mut words = [""; DRAWN];
        for word in &mut words {
            *word = WORDS[draw(WORDS.len() as u16)? as usize];
        }
        Ok(Self(Zeroizing::new(words.join("-"))))
    }

    /// The words, joined by hyphens.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.0
    }

    /// `S = PBKDF2-HMAC-SHA-256(phrase, T || "/phrase", 600000, 32)`, in about a tenth of a second.
    #[must_use]
    pub fn secret(&self) -> Secret {
        let salt = [TAG, b"/phrase"].concat();
        Secret::from_bytes(*pbkdf2_sha256(self.0.as_bytes(), &salt).expose())
    }
}

impl FromStr for Phrase {
    type Err = Error;

    /// Reads a phrase as people type it: in any case, with spaces or hyphens between the words.
    fn from_str(typed: &str) -> Result<Self, Error> {
        // A phrase is far shorter; the bound keeps work and memory small.
        if typed.len() > 1_024 || !typed.is_ascii() {
            return Err(Error::BadPhrase);
        }
        let lower = Zeroizing::new(typed.to_ascii_lowercase());
        let separators = [' ', '\t', '\r', '\n', '-'];
        let words: Vec<&str> = lower
            .split(separators)
            .filter(|word| !word.is_empty())
            .collect();
        let spelled = words
            .iter()
            .all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase()));
        if !spelled || !ACCEPTED.contains(&words.len()) {
            return Err(Error::BadPhrase);
        }
        Ok(Self(Zeroizing::new(words.join("-"))))
    }
}

impl fmt::Debug for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Phrase([secret])")
    }
}

/// A number below `bound`, unbiased: draws that would favour the low numbers are thrown away.
fn draw(bound: u16) -> Result<u16, Error> {
    let fair = u16::MAX - u16::MAX % bound;
    loop {
        let mut bytes = [0; 2];
        fill_random(&mut bytes)?;
        let number = u16::from_be_bytes(bytes);
        if number < fair {
            return Ok(number % bound);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::primitives::sha256;

    #[test]
    fn the_list_is_the_effs() {
        let hash = sha256(&[LIST.as_bytes()]);
        let noted = include_str!("../words/NOTICE.md");
        assert!(noted.contains(&hex::encode(hash)));
        assert_eq!(LIST.lines().count(), 7_776);
        assert_eq!(WORDS.len(), 7_772);
    }

    #[test]
    fn a_drawn_phrase_is_accepted_and_is_another_every_time() {
        let one = Phrase::random().unwrap();
        assert_eq!(one.text().parse::<Phrase>().unwrap().text(), one.text());
        assert_eq!(one.text().split('-').count(), 6);
        assert_ne!(Phrase::random().unwrap().text(), one.text());
    }

    #[test]
    fn a_phrase_may_be_typed_with_spaces_and_capitals() {
        let typed: Phrase = "  Abacus zoom\tLizard-cobalt unfold CRISP "
            .parse()
            .unwrap();
        assert_eq!(typed.text(), "abacus-zoom-lizard-cobalt-unfold-crisp");
    }

    #[test]
    fn four_words_eleven_words_and_what_is_no_word_are_refused() {
        let words = |n: usize| vec!["abacus"; n].join("-");
        for accepted in [5, 6, 10] {
            assert!(words(accepted).parse::<Phrase>().is_ok());
        }
        for refused in [
            words(0),
            words(4),
            words(11),
            format!("{}-4711", words(5)),
            format!("{}-caf\u{e9}", words(5)),
        ] {
            assert_eq!(
                refused.parse::<Phrase>().unwrap_err(),
                Error::BadPhrase,
                "{refused}"
            );
        }
    }

    #[test]
    fn draws_reach_both_ends_and_nothing_beyond() {
        let drawn: Vec<u16> = (0..200).map(|_| draw(3).unwrap()).collect();
        for number in 0..3 {
            assert!(drawn.contains(&number));
        }
        assert!(drawn.iter().all(|number| *number < 3));
    }
}
