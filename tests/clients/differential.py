"""Signs random requests with botocore and awscrt and with `countersign sign --batch`.

    differential.py PROGRAM [REQUESTS [SEED]]

Every canonical request, string to sign and signature must be the same. The requests stay where
AWS's signers agree with each other:

- a path ends in no dot segment (aws-sigv4 leaves a slash there, the others none)
- a query has neither a raw `+` nor an escape that is not UTF-8, and each name is there
- `:/` does not stand in a target (awscrt would read a scheme before it)
- header values hold no white space but spaces
- headers that botocore leaves out and aws-sigv4 does not, and `Date`, are not given

botocore takes the query of a URL as it is, so it gets its parameters decoded, as its own callers
give them.
"""

import base64
import json
import random
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from io import BytesIO
from urllib.parse import parse_qsl, urlsplit

import botocore.auth
from awscrt.auth import (
    AwsCredentialsProvider,
    AwsSignatureType,
    AwsSignedBodyHeaderType,
    AwsSignedBodyValue,
    AwsSigningAlgorithm,
    AwsSigningConfig,
    aws_sign_request,
)
from awscrt.http import HttpHeaders, HttpRequest
from awscrt.io import InputStream
from botocore.auth import S3SigV4Auth, S3SigV4QueryAuth, SigV4Auth, SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials

KEY_ID = "AKIAIOSFODNN7EXAMPLE"
SECRET_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"

HOSTS = [
    "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com",
    "api.example.com",
    "api.example.com:443",
    "api.example.com:8443",
    "127.0.0.1:8787",
    "[::1]:8787",
    "[2001:db8::1]",
]
PATH_PIECES = [
    "a", "Z", "09", "-", ".", "_", "~", "%20", "%2B", "%2F", "%2f", "%25", "%2520", "%zz", "%",
    "%7E", "%7e", "%41", "%C3%A9", "%ed%95%9c", "%F0%9F%98%80", "%FF", "%00", "%0A", "%40", "%3D",
    "@", "=", "+", "!", "$", "&", "'", "(", ")", "*", ",", ";", ":", "@connections/", "$default",
    "/", "//", "/./", "/../", "%2E%2E",
]  # fmt: skip
QUERY_TEXT = ["a", "b", "A", "Z", "-", "_", ".", "~", "0", "10", "é", "한", "😀", " ", "+", "%", "/",
    "?", "&", "=", ";", ":", "@", "!", "$", "'", "(", ")", "*", ",", "[", "]", '"', "<", "|"]  # fmt: skip
# What may stand raw in a query and means itself.
QUERY_RAW = set("-_.~/?:@!$'()*,;")
HEADER_NAMES = ["X-Demo", "x-a", "x-a-b", "X-B", "x_c", "Accept", "Content-Type", "Range", "Cookie",
    "Cache-Control", "X-Api-Key", "X-Amz-Target", "x-amz-meta-b", "If-None-Match"]  # fmt: skip
# These no signer takes in.
NEVER_SIGNED = ["User-Agent", "X-Amzn-Trace-Id"]
VALUE_PIECES = ["a", "Z", "0", " ", "  ", ",", ";", "=", '"', "'", "/", "é", "한", "application/json"]


def some(dice, pieces, most):
    return "".join(dice.choice(pieces) for _ in range(dice.randint(0, most)))


def escaped(dice, text):
    """One of the ways to write it in a query."""
    out = []
    for character in text:
        plain = character in QUERY_RAW or (character.isascii() and character.isalnum())
        if plain and dice.random() < 0.8:
            out.append(character)
            continue
        for byte in character.encode():
            out.append(f"%{byte:02x}" if dice.random() < 0.3 else f"%{byte:02X}")
    return "".join(out)


def wire_path(dice):
    if dice.random() < 0.05:
        return ""
    path = "/" + some(dice, PATH_PIECES, 8)
    if path.rsplit("/", 1)[1] in (".", ".."):
        path += "x"
    return path


