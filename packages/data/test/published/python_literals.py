"""Writes python-literals.golden.json: literals as Python prints them, and what they are in JSON.

python3 test/published/python_literals.py (Python 3.11; texts of Python 2 written by hand below)
"""
import json
import pathlib
import random

random.seed(1)
alphabet = ["a", "'", '"', "\\", "\n", "\t", "\r", "é", "漢", "😀", "\x00", "\x7f", "\u2028", " ", "{", ",", ":"]


def text():
    return "".join(random.choice(alphabet) for _ in range(random.randrange(8)))


def value(depth=0):
    kind = random.randrange(8 if depth < 3 else 5)
    if kind == 0:
        return text()
    if kind == 1:
        return random.choice([0, -7, 12, 9007199254740991, 0.5, -1e-7, 1e22, 3.0])
    if kind == 2:
        return random.choice([True, False, None])
    if kind in (3, 4):
        return text()
    if kind == 5:
        return [value(depth + 1) for _ in range(random.randrange(4))]
    if kind == 6:
        return tuple(value(depth + 1) for _ in range(random.randrange(3)))
    return {text(): value(depth + 1) for _ in range(random.randrange(4))}


cases = []
for _ in range(150):
    made = value()
    cases.append([repr(made), json.loads(json.dumps(made))])
    cases.append([ascii(made), json.loads(json.dumps(made))])
cases += [
    ["{u'username': u'Gar\\xe7on', u'hours': 0.1}", {"username": "Garçon", "hours": 0.1}],
    ["[u'\\u2603', 12L, 'it\\'s']", ["☃", 12, "it's"]],
    ["12345678901234567890", "12345678901234567890"],
    [" { 'a' : ( 1 , ) , } ", {"a": [1]}],
]
path = pathlib.Path(__file__).with_name("python-literals.golden.json")
path.write_text(json.dumps(cases, indent=1, ensure_ascii=True) + "\n")
