"""Test cards made in the real production environment, and their three results (M47 art. 12, R-15)."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from shebaoka.office.approval.choices import ResultKind
from shebaoka.office.approval.models.cases import Case
from shebaoka.office.approval.models.moves import final
from shebaoka.office.base.records import Record, noted


class TestBatch(Record):
    """Test cards of a case, made with its production parameters. ``cards``: how many; ``key_versions``: of
    the keys on them."""

    __test__ = False

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="batches")
    number = models.PositiveSmallIntegerField()
    cards = models.PositiveSmallIntegerField(_("cards"))
    site = models.CharField(_("production site"), max_length=200)
    made_on = models.DateField(_("made on"))
    key_versions = models.CharField(_("key versions"), max_length=120, blank=True, default="")
    at = models.DateTimeField()

    class Meta(Record.Meta):
        db_table = "approval_test_batch"
        constraints = [
            models.UniqueConstraint("case", "number", name="approval_test_batch_once"),
            models.CheckConstraint(name="approval_test_batch_cards", condition=Q(cards__gt=0)),
        ]
        triggers = [noted(), final("a batch of test cards")]


class CardReport(Record):
    """The report of ``shebaoka card check`` on one of them, kept under its SHA-256."""

    batch = models.ForeignKey(TestBatch, on_delete=models.PROTECT, related_name="reports")
    name = models.CharField(max_length=120)
    sha256 = models.CharField(max_length=64)
    passed = models.BooleanField()
    checked = models.PositiveIntegerField(help_text="findings that were tested")
    failures = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta(Record.Meta):
        db_table = "approval_card_report"
        constraints = [
            models.UniqueConstraint("batch", "sha256", name="approval_card_report_once"),
            models.CheckConstraint(
                name="approval_card_report_passed",
                condition=Q(passed=True, failures=0) | Q(passed=False),
            ),
        ]
        triggers = [noted(), final("a card report")]


class TestResult(Record):
    """A result that the ministry's body gives: its report number and day."""

    __test__ = False

    batch = models.ForeignKey(TestBatch, on_delete=models.PROTECT, related_name="results")
    test = models.CharField(_("test"), max_length=12, choices=ResultKind)
    passed = models.BooleanField(_("passed"))
    report = models.CharField(_("report number"), max_length=80)
    reported_on = models.DateField(_("day of the report"))
    remark = models.CharField(_("remark"), max_length=400, blank=True, default="")
    at = models.DateTimeField()

    class Meta(Record.Meta):
        db_table = "approval_test_result"
        constraints = [
            models.UniqueConstraint("batch", "test", name="approval_test_result_once"),
            models.CheckConstraint(name="approval_test_result_report", condition=~Q(report="")),
            models.CheckConstraint(name="approval_test_result_test", condition=Q(test__in=ResultKind.values)),
        ]
        triggers = [noted(), final("a test result")]
