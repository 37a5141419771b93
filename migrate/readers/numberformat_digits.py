"""Numbers by digit placeholders: whole, decimal, thousands, percent, scientific, fractions; and the General format."""

from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

from migrate.readers.numberformat_tokens import Token

_DIGITS = Context(prec=15, rounding=ROUND_HALF_UP)
_EXACT = Context(prec=1_200, rounding=ROUND_HALF_UP)
_LONGEST_GENERAL = 20
_THOUSANDS = 3
_AS_GOOD_AS_WHOLE = Fraction(5, 10**8)


def general(value: float) -> str:
    """Return all digits of a number, up to 15, without an exponent unless it is beyond 20 places."""
    number = _DIGITS.create_decimal(repr(value)).normalize(_DIGITS)
    if number == 0:
        return "0"
    if abs(number.adjusted()) > _LONGEST_GENERAL:
        return f"{number:E}"
    return f"{number:f}"


def show_digits(tokens: Sequence[Token], value: float) -> str:
    """Return a number that is not negative as the placeholders of a format's section show it."""
    number = _DIGITS.create_decimal(repr(value))
    kinds = [token.kind for token in tokens]
    if "general" in kinds:
        return "".join(general(value) if token.kind == "general" else token.shown for token in tokens)
    number = number.scaleb(2 * kinds.count("percent"), _EXACT)
    if "exponent" in kinds:
        return _scientific(tokens, number, kinds.index("exponent"))
    slash = _fraction_bar(kinds)
    return _fraction(tokens, number, slash) if slash else _fixed(tokens, number)


def _fixed(tokens: Sequence[Token], number: Decimal) -> str:
    """Fill the whole places from the right, the decimal ones from the left; what stands between stays there."""
    point = next((at for at, token in enumerate(tokens) if token.kind == "point"), len(tokens))
    whole = [at for at, token in enumerate(tokens[:point]) if token.kind == "digit"]
    decimals = [at for at, token in enumerate(tokens) if at > point and token.kind == "digit"]
    number = number.scaleb(-_THOUSANDS * _scaling_commas(tokens, whole, decimals), _EXACT)
    digits = f"{number.quantize(Decimal(1).scaleb(-len(decimals)), context=_EXACT):f}"
    left, _, right = digits.partition(".")
    grouped = any(token.kind == "comma" for token in tokens[whole[0] : whole[-1]]) if whole else False
    filled = _fill_whole(tokens, whole, left.lstrip("0"), grouped=grouped)
    filled |= _fill_decimals(tokens, decimals, right)
    return "".join(filled.get(at, "" if token.kind == "comma" else token.shown) for at, token in enumerate(tokens))


def _scaling_commas(tokens: Sequence[Token], whole: list[int], decimals: list[int]) -> int:
    count = 0
    for last in {places[-1] for places in (whole, decimals) if places}:
        at = last + 1
        while at < len(tokens) and tokens[at].kind == "comma":
            count, at = count + 1, at + 1
    return count


def _fill_whole(tokens: Sequence[Token], places: list[int], digits: str, *, grouped: bool) -> dict[int, str]:
    filled: dict[int, str] = {}
    left = list(digits)
    count = 0
    for at in reversed(places):
        last = at == places[0]
        shown = ""
        while True:
            digit = left.pop() if left else {"0": "0", "?": " "}.get(tokens[at].text if not shown else "#", "")
            if digit and grouped and count and count % _THOUSANDS == 0:
                shown = (" " if digit == " " else ",") + shown
            count += bool(digit)
            shown = digit + shown
            if not (last and left):
                break
        filled[at] = shown
    return filled


def _fill_decimals(tokens: Sequence[Token], places: list[int], digits: str) -> dict[int, str]:
    significant = len(digits.rstrip("0"))
    return {
        at: digit if nth < significant or tokens[at].text == "0" else {"?": " "}.get(tokens[at].text, "")
        for nth, (at, digit) in enumerate(zip(places, digits, strict=False))
    }


