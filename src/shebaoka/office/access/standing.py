"""How a number stands towards the portal: whose it is, by which rules, and which initial password counts.

What is asked of the database does not depend on whether the number is anybody's."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shebaoka.domain.enquiry_password import InitialPassword, NoInitialPasswordError, initial
from shebaoka.domain.region_rules import RegionRules
from shebaoka.office.access.choices import State
from shebaoka.office.access.models import Account, Uniform
from shebaoka.office.base import clock
from shebaoka.office.organizations.choices import Kind
from shebaoka.office.organizations.models import Organization
from shebaoka.office.parameters.models import Setting
from shebaoka.office.parameters.region_rules import region_rules
from shebaoka.office.parameters.registry import known
from shebaoka.office.people.models import Person

_COMPUTED: tuple[InitialPassword, ...] = ("id-last8", "id-last6", "birth-date", "birth-date6")
_FIXED = "enquiry.fixed"


@dataclass(frozen=True, slots=True)
class Standing:
    """``person`` and ``account`` None when there is none; ``uniform``: the act that covers her."""

    number: str
    person: Person | None
    account: Account | None
    rules: RegionRules
    uniform: Uniform | None

    @property
    def initial(self) -> str:
        """Her initial password, empty when she has none or chose her own."""
        if self.person is None or not self.is_initial or self.uniform is None:
            return ""
        try:
            return initial(self.uniform.rule, self.number, self.rules.enquiry_fixed)  # type: ignore[arg-type]  # a column of text
        except NoInitialPasswordError:
            return ""

    @property
    def is_initial(self) -> bool:
        """Whether she never chose a password, or was taken back."""
        return self.account is None or self.account.state == State.INITIAL

    @property
    def due(self) -> date | None:
        """The last day on which the initial password serves with any proof, None without one."""
        if self.person is None or self.uniform is None:
            return None
        days = timedelta(days=self.rules.enquiry_change_days)
        reset = self.account.reset_at if self.account else None
        begun = max(self.uniform.since, day_of(self.person.enrolled_at), day_of(reset or self.uniform.at))
        if self.uniform.due is not None and begun == self.uniform.since:
            return self.uniform.due
        return begun + days


def standing(number: str) -> Standing:
    """Of a number as it was typed."""
    ministry = Organization.objects.get(kind=Kind.MINISTRY)
    person = (
        Person.objects.select_related("agency", "account")
        .filter(number=number, merged_into=None, died_on=None)
        .first()
    )
    place = person.agency if person else ministry
    account = getattr(person, "account", None) if person else None
    return Standing(number, person, account, region_rules(place), uniform_of(place))


def uniform_of(place: Organization) -> Uniform | None:
    """The act in force there: of the nearest body, the latest that has begun."""
    paths = above(place)
    found = Uniform.objects.select_related("organization").filter(
        organization__path__in=paths, since__lte=clock.today()
    )
    return found.order_by("-organization__path", "-since").first()


def above(place: Organization) -> list[str]:
    """The paths from the root to ``place``."""
    codes = place.path.rstrip("/").split("/")
    return ["/".join(codes[: end + 1]) + "/" for end in range(len(codes))]


def is_somebodys_initial(number: str, password: str) -> bool:
    """Whether the password is what some region's rule gives for the number, whoever's it is: then the next
    page follows, for everybody alike."""
    fixed = {str(value) for value in Setting.objects.filter(key=_FIXED).values_list("value", flat=True)}
    fixed.add(str(known()[_FIXED].value))
    return password in fixed or any(_gives(rule, number, password) for rule in _COMPUTED)


def _gives(rule: InitialPassword, number: str, password: str) -> bool:
    try:
        return initial(rule, number) == password
    except NoInitialPasswordError:
        return False


def day_of(time: datetime) -> date:
    """The day in China."""
    return time.astimezone(clock.CHINA).date()
