"""Which settings were found and where, whether they are right, and what a token would be had with; never a value."""

from collections.abc import Mapping
from difflib import get_close_matches
from pathlib import Path

from migrate import api
from migrate.app.doctor_lines import Line
from migrate.errors import ApiUnusable, MigrateError, SettingsError
from migrate.model.text import shell_quoted
from migrate.settings import Credentials, Settings, named_in, named_in_file, variables

_OPTIONS = {"CHEKT_DEALER_ID": "--dealer", "CHEKT_BASE_URL": "--base-url"}
_SECRETS = ("CHEKT_CLIENT_ID", "CHEKT_CLIENT_SECRET", "CHEKT_ACCESS_TOKEN", "CHEKT_JWT_KEY_FILE")
_TAKEN = {
    Credentials.READY: ("CHEKT_ACCESS_TOKEN",),
    Credentials.ASSERTION: ("CHEKT_CLIENT_ID", "CHEKT_JWT_KEY_FILE"),
    Credentials.CLIENT: ("CHEKT_CLIENT_ID", "CHEKT_CLIENT_SECRET"),
}


def look_at_settings(
    *, dealer: str | None, base_url: str | None, environment: Mapping[str, str], env_file: Path
) -> tuple[list[Line], Settings | None]:
    """Return what was found, and the settings: None if they are wrong, or credentials lack; a dealer may lack."""
    typed = [name for name, value in (("CHEKT_DEALER_ID", dealer), ("CHEKT_BASE_URL", base_url)) if value is not None]
    in_file = named_in_file(env_file) if env_file.is_file() else ()
    lines = [_found(typed, named_in(environment), in_file, env_file)]
    lines += _strangers({**dict.fromkeys(named_in(environment), "the environment"), **dict.fromkeys(in_file, ".env")})
    try:
        settings = Settings(dealer_id=dealer, base_url=base_url, env_file=env_file)
    except SettingsError as error:
        wrong = [Line("settings", "wrong", told, exit_code=error.exit_code) for told in str(error).splitlines()]
        return lines + wrong, None
    if settings.env_file_is_exposed:
        remedy = f"keep it to yourself: chmod 600 {shell_quoted(str(env_file))}"
        lines.append(Line("settings", "warning", f"others on this machine can read {env_file}", remedy))
    lines.append(_target(settings))
    credentials = _credentials(settings)
    return [*lines, credentials], settings if credentials.state == "ok" else None


def _found(typed: list[str], in_environment: tuple[str, ...], in_file: tuple[str, ...], env_file: Path) -> Line:
    """Return where each variable comes from; the option goes before the environment, and that before the file."""
    places: dict[str, list[str]] = {}
    for name in variables():
        origins = [_OPTIONS[name]] if name in typed else []
        origins += ["the environment"] * (name in in_environment) + [str(env_file)] * (name in in_file)
        if origins:
            unused = f" (not the one of {' or '.join(origins[1:])})" if origins[1:] else ""
            places.setdefault(origins[0], []).append(f"{name}{unused}")
    told = "; ".join(f"from {origin}: {', '.join(names)}" for origin, names in places.items())
    if not places:
        remedy = f"set CHEKT_ variables, or write them into {env_file}"
        return Line("settings", "warning", "none is set, in the environment or in a .env file", remedy)
    return Line("settings", "ok", told if env_file.is_file() else f"{told}; there is no {env_file}")


def _strangers(places: Mapping[str, str]) -> list[Line]:
    """Return a line for each name that looks like a setting and is none."""
    lines = []
    for name, place in places.items():
        if name not in variables():
            near = get_close_matches(name, variables(), n=1)
            remedy = f"did you mean {near[0]}?" if near else "take it away"
            lines.append(Line("settings", "warning", f"{name} in {place} is no setting of this tool", remedy))
    return lines


def _target(settings: Settings) -> Line:
    try:
        dealer_id = settings.require_dealer()
    except SettingsError as error:
        return Line("target", "wrong", str(error), exit_code=error.exit_code)
    return Line("target", "ok", f"dealer {dealer_id} at {settings.origin}, tokens from {settings.token_url}")


def _credentials(settings: Settings) -> Line:
    """Return what a token is had with, and what is there too and not used."""
    try:
        taken = settings.require_credentials()
        how = f" ({api.JwtAssertion(settings).algorithm})" if taken is Credentials.ASSERTION else ""
    except (ApiUnusable, SettingsError) as error:
        return _unusable(settings, error)
    values = {name: getattr(settings, name.removeprefix("CHEKT_").lower()) for name in _SECRETS}
    unused = [name for name, value in values.items() if value is not None and name not in _TAKEN[taken]]
    rest = f"; set too, and not used: {', '.join(unused)}" if unused else ""
    return Line("credentials", "ok", f"{taken}{how}, from {' and '.join(_TAKEN[taken])}{rest}")


def _unusable(settings: Settings, error: MigrateError) -> Line:
    half = settings.client_id is None and (settings.client_secret or settings.jwt_key_file)
    remedy = "CHEKT_CLIENT_ID is what lacks" if half else ""
    return Line("credentials", "wrong", str(error), remedy, error.exit_code)
