from sandbox.seoshop.signing import api_password, url_signature, webhook_signature

SECRET = "fedcba9876543210fedcba9876543210"
TOKEN = "00112233445566778899aabbccddeeff"
BODY = (
    rb'{"order":{"id":301204417,"number":"ORD00412","paymentStatus":"paid",'
    rb'"link":"http:\/\/api.webshopapp.com\/nl\/orders\/301204417.json"}}'
)
PARAMS = {"language": "nl", "shop_id": "184520", "timestamp": "1767225600"}


def test_an_install_url_is_signed_over_four_parameters_and_not_over_the_cluster() -> None:
    params = {**PARAMS, "token": TOKEN, "cluster_id": "eu1"}
    assert url_signature(params, SECRET) == "499358ed8cd98e3afb040ffdd7923ea4"


def test_an_uninstall_url_is_signed_without_a_token() -> None:
    assert url_signature(PARAMS, SECRET) == "2996b947c2c9f0cc36ce77c93db41001"


def test_the_api_password_is_made_of_token_and_secret() -> None:
    assert api_password(TOKEN, SECRET) == "fb426bdebfd5c7591dcde2b4ce3bca66"


def test_a_webhook_is_signed_over_its_raw_bytes() -> None:
    assert len(BODY) == 134
    assert webhook_signature(BODY, SECRET) == "6cef12af77aff8f4e3bc052348348330"
