"""Citizens who sign in to the portal: one with her initial password and the letter that proves her, one who
changed it, one past the last day, one whose number is misspelt in the register and who is at the counter."""

from shebaoka.demo.office.citizens import (
    CARD_PIN,
    CHANGED,
    CHOSEN,
    CLERK,
    INITIAL,
    LATE,
    MISSPELT,
    WRITTEN,
    Citizen,
    enrolled,
)
from shebaoka.demo.office.stage import OfficeStage
from shebaoka.demo.office.trials import Trial
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
from shebaoka.office.people.models import Person

CITY, OTHER = "980100", "990100"


def fill(stage: OfficeStage) -> None:
    """Their entries, codes, a changed password and an open case."""
    clerk, agency = stage.by(CITY, CLERK), stage.organization(CITY)
    first = enrolled(clerk, agency, INITIAL)
    letter = letter_code_make(clerk, person=first.pk)
    _told(stage, "initial", INITIAL, _initial(INITIAL), f"the letter that came with her card: {letter.code}")
    changed = enrolled(clerk, agency, CHANGED)
    code = activation_code_make(clerk, person=changed.pk)
    begun = recovery_begin(number=CHANGED.number)
    proof_give(begun.pk, proof=Proof.COUNTER, answer=code.code)
    password_choose(begun.pk, new=CHOSEN, told=True)
    _told(stage, "changed, with a card in use", CHANGED, CHOSEN, f"card and PIN {CARD_PIN} in the reader")
    late = Person.objects.get(number=LATE.number)
    code = activation_code_make(stage.by(OTHER, CLERK), person=late.pk)
    proof = f"card and PIN or the counter alone finish; its activation code: {code.code}"
    _told(stage, "initial, past the last day", LATE, _initial(LATE), proof)
    _at_the_counter(stage)


def _at_the_counter(stage: OfficeStage) -> None:
    clerk, agency = stage.by(CITY, CLERK), stage.organization(CITY)
    enrolled(clerk, agency, WRITTEN)
    seen = Seen(MISSPELT.number, MISSPELT.name, DocumentType(DocumentType.values[0]), MISSPELT.number)
    case = verification_open(clerk, agency=agency, seen=seen)
    verification_find(clerk, case=case.pk, cause=Cause.NUMBER, remark=f"登记为{WRITTEN.number}，两位数字颠倒")
    proof = f"no proof helps: the register has {WRITTEN.number}; case {case.number} is open at the desk"
    _told(stage, "must go to the counter", MISSPELT, _initial(MISSPELT), proof)


def _told(stage: OfficeStage, standing: str, citizen: Citizen, password: str, proof: str) -> None:
    """Said now, and again at the end."""
    stage.trials.append(Trial(standing, citizen.number, password, proof))
    stage.say(f"{standing}: {citizen.number}, password {password}")


def _initial(citizen: Citizen) -> str:
    return initial("id-last8", citizen.number)
