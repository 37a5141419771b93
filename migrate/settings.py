"""Settings: where the API is, with which credentials and for which dealer, from the environment and `.env`."""

import ipaddress
import re
import stat
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from pydantic import PrivateAttr, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from migrate.errors import ApiUnusable, SettingsError

_VISIBLE = re.compile(r"[!-~]+")
_DEALER_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Settings(BaseSettings):
    """Each field is read from `CHEKT_` and its name in capitals; an argument that is not None goes before it.

    Raises SettingsError with a line for each setting that is refused, which names the variable and never its value.
    """

    model_config = SettingsConfigDict(
        env_prefix="CHEKT_",
        env_ignore_empty=True,
        env_file_encoding="utf-8-sig",
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
    client_id: SecretStr | None = None
    client_secret: SecretStr | None = None
    access_token: SecretStr | None = None
    """A ready token, instead of client id and secret."""
    dealer_id: str | None = None

    _env_file: Path | None = PrivateAttr(default=None)

    def __init__(
        self,
        *,
        env_file: str | Path | None = ".env",
        base_url: str | None = None,
        token_url: str | None = None,
        client_id: str | SecretStr | None = None,
        client_secret: str | SecretStr | None = None,
        access_token: str | SecretStr | None = None,
        dealer_id: str | int | None = None,
    ) -> None:
        values = {
            "base_url": base_url,
            "token_url": token_url,
            "client_id": client_id,
            "client_secret": client_secret,
            "access_token": access_token,
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
        """Whether other users of this machine can read the `.env` file."""
        return self._env_file is not None and bool(self._env_file.stat().st_mode & stat.S_IROTH)

    @property
    def origin(self) -> str:
        """Scheme, host and port of the API."""
        return self.base_url

    def require_credentials(self) -> None:
        """Raise ApiUnusable unless there is a ready token or a client id with its secret."""
        if self.access_token is None and (self.client_id is None or self.client_secret is None):
            raise ApiUnusable(
                "there are no credentials: set CHEKT_CLIENT_ID and CHEKT_CLIENT_SECRET, or CHEKT_ACCESS_TOKEN, "
                "in the environment or in .env"
            )

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
