"""Assumes roles with boto3, and calls the API with what it was given."""

import boto3
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from client_botocore import signed
from gateway import REGION, Count, start_info, tamper_with

PARTNER = "arn:aws:iam::111122223333:role/PartnerReader"


def client(info, key, secret, token=None, region=REGION):
    return boto3.client(
        "sts",
        endpoint_url=info["sts_url"],
        region_name=region,
        aws_access_key_id=key,
        aws_secret_access_key=secret,
        aws_session_token=token,
        config=Config(retries={"max_attempts": 0}, proxies={}),
    )


def refused(count, name, call, code, status, text):
    try:
        answer = call()
        count.check(name, False, answer)
    except ClientError as error:
        seen = (
            error.response["Error"]["Code"],
            error.response["ResponseMetadata"]["HTTPStatusCode"],
        )
        is_right = seen == (code, status) and text in error.response["Error"]["Message"]
        count.check(name, is_right, error.response)


def main():
    info = start_info()
    count = Count()
    key, secret = info["access_key_id"], info["secret_access_key"]
    sts = client(info, key, secret)

    who = sts.get_caller_identity()
    count.check("who am I", who["Arn"] == "arn:aws:iam::111122223333:user/alice", who)
    count.check("account", who["Account"] == "111122223333", who)

    assumed = sts.assume_role(
        RoleArn=info["role_arn"], RoleSessionName="lesson", DurationSeconds=43200
    )
    given = assumed["Credentials"]
    count.check("temporary key", given["AccessKeyId"].startswith("ASIA"), given["AccessKeyId"])
    session = (given["AccessKeyId"], given["SecretAccessKey"], given["SessionToken"])
    chained = client(info, *session)
    arn = chained.get_caller_identity()["Arn"]
    count.check(
        "who is the role", arn == "arn:aws:sts::111122223333:assumed-role/PetReader/lesson", arn
    )

    role = Credentials(*session)
    answer = count.accepted(
        "call as the role", signed(role, "GET", "/prod/pets?type=cat").send(info)
    )
    count.check("caller", answer.json()["caller"]["arn"] == arn, answer.body)
    api_key = next(iter(info["api_keys"].values()))
    order = signed(role, "POST", "/prod/orders", {"x-api-key": api_key}, b'{"petId":1}')
    count.accepted("order as the role", order.send(info))
    tamper_with(
        count,
        info,
        "role",
        signed(role, "POST", "/prod/pets/a%20b?q=1", {"x-demo": "1"}, b"{}"),
        "x-demo",
    )
    cut = Credentials(session[0], session[1], session[2][:-1])
    count.refused(
        "cut token",
        signed(cut, "GET", "/prod/pets").send(info),
        "UnrecognizedClientException",
        '"The security token included in the request is invalid"',
    )
    bare = Credentials(session[0], session[1])
    count.refused(
        "temporary key without its token",
        signed(bare, "GET", "/prod/pets").send(info),
        "UnrecognizedClientException",
        '"The security token included in the request is invalid."',
    )

    refused(
        count,
        "chained for too long",
        lambda: chained.assume_role(
            RoleArn=info["role_arn"], RoleSessionName="lesson", DurationSeconds=3601
        ),
        "ValidationError",
        400,
        "exceeds the 1 hour session limit for roles assumed by role chaining.",
    )
    refused(
        count,
        "no external id",
        lambda: sts.assume_role(RoleArn=PARTNER, RoleSessionName="lesson"),
        "AccessDenied",
        403,
        f"is not authorized to perform: sts:AssumeRole on resource: {PARTNER}",
    )
    partner = sts.assume_role(
        RoleArn=PARTNER, RoleSessionName="lesson", ExternalId="practice-external-id"
    )["Credentials"]
    partner = Credentials(
        partner["AccessKeyId"], partner["SecretAccessKey"], partner["SessionToken"]
    )
    count.accepted("the partner reads", signed(partner, "GET", "/prod/pets").send(info))
    count.refused(
        "the partner may not write",
        signed(partner, "POST", "/prod/pets", {}, b"{}").send(info),
        "AccessDeniedException",
        '{"Message":"User: arn:aws:sts::111122223333:assumed-role/PartnerReader/lesson is not',
    )
    refused(
        count,
        "session name",
        lambda: sts.assume_role(RoleArn=info["role_arn"], RoleSessionName="x y"),
        "ValidationError",
        400,
        "Value 'x y' at 'roleSessionName'",
    )
    refused(
        count,
        "wrong secret",
        client(info, key, secret[:-1] + "X").get_caller_identity,
        "SignatureDoesNotMatch",
        403,
        "The request signature we calculated does not match",
    )
    refused(
        count,
        "unknown key",
        client(info, "AKIAIOSFODNN7UNKNOWN", secret).get_caller_identity,
        "InvalidClientTokenId",
        403,
        "The security token included in the request is invalid.",
    )
    refused(
        count,
        "wrong region",
        client(info, key, secret, region="eu-west-1").get_caller_identity,
        "SignatureDoesNotMatch",
        403,
        "Credential should be scoped to a valid region",
    )
    count.end()


if __name__ == "__main__":
    main()
