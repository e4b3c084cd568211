"""What the client programs share: the gateway's start line, a raw socket, and counting.

Requests are written to the socket as they were signed. A client library in between might escape a
path once more or add a header, and then it would not be the signer that is tested.
"""

import json
import socket
import sys
from urllib.parse import urlsplit

API_HOST = "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"
REGION = "us-east-1"


def start_info():
    """The JSON line of `countersign gateway`, from the first argument or standard input."""
    text = sys.argv[1] if len(sys.argv) > 1 else sys.stdin.readline()
    return json.loads(text)


class Answer:
    def __init__(self, raw):
        head, _, self.body = raw.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        self.status = int(lines[0].split(" ")[1])
        self.headers = {}
        for line in lines[1:]:
            name, _, value = line.partition(":")
            self.headers[name.lower()] = value.strip()
        self.error_type = self.headers.get("x-amzn-errortype")

    def json(self):
        return json.loads(self.body)


def send(info, method, target, headers, body=b""):
    """Sends exactly this request line, these headers and this body."""
    place = urlsplit(info["url"])
    lines = [f"{method} {target} HTTP/1.1"]
    lines += [f"{name}: {value}" for name, value in headers]
    names = {name.lower() for name, _ in headers}
    if body and "content-length" not in names:
        lines.append(f"content-length: {len(body)}")
    lines.append("connection: close")
    head = "\r\n".join(lines) + "\r\n\r\n"
    with socket.create_connection((place.hostname, place.port), timeout=20) as connection:
        connection.sendall(head.encode("utf-8") + body)
        raw = b""
        while chunk := connection.recv(65536):
            raw += chunk
    return Answer(raw)


class Request:
    """A signed request, as text that may still be tampered with."""

    def __init__(self, method, target, headers, body=b""):
        self.method = method
        self.target = target
        self.headers = [(str(name), str(value)) for name, value in headers]
        self.body = body

    def header(self, wanted):
        return next(value for name, value in self.headers if name.lower() == wanted)

    def with_header(self, wanted, value):
        headers = [
            (name, value if name.lower() == wanted else old) for name, old in self.headers
        ]
        assert headers != self.headers, wanted
        return Request(self.method, self.target, headers, self.body)

    def with_target(self, old, new):
        assert old in self.target, self.target
        return Request(self.method, self.target.replace(old, new, 1), self.headers, self.body)

    def with_body(self, body):
        assert body != self.body
        return Request(self.method, self.target, self.headers, body)

    def send(self, info):
        return send(info, self.method, self.target, self.headers, self.body)


def flipped(text):
    """The text with its last character, a hex digit or a number, changed."""
    return text[:-1] + ("0" if text[-1] != "0" else "1")


class Count:
    def __init__(self):
        self.passed = 0
        self.failed = 0

    def check(self, name, is_right, seen=""):
        if is_right:
            self.passed += 1
        else:
            self.failed += 1
            print(f"FAILED {name}: {seen}")

    def accepted(self, name, answer):
        self.check(name, answer.status == 200, (answer.status, answer.body))
        return answer

    def refused(self, name, answer, error_type, text=""):
        is_right = (
            answer.status == 403
            and answer.error_type == error_type
            and text.encode() in answer.body
        )
        self.check(name, is_right, (answer.status, answer.error_type, answer.body))

    def end(self):
        print(f"{self.passed} passed, {self.failed} failed")
        sys.exit(1 if self.failed else 0)


MISMATCH = "InvalidSignatureException"
ECHO = "The Canonical String for this request should have been"


def tamper_with(count, info, name, good, header):
    """Changes one byte of each part of a good POST with a query: each must be refused."""
    count.accepted(f"{name}: untouched", good.send(info))
    for part, request in [
        ("path", good.with_target("/pets/a", "/pets/b")),
        ("query", good.with_target("q=1", "q=2")),
        ("header", good.with_header(header, good.header(header) + "x")),
        ("body", good.with_body(b"[" + good.body[1:])),
        (
            "signature",
            good.with_header("authorization", flipped(good.header("authorization"))),
        ),
        (
            "date",
            good.with_header(
                "x-amz-date", good.header("x-amz-date")[:14] + flipped_second(good) + "Z"
            ),
        ),
    ]:
        count.refused(f"{name}: {part}", request.send(info), MISMATCH, ECHO)
    old = good.with_header("x-amz-date", "20150830T123600Z")
    count.refused(f"{name}: old date", old.send(info), MISMATCH, "Signature expired: 20150830")


def flipped_second(request):
    return "1" if request.header("x-amz-date")[14] != "1" else "2"
