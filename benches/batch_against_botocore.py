"""How fast `countersign sign --batch` is beside botocore on the same lines.

    batch_against_botocore.py PROGRAM [LINES]

Both read the same JSON lines and write an answer for each: canonical request, string to sign,
signature and headers. PROGRAM's time is that of the whole process, its start included; botocore's
begins when it is loaded. They take turns; the median counts. PROGRAM should be a release build, at
least 20 times as fast; the signatures must be the same.
"""

import io
import json
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timezone

import botocore.auth
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

WANTED = 20
TURNS = 5


def line(number):
    return json.dumps(
        {
            "id": number,
            "method": "POST",
            "url": f"https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets/{number}?limit=10&type=dog",
            "headers": [
                ["content-type", "application/json"],
                ["x-demo", f"value of {number}"],
                ["x-team", "pets"],
            ],
            "body": "eyJuYW1lIjoiUmV4IiwidHlwZSI6ImRvZyIsInByaWNlIjoyNDkuOTl9",
            "access_key": "AKIAIOSFODNN7EXAMPLE",
            "secret_key": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "session_token": None,
            "region": "us-east-1",
            "service": "execute-api",
            "datetime": "20150830T123600Z",
        }
    )


class Recording(SigV4Auth):
    def canonical_request(self, request):
        self.canonical = super().canonical_request(request)
        return self.canonical

    def string_to_sign(self, request, canonical_request):
        self.to_sign = super().string_to_sign(request, canonical_request)
        return self.to_sign

    def signature(self, string_to_sign, request):
        self.signed = super().signature(string_to_sign, request)
        return self.signed


def with_botocore(lines):
    """The same work in Python, as quickly as botocore allows."""
    from base64 import b64decode

    out = io.StringIO()
    for text in lines:
        given = json.loads(text)
        moment = datetime.strptime(given["datetime"], "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)
        botocore.auth.get_current_datetime = lambda moment=moment: moment
        credentials = Credentials(given["access_key"], given["secret_key"], given["session_token"])
        request = AWSRequest(
            method=given["method"],
            url=given["url"],
            headers=dict(given["headers"]),
            data=b64decode(given["body"]),
        )
        auth = Recording(credentials, given["service"], given["region"])
        auth.add_auth(request)
        answer = {
            "id": given["id"],
            "canonical_request": auth.canonical,
            "string_to_sign": auth.to_sign,
            "signature": auth.signed,
            "url": given["url"],
            "headers": request.headers.items(),
        }
        out.write(json.dumps(answer) + "\n")
    return out.getvalue()


def main():
    program = sys.argv[1]
    number = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
    lines = [line(id) for id in range(number)]
    ours, theirs = [], []
    for _ in range(TURNS):
        # Files on both sides: no pipe has to be filled and emptied by Python meanwhile.
        with tempfile.TemporaryFile() as given, tempfile.TemporaryFile() as signed:
            given.write("\n".join(lines).encode())
            given.seek(0)
            start = time.perf_counter()
            subprocess.run([program, "sign", "--batch"], stdin=given, stdout=signed, check=True)
            ours.append(time.perf_counter() - start)
            signed.seek(0)
            run = signed.read().decode()
        start = time.perf_counter()
        answers = with_botocore(lines)
        theirs.append(time.perf_counter() - start)
    for one, other in zip(run.splitlines(), answers.splitlines(), strict=True):
        one, other = json.loads(one), json.loads(other)
        for part in ("id", "canonical_request", "string_to_sign", "signature"):
            assert one[part] == other[part], (part, one, other)
        assert one["agrees"] is True, one
    ours, theirs = statistics.median(ours), statistics.median(theirs)
    ratio = theirs / ours
    print(f"countersign {number / ours:,.0f} lines/s, botocore {number / theirs:,.0f} lines/s")
    print(f"{ratio:.1f} times as fast, at least {WANTED} wanted")
    sys.exit(0 if ratio >= WANTED else 1)


if __name__ == "__main__":
    main()
