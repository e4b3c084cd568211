//! Steps 3 and 4 of `SigV4a`: a P-256 key pair derived from the secret key, and its signature.

use std::fmt;

use hmac::{Hmac, KeyInit as _, Mac as _};
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, SigningKey as PrivateKey, VerifyingKey};
use sha2::Sha256;
use zeroize::Zeroizing;

use super::string_to_sign::Algorithm;
use crate::secret::SecretString;

/// The order of P-256 less two (NIST SP 800-186 §3.2.1.3): a candidate may not be larger.
const ORDER_LESS_TWO: [u8; 32] = [
    0xff, 0xff, 0xff, 0xff, 0x00, 0x00, 0x00, 0x00, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff,
    0xbc, 0xe6, 0xfa, 0xad, 0xa7, 0x17, 0x9e, 0x84, 0xf3, 0xb9, 0xca, 0xc2, 0xfc, 0x63, 0x25, 0x4f,
];

/// The key pair that an access key id and its secret key stand for.
///
/// It is the same on every day, in every region and for every service. Whoever has the private half
/// can sign as long as the access key lives, so it is wiped on drop and never printed.
///
/// [How AWS signs requests for several regions](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv.html)
#[derive(Clone, PartialEq, Eq)]
pub struct EcdsaKey {
    /// Which candidate was the first small enough; 1 but for one in four thousand million.
    pub counter: u8,
    /// The private half: the candidate plus one.
    pub private: Zeroizing<[u8; 32]>,
    /// The public half's x.
    pub public_x: [u8; 32],
    /// The public half's y.
    pub public_y: [u8; 32],
}

impl EcdsaKey {
    /// Derives it: counters of one byte are tried until the HMAC is a number that P-256 takes
    /// (NIST SP 800-108, counter mode).
    pub fn derive(access_key_id: &str, secret_access_key: &SecretString) -> Option<Self> {
        let start = Zeroizing::new(format!("AWS4A{}", secret_access_key.expose()));
        (1..=254).find_map(|counter| {
            let mut mac = Hmac::<Sha256>::new_from_slice(start.as_bytes()).ok()?;
            mac.update(&1_u32.to_be_bytes());
            mac.update(Algorithm::EcdsaP256Sha256.name().as_bytes());
            mac.update(&[0]);
            mac.update(access_key_id.as_bytes());
            mac.update(&[counter]);
            mac.update(&256_u32.to_be_bytes());
            let candidate = Zeroizing::new(<[u8; 32]>::from(mac.finalize().into_bytes()));
            // Both are big-endian: the order of bytes is the order of numbers.
            if *candidate > ORDER_LESS_TWO {
                return None;
            }
            Self::of_private(counter, plus_one(candidate))
        })
    }

    fn of_private(counter: u8, private: Zeroizing<[u8; 32]>) -> Option<Self> {
        let key = PrivateKey::from_slice(&*private).ok()?;
        let point = key.verifying_key().to_sec1_point(false);
        Some(Self {
            counter,
            public_x: point.x()?.as_slice().try_into().ok()?,
            public_y: point.y()?.as_slice().try_into().ok()?,
            private,
        })
    }

    /// The signature of a string to sign: DER in lower-case hex. The nonce is derived from key and
    /// message ([RFC 6979](https://www.rfc-editor.org/rfc/rfc6979)), so that the same call gives the
    /// same signature.
    pub fn sign(&self, string_to_sign: &str) -> Option<String> {
        let key = PrivateKey::from_slice(&*self.private).ok()?;
        let signature: Signature = key.sign(string_to_sign.as_bytes());
        Some(hex::encode(signature.to_der().as_bytes()))
    }
}

/// Whether a signature (DER in hex) is that of the owner of a public key, over a string to sign.
pub fn verify_ecdsa(x: &[u8; 32], y: &[u8; 32], string_to_sign: &str, signature: &str) -> bool {
    let mut point = vec![4];
    point.extend(x);
    point.extend(y);
    let Ok(key) = VerifyingKey::from_sec1_bytes(&point) else {
        return false;
    };
    hex::decode(signature)
        .ok()
        .and_then(|der| Signature::from_der(&der).ok())
        .is_some_and(|signature| key.verify(string_to_sign.as_bytes(), &signature).is_ok())
}

/// A number of 256 bits, big-endian, plus one; the caller knows that it fits.
fn plus_one(mut number: Zeroizing<[u8; 32]>) -> Zeroizing<[u8; 32]> {
    for byte in number.iter_mut().rev() {
        let (sum, carries) = byte.overflowing_add(1);
        *byte = sum;
        if !carries {
            break;
        }
    }
    number
}

impl fmt::Debug for EcdsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("EcdsaKey(redacted)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key pair that the suite's `public-key.json` publishes for its credentials.
    #[test]
    fn the_suites_key_pair() {
        let key = EcdsaKey::derive(
            "AKIDEXAMPLE",
            &SecretString::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"),
        )
        .unwrap();
        assert_eq!(key.counter, 1);
        assert_eq!(
            hex::encode(key.public_x),
            "b6618f6a65740a99e650b33b6b4b5bd0d43b176d721a3edfea7e7d2d56d936b1"
        );
        assert_eq!(
            hex::encode(key.public_y),
            "865ed22a7eadc9c5cb9d2cbaca1b3699139fedc5043dc6661864218330c8e518"
        );
        assert_eq!(format!("{key:?}"), "EcdsaKey(redacted)");
    }

    #[test]
    fn a_signature_verifies_and_a_changed_text_does_not() {
        let key = EcdsaKey::derive("AKIDEXAMPLE", &SecretString::new("secret")).unwrap();
        let signature = key.sign("text").unwrap();
        assert!(verify_ecdsa(
            &key.public_x,
            &key.public_y,
            "text",
            &signature
        ));
        assert!(!verify_ecdsa(
            &key.public_x,
            &key.public_y,
            "texT",
            &signature
        ));
        assert!(!verify_ecdsa(&key.public_x, &key.public_y, "text", "00"));
    }

    #[test]
    fn one_more_carries() {
        let mut number = [0xff; 32];
        number[0] = 1;
        let mut next = [0; 32];
        next[0] = 2;
        assert_eq!(*plus_one(Zeroizing::new(number)), next);
    }
}
