"""Signs with awscrt, AWS's reference signer in C, in the header and in the query."""

from datetime import datetime, timezone

from awscrt.auth import (
    AwsCredentialsProvider,
    AwsSignatureType,
    AwsSigningAlgorithm,
    AwsSigningConfig,
    aws_sign_request,
)
from awscrt.http import HttpHeaders, HttpRequest

from gateway import API_HOST, REGION, Count, send, start_info

TARGETS = [
    "/prod/pets",
    "/prod/pets/",
    "/prod/pets?type=dog&page=1",
    "/prod/pets?a=2&a=1&flag",
    "/prod/pets?a-b=1&a=2",
    "/prod/pets?=v",
    "/prod/pets?a=b=c;d",
    "/prod/pets?q=a%20b%2Bc",
    "/prod/pets?q=%2a%7e!'()*",
    "/prod/pets?x=%FF&a=%7e",
    "/prod/pets?param%5B10%5D=x&param%5B2%5D=y",
    "/prod/pets/a%20b/%40me",
    "/prod/pets/a@b",
    "/prod/pets/a+b",
    "/prod/pets//a/./b/../c",
    "/prod/pets/%ed%95%9c",
    "/prod/pets/%FF",
]


def signed(info, target, placement):
    headers = HttpHeaders([("host", API_HOST), ("x-demo", "  a   b ")])
    config = AwsSigningConfig(
        algorithm=AwsSigningAlgorithm.V4,
        signature_type=placement,
        credentials_provider=AwsCredentialsProvider.new_static(
            info["access_key_id"], info["secret_access_key"]
        ),
        region=REGION,
        service="execute-api",
        use_double_uri_encode=True,
        should_normalize_uri_path=True,
        date=datetime.now(timezone.utc),
    )
    return aws_sign_request(HttpRequest("GET", target, headers), config).result()


def main():
    info = start_info()
    count = Count()
    for target in TARGETS:
        for placement in [
            AwsSignatureType.HTTP_REQUEST_HEADERS,
            AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS,
        ]:
            request = signed(info, target, placement)
            answer = send(info, "GET", request.path, list(request.headers))
            count.accepted(f"{placement.name} {target}", answer)
            headers = [
                (name, "a c" if name == "x-demo" else value) for name, value in request.headers
            ]
            answer = send(info, "GET", request.path, headers)
            count.refused(
                f"{placement.name} {target}, header changed",
                answer,
                "InvalidSignatureException",
                "x-demo:a c",
            )
    count.end()


if __name__ == "__main__":
    main()
