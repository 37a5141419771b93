"""Goal 10 with answers that take 20 ms, as a server behind the Internet has it: `python -m benchmarks.far`.

The same as `benchmarks.end_to_end` otherwise; what is judged is the time on the clock. The peers send one request after
the other, as they do unless somebody writes more than that.
"""

from benchmarks.end_to_end import AGAINST, carried_over, middle, peers_parser
from benchmarks.measure import Spread, cpu_s, figures, ratio, wall_s
from benchmarks.results import Result, show

ANSWER_MS = 20
FAR = [line for line in AGAINST if line[1] in {"pandas xlsx", "dlt nested"}]


def main() -> None:
    """Measure and print how many times faster the tool is."""
    args = peers_parser(__doc__).parse_args()
    used, setting = carried_over(args, [name for line in FAR for name in line[1:3]], answer_ms=ANSWER_MS)
    results = []
    for what, peer, ours, least in FAR:
        times = ratio(wall_s, used[peer], used[ours])
        facts = {"wall_s": middle(wall_s, used[ours]), "peer_wall_s": middle(wall_s, used[peer]), "ratio": times.middle}
        results.append(
            Result(
                10,
                f"end to end, answers take {ANSWER_MS} ms, against {what}: time on the clock",
                f"{Spread.of(figures(wall_s, used[ours])).shown(1, 's')}, CPU {middle(cpu_s, used[ours]):.1f} s",
                f"{Spread.of(figures(wall_s, used[peer])).shown(1, 's')}, CPU {middle(cpu_s, used[peer]):.1f} s",
                times.middle,
                f"{times.shown(1)} x faster",
                least=least,
                facts=facts,
            )
        )
    show(results, setting=setting, as_json=args.json)


if __name__ == "__main__":
    main()
