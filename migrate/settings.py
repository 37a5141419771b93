"""Settings: where the API is, with which credentials and for which dealer, from the environment and `.env`."""

import ipaddress
import os
import re
import stat
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import Field, PrivateAttr, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, DotEnvSettingsSource, SettingsConfigDict

from migrate.errors import ApiUnusable, SettingsError

_VISIBLE = re.compile(r"[!-~]+")
_DEALER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
PREFIX = "CHEKT_"
_ENCODING = "utf-8-sig"


class Credentials(StrEnum):
    """What a token is had with; the first one that is there is taken."""

    READY = "a ready token"
    ASSERTION = "a signed assertion"
    CLIENT = "client id and secret"


class Settings(BaseSettings):
    """Each field is read from `CHEKT_` and its name in capitals; an argument that is not None goes before it.

    Raises SettingsError with a line for each setting that is refused, which names the variable and never its value.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_ignore_empty=True,
        env_file_encoding=_ENCODING,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
        coerce_numbers_to_str=True,
        str_strip_whitespace=True,
    )

    base_url: str = "https://api.chekt.com"
    """The API's origin."""
    token_url: str = ""
    """Where access tokens come from; `<base_url>/oauth/token` if not set."""
    token_audience: str = ""
    """What the token is for, where the token URL wants to be told; sent as `audience`, left out if not set."""
    client_id: SecretStr | None = None
    client_secret: SecretStr | None = None
    access_token: SecretStr | None = None
    """A ready token, instead of client id and secret or key."""
    jwt_key_file: Path | None = Field(default=None, repr=False)
    """A file with the key that signs assertions, instead of a client secret: an RSA private key in PEM, or a secret."""
    jwt_key_id: str = ""
    """The key's id at the token URL (`kid`); left out if not set."""
    jwt_audience: str = ""
    """Whom an assertion is for (`aud`); the token URL if not set."""
    jwt_grant: Literal["client_credentials", "jwt-bearer"] = "client_credentials"
    """Whether an assertion takes the place of the secret (RFC 7523, 2.2) or is a grant of its own (2.1)."""
    dealer_id: str | None = None

    _env_file: Path | None = PrivateAttr(default=None)

    def __init__(
        self,
        *,
        env_file: str | Path | None = ".env",
        base_url: str | None = None,
        token_url: str | None = None,
        token_audience: str | None = None,
        client_id: str | SecretStr | None = None,
        client_secret: str | SecretStr | None = None,
        access_token: str | SecretStr | None = None,
        jwt_key_file: str | Path | None = None,
        jwt_key_id: str | None = None,
        jwt_audience: str | None = None,
        jwt_grant: Literal["client_credentials", "jwt-bearer"] | None = None,
        dealer_id: str | int | None = None,
    ) -> None:
        values = {
            "base_url": base_url,
            "token_url": token_url,
            "token_audience": token_audience,
            "client_id": client_id,
            "client_secret": client_secret,
            "access_token": access_token,
            "jwt_key_file": jwt_key_file,
            "jwt_key_id": jwt_key_id,
            "jwt_audience": jwt_audience,
            "jwt_grant": jwt_grant,
            "dealer_id": dealer_id,
        }
        given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        path = None if env_file is None else Path(env_file).absolute()
        taken = path if path is not None and path.is_file() else None
        try:
            super().__init__(_env_file=taken, **given)
        except ValidationError as error:
            lines = [_line(item["loc"], item["msg"]) for item in error.errors(include_input=False, include_url=False)]
        except UnicodeDecodeError:
            lines = [f"{taken} can't be read: it is not UTF-8 text; save it as UTF-8"]
        except OSError as error:
            lines = [f"{taken} can't be read: {error.strerror}"]
        else:
            self._env_file = taken
            return
        raise SettingsError("\n".join(lines))  # outside of the handlers: what pydantic saw must not hang on it

    @property
    def env_file(self) -> Path | None:
        """The `.env` file that was read, if there is one."""
        return self._env_file

    @property
    def env_file_is_exposed(self) -> bool:
        """Whether other users of this machine can read the `.env` file; not known on Windows."""
        return self._env_file is not None and is_exposed(self._env_file.stat())

    @property
    def origin(self) -> str:
        """Scheme, host and port of the API."""
        return self.base_url

    @property
    def credentials(self) -> Credentials | None:
        """What a token is had with, None if there is nothing: a ready token before a key before a client secret."""
        if self.access_token is not None:
            return Credentials.READY
        if self.client_id is None:
            return None
        if self.jwt_key_file is not None:
            return Credentials.ASSERTION
        return None if self.client_secret is None else Credentials.CLIENT

    def require_credentials(self) -> Credentials:
        """Return what a token is had with; raise ApiUnusable if there is nothing."""
        if self.credentials is None:
            raise ApiUnusable(
                "there are no credentials: set CHEKT_CLIENT_ID and CHEKT_CLIENT_SECRET (or CHEKT_JWT_KEY_FILE in its "
                "place), or CHEKT_ACCESS_TOKEN, in the environment or in .env"
            )
        return self.credentials

    def require_dealer(self) -> str:
        """Return the dealer's id; raise SettingsError if it isn't set."""
        if self.dealer_id is None:
            raise SettingsError("no dealer is named: give --dealer or set CHEKT_DEALER_ID (environment or .env)")
        return self.dealer_id

    @field_validator("base_url")
    @classmethod
    def _check_base_url(cls, url: str) -> str:
        origin, path = _checked_url(url)
        if path.strip("/"):
            raise ValueError("give the origin alone, such as https://api.chekt.com, without a path")
        return origin

    @field_validator("token_url")
    @classmethod
    def _check_token_url(cls, url: str) -> str:
        return "".join(_checked_url(url)) if url else ""

    @field_validator("client_id", "client_secret", "access_token")
    @classmethod
    def _check_secret(cls, secret: SecretStr | None) -> SecretStr | None:
        text = secret.get_secret_value().strip() if secret else ""
        return SecretStr(text) if text else None

    @field_validator("access_token")
    @classmethod
    def _check_token(cls, token: SecretStr | None) -> SecretStr | None:
        if token is not None and not _VISIBLE.fullmatch(token.get_secret_value()):
            raise ValueError("give the token alone, without 'Bearer', spaces or line breaks")
        return token

    @field_validator("jwt_key_file", mode="before")
    @classmethod
    def _check_key_file(cls, path: object) -> object:
        """Take a blank path for none, and refuse a key in the place of its path without showing it."""
        text = str(path).strip() if isinstance(path, str | Path) else path
        if isinstance(text, str) and (not text.isprintable() or "-----" in text):
            raise ValueError("give the path of a file that holds the key, not the key itself")
        return text or None

    @field_validator("dealer_id")
    @classmethod
    def _check_dealer_id(cls, dealer_id: str | None) -> str | None:
        if dealer_id is not None and not _DEALER_ID.fullmatch(dealer_id):
            raise ValueError("a dealer's id is made of letters, digits, - and _ (option --dealer)")
        return dealer_id

    @model_validator(mode="after")
    def _fill_token_url(self) -> Self:
        if not self.token_url:
            object.__setattr__(self, "token_url", f"{self.base_url}/oauth/token")
        return self


