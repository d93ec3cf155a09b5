"""Citizens who sign in to the portal: one with her initial password and the letter that proves her, one who
changed it, one past the last day, one whose name is misspelt and who is at the counter."""

from shebaoka.demo.office.citizens import CHANGED, CHOSEN, CLERK, INITIAL, LATE, MISSPELT, Citizen, enrolled
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.domain.enquiry_password import initial
from shebaoka.office.access.choices import Cause, Proof
from shebaoka.office.access.services import (
    Seen,
    activation_code_make,
    letter_code_make,
    password_choose,
    proof_give,
    recovery_begin,
    verification_find,
    verification_open,
)
from shebaoka.office.people.choices import DocumentType

CITY = "980100"


def fill(stage: OfficeStage) -> None:
    """Their entries, codes, a changed password and an open case."""
    clerk, agency = stage.by(CITY, CLERK), stage.organization(CITY)
    first = enrolled(clerk, agency, INITIAL)
    letter = letter_code_make(clerk, person=first.pk)
    stage.say(f"initial: {INITIAL.number}, password {_initial(INITIAL)}, code of her letter {letter.code}")
    changed = enrolled(clerk, agency, CHANGED)
    code = activation_code_make(clerk, person=changed.pk)
    begun = recovery_begin(number=CHANGED.number)
    proof_give(begun.pk, proof=Proof.COUNTER, answer=code.code)
    password_choose(begun.pk, new=CHOSEN, told=True)
    stage.say(f"changed: {CHANGED.number}, password {CHOSEN}")
    stage.say(f"past the last day: {LATE.number}, password {_initial(LATE)}: only card or counter finish")
    _at_the_counter(stage)


def _at_the_counter(stage: OfficeStage) -> None:
    clerk, agency = stage.by(CITY, CLERK), stage.organization(CITY)
    enrolled(clerk, agency, MISSPELT, name="周子川")
    seen = Seen(MISSPELT.number, MISSPELT.name, DocumentType(DocumentType.values[0]), MISSPELT.number)
    case = verification_open(clerk, agency=agency, seen=seen)
    verification_find(clerk, case=case.pk, cause=Cause.NAME, remark="登记的姓名与身份证不一致")
    stage.say(f"to the counter: {MISSPELT.number}, {case.number} is open at the desk")


def _initial(citizen: Citizen) -> str:
    return initial("id-last8", citizen.number)
