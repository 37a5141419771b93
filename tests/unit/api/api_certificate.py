"""A certificate that nobody trusts, and the server side of TLS with it; made for these tests, valid for a century."""

import ssl
from pathlib import Path

PEM = """\
-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgt4yuMoDJzotQhr3E
GnsoY10cWTJISAYW+4fWe3YNfvWhRANCAATtDvvtwywUGkr9tI37m/XpIDNxyvGZ
o1QQsuyUbpL5Ry7NLcP/BitDduJmwjDOIT/4dLCdshK+2OX22I87Lp/P
-----END PRIVATE KEY-----
-----BEGIN CERTIFICATE-----
MIIBlDCCATugAwIBAgIUPirzwPTxmDQWziETe9ArT8U3elAwCgYIKoZIzj0EAwIw
FDESMBAGA1UEAwwJbG9jYWxob3N0MCAXDTI2MTEyMTAzNTEwN1oYDzIxMjYxMDI4
MDM1MTA3WjAUMRIwEAYDVQQDDAlsb2NhbGhvc3QwWTATBgcqhkjOPQIBBggqhkjO
PQMBBwNCAATtDvvtwywUGkr9tI37m/XpIDNxyvGZo1QQsuyUbpL5Ry7NLcP/BitD
duJmwjDOIT/4dLCdshK+2OX22I87Lp/Po2kwZzAdBgNVHQ4EFgQUrb4eyvDiTj6R
ytIzW/h5UUjfyJQwHwYDVR0jBBgwFoAUrb4eyvDiTj6RytIzW/h5UUjfyJQwDwYD
VR0TAQH/BAUwAwEB/zAUBgNVHREEDTALgglsb2NhbGhvc3QwCgYIKoZIzj0EAwID
RwAwRAIgewPu11b/EfeVYaAoyBIlWhnInb+uH65zpOPwu0q+cSkCIE4feMBbwh3O
LCIO7fkvBDeKZkR4bXnRABJEzqI3TNJ/
-----END CERTIFICATE-----
"""


def untrusted_server(folder: Path) -> ssl.SSLContext:
    path = folder / "server.pem"
    path.write_text(PEM)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context