def request_of(dice, number):
    """A request as a line of the batch, with the parameters that its query means."""
    is_s3 = dice.random() < 0.25
    is_query = dice.random() < 0.4
    token = some(dice, "ABCdef0123+/=", 60) if dice.random() < 0.4 else ""
    pairs = []
    for _ in range(dice.randint(0, 5)):
        name = dice.choice(QUERY_TEXT) + some(dice, QUERY_TEXT, 3)
        pairs.append((name, some(dice, QUERY_TEXT, 5)))
    if is_query:
        # botocore keeps one value of each name when it presigns.
        pairs = list(dict(pairs).items())
    query = "&".join(
        escaped(dice, name)
        + ("" if value == "" and dice.random() < 0.5 else "=" + escaped(dice, value))
        for name, value in pairs
    )
    query = query.replace(":/", "%3A/")
    path = wire_path(dice).replace(":/", "%3A/")
    if is_s3 and path == "":
        path = "/"
    scheme = dice.choice(["https", "https", "http"])
    host = dice.choice(HOSTS)
    headers = [
        (dice.choice(HEADER_NAMES), some(dice, VALUE_PIECES, 6)) for _ in range(dice.randint(0, 5))
    ]
    if headers and dice.random() < 0.3:
        headers.append((headers[0][0].swapcase(), some(dice, VALUE_PIECES, 3)))
    if dice.random() < 0.3:
        headers.append((dice.choice(NEVER_SIGNED), "curl/8"))
    if dice.random() < 0.2:
        headers.append(("Host", "other.example.com"))
    # In a presigned URL botocore would make the body parameters.
    body = b"" if is_query else dice.randbytes(dice.choice([0, 0, 1, 20, 300]))
    time = datetime(2015, 8, 30, 12, 36, tzinfo=timezone.utc) + timedelta(
        seconds=dice.randrange(-10**8, 4 * 10**8)
    )
    line = {
        "id": number,
        "method": dice.choice(["GET", "POST", "PUT", "DELETE", "PATCH", "PURGE"]),
        "url": f"{scheme}://{host}{path}" + (f"?{query}" if query or dice.random() < 0.05 else ""),
        "headers": headers,
        "body": base64.b64encode(body).decode(),
        "access_key": KEY_ID,
        "secret_key": SECRET_KEY,
        "session_token": token or None,
        "region": dice.choice(["us-east-1", "eu-central-1", "cn-north-1"]),
        "service": "s3" if is_s3 else dice.choice(["execute-api", "execute-api", "iam", "sts"]),
        "datetime": time.strftime("%Y%m%dT%H%M%SZ"),
        "settings": {
            "mode": "query" if is_query else "header",
            "expires": dice.randint(1, 604800),
            "s3": is_s3,
            "sign_body": not is_s3 and not is_query and dice.random() < 0.3,
            "unsigned_payload": is_s3 and (is_query or dice.random() < 0.3),
        },
    }
    return line, pairs, body, time


class Recording:
    """Keeps what botocore derives."""

    def canonical_request(self, request):
        self.canonical = super().canonical_request(request)
        return self.canonical

    def string_to_sign(self, request, canonical_request):
        self.to_sign = super().string_to_sign(request, canonical_request)
        return self.to_sign

    def signature(self, string_to_sign, request):
        self.signed = super().signature(string_to_sign, request)
        return self.signed


class Header(Recording, SigV4Auth):
    pass


class Query(Recording, SigV4QueryAuth):
    pass


class S3Header(Recording, S3SigV4Auth):
    pass


class S3Query(Recording, S3SigV4QueryAuth):
    pass


def with_botocore(line, pairs, body, time):
    settings = line["settings"]
    credentials = Credentials(KEY_ID, SECRET_KEY, line["session_token"])
    place = (credentials, line["service"], line["region"])
    is_query = settings["mode"] == "query"
    if is_query:
        auth = (S3Query if settings["s3"] else Query)(*place, expires=settings["expires"])
    else:
        auth = (S3Header if settings["s3"] else Header)(*place)
    request = AWSRequest(
        method=line["method"],
        url=line["url"].split("?")[0],
        data=body,
        params=dict(pairs) if is_query else pairs,
    )
    for name, value in line["headers"]:
        request.headers[name] = value
    if settings["sign_body"]:
        request.headers["X-Amz-Content-SHA256"] = Header(*place).payload(request)
    if settings["unsigned_payload"]:
        request.context["client_config"] = Config(s3={"payload_signing_enabled": False})
    botocore.auth.get_current_datetime = lambda: time
    auth.add_auth(request)
    return auth, request


