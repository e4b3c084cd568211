//! Why the gateway did not start.

use std::io;
use std::net::SocketAddr;

/// Why the gateway did not start.
#[derive(Debug, thiserror::Error)]
pub enum GatewayError {
    /// Asked to listen where other machines could reach it.
    #[error(
        "the practice gateway listens on loopback only, not on {0}: its keys are published; use 127.0.0.1 or [::1]"
    )]
    NotLoopback(SocketAddr),
    /// The system refused the address.
    #[error("cannot listen on {addr}: {source}; choose another port, or 0 for any free one")]
    Bind {
        /// The address.
        addr: SocketAddr,
        /// What the system said.
        source: io::Error,
    },
}
