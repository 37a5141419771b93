"""What a person writes with pandas and requests: `pandas_requests.py INVENTORY`; run by `benchmarks/end_to_end.py`.

It reads, checks whole columns, creates sites and their devices in batches of 50, keeps every answer, and writes an
outcome for each record and the rows to mend. It leaves out: finding what Excel did, planning against the dealer beyond
known site ids, pace, retries, reading back after doubt, going on after a stop, a page to look at.
"""

import json
import os
import re
import sys
from pathlib import Path
from typing import Any, TextIO
from zoneinfo import available_timezones

import pandas as pd
import requests

BATCH = 50
PAGE = 500
ZONES = {"Eastern": "America/New_York", "Central": "America/Chicago", "Mountain": "America/Denver"}
NAMES = {
    "Customer #": "external_site_id",
    "Name": "site_name",
    "Street": "address1",
    "City": "address2",
    "TZ": "timezone",
    "Acct": "account_number",
    "Zone": "zone_number",
    "Camera": "name",
    "MAC": "mac",
    "Make": "manufacturer",
    "Model": "model",
    "Serial": "serial_number",
}
SITE = ("external_site_id", "name", "timezone", "account_number", "address1", "address2")
DEVICE = ("external_device_id", "device_type", "zone_number", "name", "mac", "manufacturer", "model", "serial_number")


def read(path: Path) -> pd.DataFrame:
    """Return the rows, all text, by the API's names, values in the API's form."""
    options: dict[str, Any] = {"dtype": str, "keep_default_na": False}
    rows = pd.read_excel(path, **options) if path.suffix == ".xlsx" else pd.read_csv(path, **options)
    rows = rows.rename(columns=NAMES)
    for name in rows.columns:
        rows[name] = rows[name].str.strip()
    rows["row"] = range(2, len(rows) + 2)
    rows["timezone"] = rows["timezone"].replace(ZONES)
    rows["zone_number"] = rows["zone_number"].str.extract(r"(\d+)", expand=False).fillna("").str.zfill(3)
    rows.loc[rows["zone_number"] == "000", "zone_number"] = ""
    rows["mac"] = rows["mac"].map(lambda mac: ":".join(re.findall("..", re.sub("[^0-9A-Fa-f]", "", mac).upper())))
    rows["external_device_id"] = rows["external_site_id"] + "-" + rows["zone_number"]
    rows["device_type"] = "camera"
    return rows


def check(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows with a column `problem`, empty where nothing is wrong."""
    firsts = rows.drop_duplicates("external_site_id")
    twice = set(
        firsts.loc[firsts["account_number"].duplicated() & (firsts["account_number"] != ""), "external_site_id"]
    )
    differs = rows.groupby("external_site_id")[["site_name", "timezone", "account_number", "address1"]].nunique()
    differing = set(differs[(differs > 1).any(axis=1)].index)
    problems = {
        "required": (rows[["external_site_id", "site_name", "zone_number"]] == "").any(axis=1),
        "timezone": ~rows["timezone"].isin(available_timezones()),
        "duplicate_account": rows["external_site_id"].isin(twice),
        "conflict": rows["external_site_id"].isin(differing),
        "duplicate_id": rows["external_device_id"].duplicated(),
        "duplicate_zone": rows.duplicated(["external_site_id", "zone_number"]),
        "mac": (rows["mac"].str.len() != 17) & (rows["mac"] != ""),
    }
    rows["problem"] = ""
    for code, bad in problems.items():
        rows.loc[bad & (rows["problem"] == ""), "problem"] = code
    return rows


class Api:
    """The calls; every answer is kept in a file."""

    def __init__(self, answers: TextIO) -> None:
        base, self.answers = os.environ["CHEKT_BASE_URL"], answers
        self.root = f"{base}/partner/v1/dealers/{os.environ['CHEKT_DEALER_ID']}"
        self.session = requests.Session()
        keys = {"client_id": os.environ["CHEKT_CLIENT_ID"], "client_secret": os.environ["CHEKT_CLIENT_SECRET"]}
        told = self.session.post(f"{base}/oauth/token", data={"grant_type": "client_credentials", **keys}, timeout=30)
        self.session.headers["Authorization"] = f"Bearer {told.json()['access_token']}"

    def known(self) -> set[str]:
        """Return the external ids of the sites that the dealer has."""
        found: set[str] = set()
        offset = 0
        while True:
            query = {"limit": PAGE, "offset": offset, "sort": "site_id"}
            page = self.session.get(f"{self.root}/sites", params=query, timeout=30).json()
            found.update(site["external_site_id"] for site in page)
            offset += len(page)
            if len(page) < PAGE:
                return found

    def create(self, path: str, body: object) -> Any:  # noqa: ANN401 - JSON
        """Send a create and return its answer."""
        answer = self.session.post(f"{self.root}/{path}", json=body, timeout=30)
        answer.raise_for_status()
        told = answer.json()
        self.answers.write(json.dumps({"path": path, "status": answer.status_code, "answer": told}) + "\n")
        self.answers.flush()
        return told


def main() -> None:
    """Carry the inventory over."""
    rows = check(read(Path(sys.argv[1])))
    outcomes: list[tuple[int, str, str, str, str, object]] = []
    with Path("answers.jsonl").open("w", encoding="utf-8") as answers:
        api = Api(answers)
        known = api.known()
        for identity, cameras in rows.groupby("external_site_id", sort=False):
            first = cameras.iloc[0]
            problem = first["problem"] if first["problem"] in {"timezone", "duplicate_account", "conflict"} else ""
            if problem or identity in known:
                state = "invalid" if problem else "skipped"
                outcomes.append((first["row"], "site", str(identity), state, problem, None))
                for row, device in zip(cameras["row"], cameras["external_device_id"], strict=True):
                    outcomes.append((row, "device", device, "blocked", "", None))
                continue
            fields = {**first, "name": first["site_name"]}
            site = api.create("sites", {name: fields[name] for name in SITE if fields[name]})["site_id"]
            outcomes.append((first["row"], "site", str(identity), "created", "", site))
            bad = cameras[cameras["problem"] != ""]
            for row, device, code in zip(bad["row"], bad["external_device_id"], bad["problem"], strict=True):
                outcomes.append((row, "device", device, "invalid", code, None))
            good = cameras[cameras["problem"] == ""]
            for start in range(0, len(good), BATCH):
                batch = good.iloc[start : start + BATCH]
                told = api.create(f"sites/{site}/devices", batch[list(DEVICE)].to_dict("records"))
                for row, result in zip(batch["row"], told["results"], strict=True):
                    made = result["is_successful"]
                    state, code = ("created", "") if made else ("failed", result["error_message"])
                    remote = result["res"]["device_id"] if made else None
                    outcomes.append((row, "device", result["req"]["external_device_id"], state, code, remote))
    table = pd.DataFrame(outcomes, columns=["row", "record", "external_id", "outcome", "code", "remote_id"])
    table.to_csv("outcomes.csv", index=False)
    rows[rows["problem"] != ""].to_excel("attention.xlsx", index=False)
    print(json.dumps(table.groupby(["record", "outcome"]).size().reset_index().to_numpy().tolist()))


if __name__ == "__main__":
    main()