def with_awscrt(line, host, body, time):
    settings = line["settings"]
    is_query = settings["mode"] == "query"
    place = urlsplit(line["url"])
    target = line["url"].split(place.netloc, 1)[1]
    if not target.startswith("/"):
        target = "/" + target
    headers = HttpHeaders([pair for pair in line["headers"] if pair[0] != "Host"])
    headers.add("Host", host)
    wants_header = not is_query and (settings["s3"] or settings["sign_body"])
    config = AwsSigningConfig(
        algorithm=AwsSigningAlgorithm.V4,
        signature_type=(
            AwsSignatureType.HTTP_REQUEST_QUERY_PARAMS
            if is_query
            else AwsSignatureType.HTTP_REQUEST_HEADERS
        ),
        credentials_provider=AwsCredentialsProvider.new_static(
            KEY_ID, SECRET_KEY, line["session_token"]
        ),
        region=line["region"],
        service=line["service"],
        date=time,
        use_double_uri_encode=not settings["s3"],
        should_normalize_uri_path=not settings["s3"],
        signed_body_value=(
            AwsSignedBodyValue.UNSIGNED_PAYLOAD if settings["unsigned_payload"] else None
        ),
        signed_body_header_type=(
            AwsSignedBodyHeaderType.X_AMZ_CONTENT_SHA_256
            if wants_header
            else AwsSignedBodyHeaderType.NONE
        ),
        expiration_in_seconds=settings["expires"] if is_query else None,
    )
    request = HttpRequest(line["method"], target, headers, InputStream(BytesIO(body)))
    signed = aws_sign_request(request, config).result()
    if is_query:
        return dict(parse_qsl(urlsplit(signed.path).query))["X-Amz-Signature"]
    return signed.headers.get("Authorization").rsplit("Signature=", 1)[1]


def parameters(url):
    """What stands in a URL's query, however it is escaped, in no order."""
    return sorted(parse_qsl(urlsplit(url).query, keep_blank_values=True))


def differences(requests, answers):
    for (line, pairs, body, time), answer in zip(requests, answers, strict=True):
        ours = [answer.get(part) for part in ("canonical_request", "string_to_sign", "signature")]
        auth, request = with_botocore(line, pairs, body, time)
        theirs = [auth.canonical, auth.to_sign, auth.signed]
        if ours != theirs:
            yield line, "botocore", answer.get("error") or ours, theirs
        elif line["settings"]["mode"] == "query":
            if parameters(answer["url"]) != parameters(request.url):
                yield line, "botocore's URL", answer["url"], request.url
        host = next(value for name, value in answer["headers"] if name == "host")
        signature = with_awscrt(line, host, body, time)
        if signature != answer["signature"]:
            yield line, "awscrt", ours, signature
        if answer["agrees"] is not True:
            yield line, "aws-sigv4", answer, "agrees"


def main():
    program = sys.argv[1]
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 3000
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 20150830
    print(f"{number} requests of seed {seed}")
    dice = random.Random(seed)
    requests = [request_of(dice, id) for id in range(number)]
    lines = "\n".join(json.dumps(line) for line, *_ in requests)
    run = subprocess.run([program, "sign", "--batch"], input=lines, capture_output=True, text=True)
    answers = [json.loads(line) for line in run.stdout.splitlines()]
    failed = set()
    for line, who, ours, theirs in differences(requests, answers):
        failed.add(line["id"])
        if len(failed) <= 5:
            print(f"{json.dumps(line)}\n{who}: {theirs}\n ours: {ours}\n")
    by_mode = {"header": 0, "query": 0, "s3": 0}
    for line, *_ in requests:
        by_mode[line["settings"]["mode"]] += 1
        by_mode["s3"] += line["settings"]["s3"]
    print(", ".join(f"{count} {mode}" for mode, count in by_mode.items()))
    print(f"{number - len(failed)} passed, {len(failed)} failed")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
