//! One catalogue of every refusal that API Gateway and STS give.
