"""``keys rotate|activate|retire|minimum|destroy``; killed (-9) at every write and every change of a token."""

import json

import pytest

from killed.moment import HSM, OWN, SDF, SOFT, SUITES, Moment
from killed.sweep import LONG, Sweep
from shebaoka.journal.verify import verify_file
from shebaoka.vault.lifecycle import ASKED, DONE, NOT_DONE

APPROVAL = (
    "--requester", "示例一", "--approver", "示例二", "--approver", "示例三", "--reason", "年度轮换",
    "--journal", "lives.jsonl",
)  # fmt: skip
ACTS = {
    "rotate": (("rotate",), "not activated yet"),
    "activate": (("activate", "-v", "2"), "active"),
    "retire": (("retire", "-v", "1"), "retired"),
    "minimum": (("minimum", "-v", "2"), "minimum"),
    "destroy": (("destroy", "-v", "1", "--yes"), "version 1"),
}
"""In this order. Why each is refused when it was done."""
SHORT = {SOFT: tuple(ACTS), HSM: ("rotate", "destroy"), SDF: ("rotate", "destroy")}


def lives(moment: Moment, name: str) -> list[object]:
    """States and minimums of the keys made here, and what remains of the destroyed ones."""
    told = json.loads(moment.house.ok("keys", "list", "--vault", name, "--json").out)
    keys = [(key["id"], key["state"], key["minimum"]) for key in told["keys"] if key["name"] == OWN]
    return [keys, [dead["id"] for dead in told["destroyed"]]]


def command(act: str, name: str) -> tuple[str, ...]:
    words = ("keys", *ACTS[act][0], "--vault", name, "-a", SUITES[name].label, "-k", OWN)
    return (*words, *APPROVAL)


@pytest.mark.parametrize("name", [SOFT, HSM, SDF])
def test_the_life_of_a_key(moment: Moment, name: str) -> None:
    """Done or not done, the chain says which, and what the interrupted act left open there is ended."""
    moment.needs(name)
    now = moment.copy("lives")
    book = 0
    for act, (_, refusal) in ACTS.items():
        if LONG or act in SHORT[name]:
            sweep = Sweep(now, command(act, name), lambda own: lives(own, name), {})
            for trial in sweep.done_or_not(refusal):
                acts = [
                    record.act for record in verify_file(trial.moment.folder / "lives.jsonl").records[book:]
                ]
                expected = [[ASKED, DONE]]
                if trial.found == sweep.before:
                    expected.append([ASKED, NOT_DONE, ASKED, DONE])
                assert acts in expected, trial
        now.house.ok(*command(act, name))
        book = len(verify_file(now.folder / "lives.jsonl").records)
    assert book == 2 * len(ACTS)
