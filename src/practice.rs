//! The practice world: one fixed, published set of names and example credentials, so that
//! everything works with no AWS account and no network.
//!
//! Nothing in it is secret: the key pair is the one of AWS's documentation. The practice gateway
//! accepts it, the practice profile signs with it, the practice collection names it.

/// The access key id of AWS's documentation.
pub const ACCESS_KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
/// The secret access key of AWS's documentation.
pub const SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
/// The same with one letter changed, for the profile that is meant to fail.
pub const WRONG_SECRET_ACCESS_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCZEXAMPLEKEY";
/// The user that the key pair belongs to.
pub const USER_NAME: &str = "alice";
/// The account that owns the practice API.
pub const ACCOUNT_ID: &str = "111122223333";
/// The practice API's id.
pub const API_ID: &str = "a1b2c3d4e5";
/// Its region.
pub const REGION: &str = "us-east-1";
/// Its stage.
pub const STAGE: &str = "prod";
/// The role that may be assumed.
pub const ROLE_ARN: &str = "arn:aws:iam::111122223333:role/PetReader";
/// An API key in the usage plan of the stage.
pub const API_KEY: &str = "apikey1234abcdefghij0123456789";
/// Where the gateway listens unless told otherwise.
pub const DEFAULT_LISTEN: &str = "127.0.0.1:8787";
/// The committed id of the practice collection; its secret variables have built-in values.
pub const COLLECTION_ID: &str = "0c6a3c2e-5f0e-4f4b-9d57-2f6f9f1d3a10";
/// The profile that signs with the example pair.
pub const PROFILE: &str = "practice";
/// The profile whose secret is wrong on purpose.
pub const WRONG_SECRET_PROFILE: &str = "practice-wrong-secret";
/// The profile that assumes [`ROLE_ARN`] from [`PROFILE`].
pub const ROLE_PROFILE: &str = "practice-role";

/// The built-in value of a secret variable of the practice collection.
pub fn secret_variable(collection_id: &str, variable: &str) -> Option<&'static str> {
    (collection_id == COLLECTION_ID && variable == "apiKey").then_some(API_KEY)
}
