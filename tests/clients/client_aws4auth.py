"""Signs with requests-aws4auth, which signs few headers and hashes the payload into one of them."""

import requests
from requests_aws4auth import AWS4Auth

from gateway import API_HOST, REGION, Count, Request, start_info, tamper_with


def signed(auth, method, target, headers=None, body=None):
    request = requests.Request(
        method, f"https://{API_HOST}{target}", headers=headers, data=body, auth=auth
    )
    prepared = requests.Session().prepare_request(request)
    pairs = [(name, value) for name, value in prepared.headers.items() if name.lower() != "host"]
    sent = prepared.body or b""
    if isinstance(sent, str):
        sent = sent.encode()
    return Request(method, prepared.path_url, [("host", API_HOST), *pairs], sent)


def main():
    info = start_info()
    count = Count()
    api_key = next(iter(info["api_keys"].values()))
    auth = AWS4Auth(
        info["access_key_id"], info["secret_access_key"], REGION, "execute-api"
    )
    demo = AWS4Auth(
        info["access_key_id"],
        info["secret_access_key"],
        REGION,
        "execute-api",
        include_hdrs=["host", "x-demo", "x-amz-*"],
    )
    for target in [
        "/prod/pets",
        "/prod/pets?type=dog&page=1",
        "/prod/pets/a%20b/%40me",
        "/prod/pets/a@b",
    ]:
        count.accepted(f"GET {target}", signed(auth, "GET", target).send(info))
    json_type = {"content-type": "application/json"}
    post = signed(auth, "POST", "/prod/pets", json_type, b'{"name":"Rex"}')
    count.accepted("POST with body", post.send(info))
    order = signed(
        auth, "POST", "/prod/orders", {**json_type, "x-api-key": api_key}, b'{"petId":1}'
    )
    names = order.header("authorization").split("SignedHeaders=")[1].split(",")[0]
    count.check("the API key is not signed", "x-api-key" not in names, names)
    count.accepted("POST with API key", order.send(info))
    tamper_with(
        count,
        info,
        "POST",
        signed(demo, "POST", "/prod/pets/a%20b?q=1", {"x-demo": "1"}, b"{}"),
        "x-demo",
    )
    count.end()


if __name__ == "__main__":
    main()
