"""The table of acts one person makes and others check."""

import pgtrigger
from django.db import models
from django.db.models import F, Q

from shebaoka.office.base.records import Record, noted
from shebaoka.office.organizations.choices import Decision
from shebaoka.office.organizations.models.staff import Staff
from shebaoka.office.organizations.models.tree import Organization


class TwoPersonAct(Record):
    """An act one person makes and others, as many as it needs, check: never the maker, never one twice.

    ``payload`` is what the handler of the act gets; ``digest`` its SHA-256, which the checkers saw."""

    act = models.CharField(max_length=80)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT)
    subject = models.CharField(max_length=120, blank=True)
    payload = models.JSONField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=400, blank=True)
    needs = models.PositiveSmallIntegerField(default=1)
    maker = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="made_acts")
    made_at = models.DateTimeField()
    checker = models.ForeignKey(Staff, null=True, on_delete=models.PROTECT, related_name="checked_acts")
    second_checker = models.ForeignKey(
        Staff, null=True, on_delete=models.PROTECT, related_name="second_checked_acts"
    )
    decision = models.CharField(max_length=10, choices=Decision, default=Decision.WAITING)
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(max_length=400, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="two_person_act_maker_is_no_checker",
                condition=(Q(checker=None) | ~Q(checker=F("maker")))
                & (Q(second_checker=None) | ~Q(second_checker=F("maker"))),
            ),
            models.CheckConstraint(
                name="two_person_act_checkers_differ",
                condition=Q(second_checker=None) | (~Q(checker=None) & ~Q(checker=F("second_checker"))),
            ),
            models.CheckConstraint(name="two_person_act_needs", condition=Q(needs__in=(1, 2))),
            models.CheckConstraint(
                name="two_person_act_done_is_checked",
                condition=~Q(decision=Decision.DONE)
                | Q(needs=1) & ~Q(checker=None)
                | Q(needs=2) & ~Q(second_checker=None),
            ),
            models.CheckConstraint(
                name="two_person_act_decided_at",
                condition=Q(decision=Decision.WAITING, decided_at=None)
                | ~Q(decision=Decision.WAITING) & ~Q(decided_at=None),
            ),
        ]
        triggers = [
            noted(),
            pgtrigger.Trigger(
                name="settled",
                when=pgtrigger.Before,
                operation=pgtrigger.Update | pgtrigger.Delete,
                func="""
                IF TG_OP = 'DELETE' THEN
                    RAISE EXCEPTION 'an act of two persons is never removed';
                END IF;
                IF OLD.decision <> 'waiting' THEN
                    RAISE EXCEPTION 'act % is decided already', OLD.id;
                END IF;
                IF (NEW.act, NEW.maker_id, NEW.payload, NEW.digest, NEW.needs, NEW.organization_id,
                    NEW.made_at)
                    IS DISTINCT FROM
                   (OLD.act, OLD.maker_id, OLD.payload, OLD.digest, OLD.needs, OLD.organization_id,
                    OLD.made_at)
                THEN
                    RAISE EXCEPTION 'act % keeps its maker and its content', OLD.id;
                END IF;
                IF OLD.checker_id IS NOT NULL AND NEW.checker_id IS DISTINCT FROM OLD.checker_id THEN
                    RAISE EXCEPTION 'act % keeps its first checker', OLD.id;
                END IF;
                RETURN NEW;
                """,
            ),
        ]
