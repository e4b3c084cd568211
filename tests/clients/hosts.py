"""Prints every host that botocore knows, with what it signs for: `host service region`, a line each."""
import sys

import botocore.session

session = botocore.session.get_session()
for region in ("us-east-1", "eu-west-1", "cn-north-1", "us-gov-west-1"):
    for name in session.get_available_services():
        try:
            client = session.create_client(
                name,
                region_name=region,
                aws_access_key_id="AKIAIOSFODNN7EXAMPLE",
                aws_secret_access_key="wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            )
        except Exception as error:  # a service that is not in this region
            print(f"{name} in {region}: {error}", file=sys.stderr)
            continue
        host = client.meta.endpoint_url.split("://", 1)[1].split("/", 1)[0]
        print(host, client.meta.service_model.signing_name, client._request_signer.region_name)
