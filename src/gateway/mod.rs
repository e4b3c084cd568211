//! The practice gateway: API Gateway and STS on loopback, judged from the received bytes.
