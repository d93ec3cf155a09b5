"""PSAMs and carriers: made, loaded, wiped, erased, given another PIN; killed (-9) at every write."""

from killed.moment import NEW_PIN, PIN, Moment
from killed.sweep import FEW, Sweep
from shebaoka.chip.store import load_image
from shebaoka.chip.values import KEY, PIN_TRIES, State
from shebaoka.psam.wipe import WIPED
from shebaoka.vault.card_records import read_card_records
from shebaoka.vault.contents import Act

MINISTRY = ("--vault", "ministry.vault")
MOTHER, MOTHER_SERIAL = "98-mother.chip", "9900000000000981"


def state(image: str, moment: Moment) -> State:
    """Of a chip; empty when there is none."""
    path = moment.folder / image
    return dict(load_image(path).state) if path.exists() else {}


def recorded(moment: Moment, serial: str) -> list[Act]:
    """What the ministry's journal says of a card. A record whose writing was interrupted is none: the next
    writer takes it away."""
    path = moment.folder / "ministry.carried"
    whole = moment.folder / "ministry.whole"
    whole.write_bytes(path.read_bytes()[: path.read_bytes().rfind(b"\n") + 1])
    return [act for act, contents in read_card_records(whole) if contents.serial == serial]


def test_a_psam_is_made(moment: Moment) -> None:
    number = "980100000002"
    make = ("psam", "make", "new.psam", "--terminal", number, *MINISTRY)
    sweep = Sweep(moment, make, lambda own: state("new.psam", own), {})
    for trial in sweep.done_or_not("exists already"):
        acts = recorded(trial.moment, number)
        assert acts == [Act.FILLING, Act.FILLED][: len(acts)] != [], trial.place
        assert len(acts) == 2 or trial.again.code, (
            trial.place
        )  # the image is there: loading it ends the record
        trial.moment.house.ok("psam", "load", *MINISTRY, "--psam", "new.psam")
        assert recorded(trial.moment, number)[-1] is Act.FILLED, trial.place


def test_a_psam_is_loaded(moment: Moment) -> None:
    """Key by key: each is there or not, and loading goes on where it was interrupted."""
    load = ("psam", "load", *MINISTRY, "--psam", "made.psam")
    sweep = Sweep(moment, load, lambda own: state("made.psam", own), {})
    counts = []
    for trial in sweep.trials():
        for address, value in trial.found.items():
            assert value in (sweep.before.get(address), sweep.after.get(address)), (trial.place, address)
        assert trial.again.code == 0, trial
        assert trial.then == sweep.after, trial.place
        acts = recorded(trial.moment, "980100000001")
        assert acts.count(Act.FILLING) == acts.count(Act.FILLED), trial.place
        assert acts[-1] is Act.FILLED, trial.place
        counts.append(sum(address[0] == KEY for address in trial.found))
    assert counts == sorted(counts)
    assert len(set(counts)) >= FEW


def test_a_psam_is_wiped(moment: Moment) -> None:
    wipe = ("psam", "wipe", *MINISTRY, "--psam", "loaded.psam", "--yes")
    sweep = Sweep(moment, wipe, lambda own: state("loaded.psam", own), {})
    assert WIPED in sweep.after
    for trial in sweep.done_or_not():
        assert recorded(trial.moment, "980100000001")[-1] is Act.EMPTIED, trial.place
        assert recorded(trial.moment, "980100000001").count(Act.EMPTIED) == 1, trial.place


def test_a_carrier_is_erased(moment: Moment) -> None:
    erase = ("carriers", "erase", *MINISTRY, "--image", MOTHER)
    sweep = Sweep(moment, erase, lambda own: state(MOTHER, own), {})
    book = len(recorded(moment, MOTHER_SERIAL))
    for trial in sweep.done_or_not():
        acts = recorded(trial.moment, MOTHER_SERIAL)[book:]
        assert acts == [Act.ERASING, Act.EMPTIED], trial.place


def test_a_pin_is_changed(moment: Moment) -> None:
    """Once it was changed, the old one is wrong: the repeated command says so, and costs a try."""
    change = ("carriers", "pin", "--image", MOTHER)
    tries = (PIN_TRIES, 0, 0, 0)

    def look(own: Moment) -> State:
        return {address: value for address, value in state(MOTHER, own).items() if address != tries}

    sweep = Sweep(moment, change, look, {"SHEBAOKA_PIN": PIN, "SHEBAOKA_NEW_PIN": NEW_PIN})
    back = {"SHEBAOKA_PIN": NEW_PIN, "SHEBAOKA_NEW_PIN": PIN}
    for trial in sweep.done_or_not("wrong; 2 tries left"):
        assert state(MOTHER, trial.moment)[tries] == (2 if trial.again.code else 3), trial.place
        trial.moment.house.ok(*change, **back)
        assert state(MOTHER, trial.moment) == state(MOTHER, moment)
