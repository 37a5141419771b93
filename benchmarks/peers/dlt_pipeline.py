"""The same as a dlt pipeline with a custom destination: `dlt_pipeline.py INVENTORY.csv rows|nested`.

Run by `benchmarks/end_to_end.py`. With `rows`, sites and devices are two tables, as dlt has it; with `nested`, which
spares dlt most of its work, each site is one item that holds its cameras. Rows are checked; the destination creates,
keeps every answer and notes an outcome for each record. It leaves out what `pandas_requests.py` leaves out, but for
dlt's own retries of a failed load and its going on with one that was stopped, which may create again what is there.
"""

import csv
import json
import os
import re
import sys
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any
from zoneinfo import available_timezones

import dlt
from dlt.sources.helpers import requests

BATCH = 50
PAGE = 500
ZONES = {"Eastern": "America/New_York", "Central": "America/Chicago", "Mountain": "America/Denver"}
IANA = available_timezones()

Row = dict[str, Any]


def cleaned(number: int, cells: dict[str, str]) -> Row:
    """Return a row by the API's names, values in the API's form, with its problem."""
    text = {name: value.strip() for name, value in cells.items()}
    digits = re.search(r"\d+", text["Zone"])
    zone = digits.group().zfill(3) if digits else ""
    mac = ":".join(re.findall("..", re.sub("[^0-9A-Fa-f]", "", text["MAC"]).upper()))
    device = {
        "external_device_id": f"{text['Customer #']}-{zone}",
        "device_type": "camera",
        "zone_number": zone,
        "name": text["Camera"],
        "mac": mac,
        "manufacturer": text["Make"],
        "model": text["Model"],
        "serial_number": text["Serial"],
    }
    site = {
        "external_site_id": text["Customer #"],
        "name": text["Name"],
        "timezone": ZONES.get(text["TZ"], text["TZ"]),
        "account_number": text["Acct"],
        "address1": text["Street"],
        "address2": text["City"],
    }
    problem = "required" if not zone else "mac" if mac and len(mac) != 17 else ""
    return {"row": number, "site": site, "device": device, "problem": problem}


def read(path: str) -> Iterator[Row]:
    """Yield each site, checked, with its cameras; one site's rows stand together."""
    accounts: set[str] = set()
    devices: set[str] = set()
    with Path(path).open(encoding="utf-8", newline="") as file:
        rows = (cleaned(number, cells) for number, cells in enumerate(csv.DictReader(file), start=2))
        for identity, cameras in groupby(rows, key=lambda row: row["site"]["external_site_id"]):
            found = list(cameras)
            site = found[0]["site"]
            for camera in found:
                key = camera["device"]["external_device_id"]
                if key in devices:
                    camera["problem"] = camera["problem"] or "duplicate_id"
                devices.add(key)
            wrong = [
                ("required", not identity or not site["name"]),
                ("timezone", site["timezone"] not in IANA),
                ("duplicate_account", site["account_number"] in accounts),
                ("conflict", any(camera["site"] != site for camera in found)),
            ]
            accounts.add(site["account_number"])
            problem = next((code for code, is_so in wrong if is_so), "")
            kept = [{name: camera[name] for name in ("row", "device", "problem")} for camera in found]
            yield {"site": site, "row": found[0]["row"], "problem": problem, "cameras": kept}


