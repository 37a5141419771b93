"""Pages to look into: their elements, their text, what runs in them."""

from dataclasses import replace
from html.parser import HTMLParser
from io import BytesIO
from typing import Any

from report_runs import report

from migrate.report.page import write_page
from migrate.report.run_report import RunReport
from migrate.report.write import count


class Page(HTMLParser):
    """The elements of a page, its scripts, styles and visible text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.inside: list[str] = []
        self.raw: dict[str, list[str]] = {"script": [], "style": []}
        self.text = ""
        self.controls: list[tuple[str, str]] = []
        self._choices: dict[str, list[str]] = {}
        self._select = ""
        self._label = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag in self.raw:
            self.raw[tag].append("")
        self.inside.append(tag)
        given = dict(attrs)
        if tag in {"button", "input", "select"}:
            self.controls.append((tag, "" if tag == "button" else self._label))
        if tag == "select":
            self._select = given.get("name") or ""
        if tag == "option":
            self._choices.setdefault(self._select, []).append("")
        if tag in {"td", "th"}:
            self.text += " "
        if tag == "label":
            self._label = ""

    def handle_endtag(self, tag: str) -> None:
        while self.inside and self.inside.pop() != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.inside and self.inside[-1] in self.raw:
            self.raw[self.inside[-1]][-1] += data
        else:
            self.text += data
            self._name(data)

    def _name(self, data: str) -> None:
        """Take `data` as part of the name of the label, button or option that it stands in."""
        if "option" in self.inside:
            self._choices[self._select][-1] += data
        elif "label" in self.inside:
            self._label += data
        elif "button" in self.inside:
            kind, name = self.controls[-1]
            self.controls[-1] = (kind, name + data)

    def options(self, name: str) -> list[str]:
        """Return what the first select of that name lets choose."""
        return self._choices[name]

    @property
    def shape(self) -> list[str]:
        return [tag for tag, _ in self.elements]


def page_of(run: RunReport) -> Page:
    """Return the page of `run`."""
    handle = BytesIO()
    write_page(handle, run)
    return Page(handle.getvalue().decode())


def counted(*args: Any, **more: Any) -> RunReport:
    """Return a run whose facts are counted from its frames."""
    run = report(*args, **more)
    return replace(run, facts=count(run))
