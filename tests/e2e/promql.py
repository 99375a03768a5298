"""Which series and labels a PromQL expression names. Enough for what is shipped here; whether it is PromQL at all, Prometheus says."""

import re
from dataclasses import dataclass, field

TOKEN = re.compile(r"""
    (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`) | (?P<range>\[[^\]]*\]) | (?P<name>[A-Za-z_:][\w:]*) | (?P<number>[\d.][\w.]*) |
    (?P<sign>=~|!~|!=|==|<=|>=|[-+*/%^<>=(){},@]) | (?P<space>\s+)""", re.X)
LISTS = {"by", "without", "on", "ignoring", "group_left", "group_right"}
WORDS = {"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"}


@dataclass
class Names:
    series: list = field(default_factory=list)  # (metric, labels its matchers name)
    labels: set = field(default_factory=set)    # of by (...), on (...) and the like


def tokens(expression):
    at, found = 0, []
    while at < len(expression):
        match = TOKEN.match(expression, at)
        if not match:
            raise ValueError(f"not PromQL from here: {expression[at:at + 30]!r}")
        at = match.end()
        if match.lastgroup != "space":
            found.append((match.lastgroup, match.group()))
    return found


def names(expression):
    found, said = Names(), tokens(expression)

    def is_sign(i, sign):
        return i < len(said) and said[i] == ("sign", sign)

    def closing(i, sign):
        while not is_sign(i, sign):
            if i >= len(said):
                raise ValueError(f"{sign} is missing: {expression}")
            i += 1
        return i

    i = 0
    while i < len(said):
        kind, word = said[i]
        i += 1
        if kind != "name" or word.lower() in WORDS:
            continue
        if word in LISTS:
            if is_sign(i, "("):
                end = closing(i, ")")
                found.labels |= {w for k, w in said[i:end] if k == "name"}
                i = end + 1
        elif not is_sign(i, "(") and not (i < len(said) and said[i][1] in ("by", "without")):  # else a function
            matched = set()
            if is_sign(i, "{"):
                end = closing(i, "}")
                matched = {w for k, w in said[i:end] if k == "name"}
                i = end + 1
            found.series.append((word, matched))
    return found