class Api:
    """The calls; every answer is kept in a file, and an outcome noted for each record."""

    def __init__(self) -> None:
        base = os.environ["CHEKT_BASE_URL"]
        self.root = f"{base}/partner/v1/dealers/{os.environ['CHEKT_DEALER_ID']}"
        self.session = requests.Client().session
        keys = {"client_id": os.environ["CHEKT_CLIENT_ID"], "client_secret": os.environ["CHEKT_CLIENT_SECRET"]}
        told = self.session.post(f"{base}/oauth/token", data={"grant_type": "client_credentials", **keys}, timeout=30)
        self.session.headers["Authorization"] = f"Bearer {told.json()['access_token']}"
        self.answers = Path("answers.jsonl").open("w", encoding="utf-8")  # noqa: SIM115 - open while the load runs
        self.outcomes: list[tuple[int, str, str, str, str, object]] = []
        self.made: dict[str, int] = {}
        self.known = self._known()

    def _known(self) -> set[str]:
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

    def create_site(self, item: Row) -> None:
        """Create a site, if it is good and new."""
        identity = item["site"]["external_site_id"]
        if item["problem"] or identity in self.known:
            state = "invalid" if item["problem"] else "skipped"
            self.outcomes.append((item["row"], "site", identity, state, item["problem"], None))
            return
        site = self.create("sites", {name: value for name, value in item["site"].items() if value})["site_id"]
        self.made[identity] = site
        self.outcomes.append((item["row"], "site", identity, "created", "", site))

    def create_devices(self, identity: str, cameras: list[Row]) -> None:
        """Create the good ones of a site's devices, if there is the site."""
        good = [camera for camera in cameras if not camera["problem"] and identity in self.made]
        for camera in cameras:
            if camera["problem"] or identity not in self.made:
                state = "invalid" if camera["problem"] else "blocked"
                key = camera["device"]["external_device_id"]
                self.outcomes.append((camera["row"], "device", key, state, camera["problem"], None))
        for start in range(0, len(good), BATCH):
            batch = good[start : start + BATCH]
            told = self.create(f"sites/{self.made[identity]}/devices", [camera["device"] for camera in batch])
            for camera, result in zip(batch, told["results"], strict=True):
                made, key = result["is_successful"], result["req"]["external_device_id"]
                state, code = ("created", "") if made else ("failed", result["error_message"])
                remote = result["res"]["device_id"] if made else None
                self.outcomes.append((camera["row"], "device", key, state, code, remote))

    def finish(self) -> None:
        """Write what became of the records."""
        self.answers.close()
        head = ["row", "record", "external_id", "outcome", "code", "remote_id"]
        bad = [outcome for outcome in self.outcomes if outcome[3] not in {"created", "skipped"}]
        for name, outcomes in (("outcomes.csv", self.outcomes), ("attention.csv", bad)):
            with Path(name).open("w", encoding="utf-8", newline="") as file:
                csv.writer(file).writerows([head, *outcomes])
        counts = Counter((record, outcome) for _, record, _, outcome, _, _ in self.outcomes)
        print(json.dumps([[*which, number] for which, number in sorted(counts.items())]))


def load(api: Api, items: Iterator[Row], *, table: str, batch: int) -> None:
    """Have dlt carry items to the API."""

    def partner_api(rows: list[Row], _: object) -> None:
        if table == "devices":
            for identity, cameras in groupby(rows, key=lambda row: row["external_site_id"]):
                api.create_devices(identity, list(cameras))
            return
        for row in rows:
            api.create_site(row)
            if "cameras" in row:
                api.create_devices(row["site"]["external_site_id"], row["cameras"])

    destination = dlt.destination(
        partner_api,
        batch_size=batch,
        loader_file_format="typed-jsonl",
        naming_convention="direct",
        skip_dlt_columns_and_tables=True,
        max_table_nesting=0,
    )
    pipeline = dlt.pipeline("migration", destination=destination, pipelines_dir="pipelines")
    pipeline.run(items, table_name=table).raise_on_failed_jobs()


def main() -> None:
    """Carry the inventory over."""
    path, way = sys.argv[1:]
    api = Api()
    if way == "nested":
        load(api, read(path), table="sites", batch=50)
    else:
        found = list(read(path))
        load(
            api, ({name: item[name] for name in ("site", "row", "problem")} for item in found), table="sites", batch=50
        )
        devices = (
            {"external_site_id": item["site"]["external_site_id"], **camera}
            for item in found
            for camera in item["cameras"]
        )
        load(api, devices, table="devices", batch=1000)
    api.finish()


if __name__ == "__main__":
    main()
