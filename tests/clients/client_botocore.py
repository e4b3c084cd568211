"""Signs with botocore's SigV4Auth, the signer of the AWS CLI."""

from urllib.parse import urlsplit

from botocore.auth import SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from gateway import API_HOST, REGION, Count, Request, flipped, send, start_info, tamper_with


def signed(credentials, method, target, headers=None, body=b"", service="execute-api", region=REGION, host=API_HOST):
    request = AWSRequest(
        method=method, url=f"https://{host}{target}", headers=headers or {}, data=body
    )
    SigV4Auth(credentials, service, region).add_auth(request)
    pairs = [("host", host)] + [
        (name, value) for name, value in request.headers.items() if name.lower() != "host"
    ]
    return Request(method, target, pairs, body)


def presigned(credentials, target):
    request = AWSRequest(method="GET", url=f"https://{API_HOST}{target}")
    SigV4QueryAuth(credentials, "execute-api", REGION, expires=60).add_auth(request)
    place = urlsplit(request.url)
    return Request("GET", f"{place.path}?{place.query}", [("host", API_HOST)])


def main():
    info = start_info()
    count = Count()
    alice = Credentials(info["access_key_id"], info["secret_access_key"])
    api_key = next(iter(info["api_keys"].values()))
    place = info["url"].split("//")[1]

    answer = count.accepted(
        "GET with query", signed(alice, "GET", "/prod/pets?type=dog&page=1").send(info)
    )
    body = answer.json()
    count.check("filter", {pet["type"] for pet in body["pets"]} == {"dog"}, body)
    count.check("caller", body["caller"]["arn"].endswith(":user/alice"), body)
    for target in [
        "/prod/pets",
        "/prod/pets?a=2&a=1",
        "/prod/pets?b=%2F%20x&a=~",
        "/prod/pets/a%20b/%40me",
        "/prod/pets/a@b",
        "/prod/pets/%E4%BD%A0%E5%A5%BD",
        "/prod/pets/a+b",
        "/prod/pets/a%2Fb",
        "/prod/pets/x%3D",
        "/prod/pets/a//b/./c/../d",
    ]:
        count.accepted(f"GET {target}", signed(alice, "GET", target).send(info))
    count.accepted(
        "Host as connected", signed(alice, "GET", "/prod/pets", host=place).send(info)
    )
    post = signed(
        alice, "POST", "/prod/pets", {"content-type": "application/json"}, b'{"name":"Rex"}'
    )
    answer = count.accepted("POST with body", post.send(info))
    count.check("echo of the pet", answer.json()["pet"] == {"name": "Rex"}, answer.body)
    order = signed(alice, "POST", "/prod/orders", {"x-api-key": api_key}, b'{"petId":1}')
    count.accepted("API key and signature", order.send(info))
    count.refused(
        "order without API key",
        signed(alice, "POST", "/prod/orders", {}, b"{}").send(info),
        "ForbiddenException",
        '{"message":"Forbidden"}',
    )
    count.accepted("open", send(info, "GET", "/prod/open", [("host", API_HOST)]))
    count.accepted(
        "API key only",
        send(info, "GET", "/prod/key", [("host", API_HOST), ("x-api-key", api_key)]),
    )
    count.refused(
        "wrong API key",
        send(info, "GET", "/prod/key", [("host", API_HOST), ("x-api-key", api_key + "x")]),
        "ForbiddenException",
        '{"message":"Forbidden"}',
    )

    tamper_with(
        count,
        info,
        "POST",
        signed(
            alice, "POST", "/prod/pets/a%20b?q=1", {"x-demo": "1"}, b"{}"
        ),
        "x-demo",
    )

    url = presigned(alice, "/prod/pets/a%20b?q=1")
    count.accepted("presigned", url.send(info))
    count.refused(
        "presigned, other query",
        url.with_target("q=1", "q=2").send(info),
        "InvalidSignatureException",
        "The Canonical String for this request should have been",
    )
    count.refused(
        "presigned, other signature",
        Request("GET", flipped(url.target), url.headers).send(info),
        "InvalidSignatureException",
        "The Canonical String for this request should have been",
    )
    count.refused(
        "signed twice",
        Request("GET", url.target, [*url.headers, ("authorization", "AWS4-HMAC-SHA256 a=b")]).send(
            info
        ),
        "InvalidSignatureException",
        "Found both 'X-Amz-Algorithm' as a query-string param and 'Authorization' as HTTP header.",
    )

    wrong = Credentials(info["access_key_id"], info["secret_access_key"][:-1] + "X")
    count.refused(
        "wrong secret",
        signed(wrong, "GET", "/prod/pets").send(info),
        "InvalidSignatureException",
        "The Canonical String for this request should have been",
    )
    unknown = Credentials("AKIAIOSFODNN7UNKNOWN", info["secret_access_key"])
    count.refused(
        "unknown key",
        signed(unknown, "GET", "/prod/pets").send(info),
        "UnrecognizedClientException",
        '"The security token included in the request is invalid."',
    )
    foreign = Credentials(info["access_key_id"], info["secret_access_key"], "TOKEN")
    count.refused(
        "foreign token",
        signed(foreign, "GET", "/prod/pets").send(info),
        "UnrecognizedClientException",
        '"The security token included in the request is invalid"',
    )
    count.refused(
        "wrong region",
        signed(alice, "GET", "/prod/pets", region="eu-west-1").send(info),
        "InvalidSignatureException",
        "Credential should be scoped to a valid region",
    )
    count.refused(
        "wrong service",
        signed(alice, "GET", "/prod/pets", service="lambda").send(info),
        "InvalidSignatureException",
        "Credential should be scoped to correct service: 'execute-api'. ",
    )
    count.refused(
        "a proxy on the way",
        signed(
            alice, "GET", "/prod/pets", {"x-demo": "1", "x-practice-proxy": "x-demo"}
        ).send(info),
        "InvalidSignatureException",
        "x-demo:1, changed by a proxy",
    )
    count.end()


if __name__ == "__main__":
    main()
