"""Chart: panels side by side with logarithmic axes, as an SVG that follows the reader's light or dark scheme."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from math import ceil, floor, log10

WIDTH, HEIGHT, MARGIN = 420, 340, {"left": 62, "right": 64, "top": 46, "bottom": 52}
STYLE = """
  svg { font: 13px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; }
  .page { fill: #ffffff; } .grid { stroke: #d8dee3; } .axis { stroke: #7b8790; }
  text { fill: #24343d; } .quiet { fill: #5a6870; } .even { stroke: #7b8790; stroke-dasharray: 3 4; }
  .s0 { stroke: #0b6e99; } .f0 { fill: #0b6e99; } .s1 { stroke: #b4530a; } .f1 { fill: #b4530a; }
  .line { fill: none; stroke-width: 2; }
  @media (prefers-color-scheme: dark) {
    .page { fill: #14191d; } .grid { stroke: #313a41; } .axis { stroke: #89959e; }
    text { fill: #e4e9ec; } .quiet { fill: #a3afb7; } .even { stroke: #89959e; }
    .s0 { stroke: #5cc2ee; } .f0 { fill: #5cc2ee; } .s1 { stroke: #f2a154; } .f1 { fill: #f2a154; }
  }
"""
_POWERS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


@dataclass(frozen=True, slots=True)
class Series:
    """A line: its name, and its points, all above 0."""

    name: str
    points: Sequence[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class _Axis:
    """Whole powers of ten from `low` to `high`, drawn from pixel `first` to `last`."""

    low: int
    high: int
    first: float
    last: float

    @classmethod
    def over(cls, values: Sequence[float], first: float, last: float) -> "_Axis":
        low, high = floor(log10(min(values))), ceil(log10(max(values)))
        return cls(low, max(high, low + 1), first, last)

    def at(self, value: float) -> float:
        share = (log10(value) - self.low) / (self.high - self.low)
        return round(self.first + share * (self.last - self.first), 1)

    def ticks(self) -> list[tuple[float, str]]:
        return [(self.at(10**power), _power(power)) for power in range(self.low, self.high + 1)]


def _power(power: int) -> str:
    if -2 <= power <= 3:
        return f"{10**power:,g}"
    return f"10{str(power).translate(_POWERS)}"


def chart(across: str, panels: Mapping[str, tuple[str, Sequence[Series]]]) -> str:
    """Return the SVG; `panels` is title → (unit, lines), `across` names the axis that all share."""
    width = WIDTH * len(panels)
    drawn = "\n".join(
        f'<g transform="translate({WIDTH * place} 0)">\n{_panel(title, unit, across, series)}\n</g>'
        for place, (title, (unit, series)) in enumerate(panels.items())
    )
    title = escape(f"{' and '.join(panels)} by {across}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {HEIGHT}" width="{width}" height="{HEIGHT}" '
        f'role="img" aria-label="{title}">\n<title>{title}</title>\n<style>{STYLE}</style>\n'
        f'<rect class="page" width="{width}" height="{HEIGHT}" rx="6"/>\n{drawn}\n</svg>\n'
    )


def _panel(title: str, unit: str, across: str, series: Sequence[Series]) -> str:
    points = [point for line in series for point in line.points]
    left, right = MARGIN["left"], WIDTH - MARGIN["right"]
    top, bottom = MARGIN["top"], HEIGHT - MARGIN["bottom"]
    x, y = _Axis.over([x for x, _ in points], left, right), _Axis.over([y for _, y in points], bottom, top)
    parts = [f'<text x="{left}" y="26" font-weight="600">{escape(title)}, {unit}</text>']
    parts.append(f'<text class="quiet" x="{right}" y="26" text-anchor="end">dashed: linear</text>')
    for place, label in y.ticks():
        parts.append(f'<line class="grid" x1="{left}" x2="{right}" y1="{place}" y2="{place}"/>')
        parts.append(f'<text class="quiet" x="{left - 8}" y="{place + 4}" text-anchor="end">{label}</text>')
    for place, label in x.ticks():
        parts.append(f'<line class="grid" x1="{place}" x2="{place}" y1="{top}" y2="{bottom}"/>')
        parts.append(f'<text class="quiet" x="{place}" y="{bottom + 18}" text-anchor="middle">{label}</text>')
    parts.append(f'<line class="axis" x1="{left}" x2="{right}" y1="{bottom}" y2="{bottom}"/>')
    middle = (left + right) / 2
    parts.append(f'<text class="quiet" x="{middle}" y="{HEIGHT - 14}" text-anchor="middle">{escape(across)}</text>')
    parts += [_linear(x, y, points)]
    names = _apart([(y.at(line.points[-1][1]), number) for number, line in enumerate(series) if line.points])
    for number, line in enumerate(series):
        path = " ".join(f"{x.at(across)},{y.at(up)}" for across, up in line.points)
        parts.append(f'<polyline class="line s{number}" points="{path}"/>')
        parts += [f'<circle class="f{number}" cx="{x.at(a)}" cy="{y.at(up)}" r="3.5"/>' for a, up in line.points]
        if line.points:
            end = x.at(line.points[-1][0]) + 9
            parts.append(f'<text class="f{number}" x="{end}" y="{names[number] + 4}">{escape(line.name)}</text>')
    return "\n".join(parts)


def _linear(x: _Axis, y: _Axis, points: Sequence[tuple[float, float]]) -> str:
    """Return a dashed line of slope 1 through the highest point, as far as it is on the panel."""
    across, up = max(points, key=lambda point: point[1])
    shift = log10(up) - log10(across)
    from_power = max(x.low, y.low - shift)
    ends = [(10**from_power, 10 ** (from_power + shift)), (across, up)]
    (x1, y1), (x2, y2) = ((x.at(a), y.at(b)) for a, b in ends)
    return f'<line class="even" x1="{x1}" y1="{y1}" x2="{x2}" y2="{y2}"><title>linear</title></line>'


def _apart(places: list[tuple[float, int]]) -> dict[int, float]:
    """Return where names stand, 16 pixels apart at least."""
    found: dict[int, float] = {}
    last = -100.0
    for place, number in sorted(places):
        last = max(place, last + 16)
        found[number] = last
    return found