def is_exposed(status: os.stat_result) -> bool:
    """Return whether other users of this machine can read a file; Windows doesn't tell it this way."""
    return os.name == "posix" and bool(status.st_mode & stat.S_IROTH)


def variables() -> tuple[str, ...]:
    """Return the variables that are read."""
    return tuple(f"{PREFIX}{name}".upper() for name in Settings.model_fields)


def named_in(environment: Mapping[str, str | None]) -> tuple[str, ...]:
    """Return the names beginning with `CHEKT_` that have a value, in capitals, as Settings takes them."""
    return tuple(name.upper() for name, value in environment.items() if value and name.upper().startswith(PREFIX))


def named_in_file(path: Path) -> tuple[str, ...]:
    """Return the names that a `.env` file gives a value; none if it can't be read, which Settings tells."""
    try:
        return named_in(DotEnvSettingsSource(Settings, env_file=path).env_vars)
    except (OSError, UnicodeDecodeError):
        return ()


def _checked_url(url: str) -> tuple[str, str]:
    """Return origin and path of a URL that is https, or http to this machine, and has no other parts."""
    if not _VISIBLE.fullmatch(url) or "\\" in url:
        raise ValueError("a URL is made of visible ASCII characters (write other names as xn--...)")
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:  # its text may quote the URL
        host = None
    if not host or parts.scheme not in {"http", "https"}:
        raise ValueError("write a whole URL, such as https://api.chekt.com")
    if "@" in parts.netloc:
        raise ValueError("a URL must not hold a user or password")
    if parts.query or parts.fragment:
        raise ValueError("a URL must not have a query (?) or a fragment (#)")
    if parts.scheme == "http" and not _is_loopback(host):
        raise ValueError("plain http is refused, because it shows the credentials to the network; write https://")
    shown = f"[{host}]" if ":" in host else host
    return f"{parts.scheme}://{shown}{'' if port is None else f':{port}'}", parts.path


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _line(loc: tuple[int | str, ...], message: str) -> str:
    name = f"CHEKT_{loc[0]}".upper() if loc else "settings"
    return f"{name}: {message.removeprefix('Value error, ')}"