def _scientific(tokens: Sequence[Token], number: Decimal, split: int) -> str:
    """Show a mantissa by the tokens before the `E`, whose whole places set the step of the exponent, then that."""
    mantissa, exponent_part = tokens[:split], tokens[split + 1 :]
    point = next((at for at, token in enumerate(mantissa) if token.kind == "point"), split)
    step = max(sum(token.kind == "digit" for token in mantissa[:point]), 1)
    decimals = sum(token.kind == "digit" for token in mantissa[point:])
    exponent = number.adjusted() // step * step if number else 0
    unit = Decimal(1).scaleb(-decimals)
    if number and number.scaleb(-exponent, _EXACT).quantize(unit, context=_EXACT) >= Decimal(1).scaleb(step):
        exponent += step
    sign = "-" if exponent < 0 else "+" if tokens[split].text.endswith("+") else ""
    shown = _fixed(mantissa, number.scaleb(-exponent, _EXACT))
    return shown + "E" + sign + _fixed(exponent_part, Decimal(abs(exponent)))


def _fraction_bar(kinds: list[str]) -> int | None:
    bars = [at for at, kind in enumerate(kinds) if kind == "slash" and "digit" in kinds[:at]]
    return bars[0] if bars else None


def _fraction(tokens: Sequence[Token], number: Decimal, slash: int) -> str:
    """Show `whole numerator/denominator`; the denominator is given, or the nearest one that has so many digits."""
    numerator = _run_before(tokens, slash)
    whole = [at for at, token in enumerate(tokens[: numerator[0]]) if token.kind == "digit"]
    after = [at for at in range(slash + 1, len(tokens)) if tokens[at].text.isdigit() or tokens[at].text in "#?"]
    given = "".join(tokens[at].text for at in after)
    exact = Fraction(number)
    units, rest = divmod(exact, 1) if whole else (0, exact)
    top, bottom = _nearest(rest, given)
    if whole and top == bottom:
        units, top = units + 1, 0
    ends = {"whole": whole, "numerator": numerator, "denominator": after}
    return _lay_out_fraction(tokens, ends, units=int(units), top=top, bottom=bottom)


def _run_before(tokens: Sequence[Token], end: int) -> list[int]:
    last = max(at for at in range(end) if tokens[at].kind == "digit")
    first = last
    while first and tokens[first - 1].kind == "digit":
        first -= 1
    return list(range(first, last + 1))


def _nearest(rest: Fraction, given: str) -> tuple[int, int]:
    if given.isdigit() and int(given):
        bottom = int(given)
        return int(rest * bottom + Fraction(1, 2)), bottom
    return _convergent(rest, limit=max(10 ** len(given) - 1, 1))


def _convergent(rest: Fraction, *, limit: int) -> tuple[int, int]:
    """Return the last convergent of the continued fraction whose denominator is within the limit, as Excel has it."""
    before, last, tail = (1, 0), (int(rest), 1), rest
    while (tail % 1) > _AS_GOOD_AS_WHOLE:
        tail = 1 / (tail % 1)
        following = (int(tail) * last[0] + before[0], int(tail) * last[1] + before[1])
        if following[1] > limit:
            break
        before, last = last, following
    return last


def _lay_out_fraction(
    tokens: Sequence[Token], places: dict[str, list[int]], *, units: int, top: int, bottom: int
) -> str:
    width = len(places["denominator"])
    nothing = bool(places["whole"]) and top == 0
    whole = _fill_whole(tokens, places["whole"], str(units) if units or nothing else "", grouped=False)
    numerator = _fill_whole(tokens, places["numerator"], str(top), grouped=False)
    shown = {**whole, **numerator, **dict.fromkeys(places["denominator"], "")}
    if places["denominator"]:
        shown[places["denominator"][0]] = str(bottom).ljust(width)
    text = "".join(shown.get(at, token.shown) for at, token in enumerate(tokens))
    if not nothing:
        return text
    return "".join(shown.get(at, token.shown) for at, token in enumerate(tokens[: places["numerator"][0]]))
