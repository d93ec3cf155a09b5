"""States of an issuing region and of its cases, and the moves between them (R-06, M47 art. 5-12, P20)."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class State(models.TextChoices):
    """Where an issuing region stands."""

    DRAFT = "draft", _("Draft")
    CITY_SUBMITTED = "city_submitted", _("Submitted to the province")
    PROVINCE_REVIEW = "province_review", _("First review by the province")
    MINISTRY_REVIEW = "ministry_review", _("Review by the ministry")
    APPROVED = "approved", _("Approved")
    KEYS_RECEIVED = "keys_received", _("Keys received")
    PSAMS_RECEIVED = "psams_received", _("PSAM cards received")
    TEST_PASSED = "test_passed", _("Test passed")
    ISSUING = "issuing", _("Issuing")
    CHANGE_PENDING = "change_pending", _("Change under review")
    SUSPENDED = "suspended", _("Suspended")


S = State
MOVES: dict[State, frozenset[State]] = {
    S.DRAFT: frozenset({S.CITY_SUBMITTED, S.MINISTRY_REVIEW}),
    S.CITY_SUBMITTED: frozenset({S.PROVINCE_REVIEW}),
    S.PROVINCE_REVIEW: frozenset({S.MINISTRY_REVIEW, S.DRAFT}),
    S.MINISTRY_REVIEW: frozenset({S.APPROVED, S.DRAFT}),
    S.APPROVED: frozenset({S.KEYS_RECEIVED}),
    S.KEYS_RECEIVED: frozenset({S.PSAMS_RECEIVED}),
    S.PSAMS_RECEIVED: frozenset({S.TEST_PASSED}),
    S.TEST_PASSED: frozenset({S.ISSUING}),
    S.ISSUING: frozenset({S.CHANGE_PENDING, S.SUSPENDED}),
    # a change of product or supplier is tested again before it is issued (M47 art. 12)
    S.CHANGE_PENDING: frozenset({S.ISSUING, S.PSAMS_RECEIVED, S.SUSPENDED}),
    S.SUSPENDED: frozenset({S.ISSUING, S.CHANGE_PENDING}),
}


class Kind(models.TextChoices):
    """What a case asks for (M47 art. 7, 8)."""

    REGISTRATION = "registration", _("Registration")
    RE_APPROVAL = "re_approval", _("Re-approval of a change")
    FILING = "filing", _("Filing of a change")


class Stage(models.TextChoices):
    """Where a case stands."""

    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted to the province")
    PROVINCE_REVIEW = "province_review", _("First review by the province")
    MINISTRY_REVIEW = "ministry_review", _("Review by the ministry")
    APPROVED = "approved", _("Approved")
    WITHDRAWN = "withdrawn", _("Taken back")


STAGE_MOVES: dict[Stage, frozenset[Stage]] = {
    Stage.DRAFT: frozenset({Stage.SUBMITTED, Stage.MINISTRY_REVIEW, Stage.WITHDRAWN}),
    Stage.SUBMITTED: frozenset({Stage.PROVINCE_REVIEW}),
    Stage.PROVINCE_REVIEW: frozenset({Stage.MINISTRY_REVIEW, Stage.DRAFT}),
    Stage.MINISTRY_REVIEW: frozenset({Stage.APPROVED, Stage.DRAFT}),
    Stage.APPROVED: frozenset(),
    Stage.WITHDRAWN: frozenset(),
}
CLOSED = (Stage.APPROVED, Stage.WITHDRAWN)


class ResultKind(models.TextChoices):
    """The three results of test cards (M47 art. 12)."""

    CONFORMITY = "conformity", _("Conformity to the standard")
    SECURITY = "security", _("Security")
    UNIVERSALITY = "universality", _("Use in other regions")
