"""Issuing regions, their cases, reviews, evidence, test cards, and what they have produced."""

from shebaoka.office.approval.models.cases import Attachment, Case, Review, Statement
from shebaoka.office.approval.models.regions import Region, Suspension, Use
from shebaoka.office.approval.models.tests import CardReport, TestBatch, TestResult

__all__ = (
    "Attachment",
    "CardReport",
    "Case",
    "Region",
    "Review",
    "Statement",
    "Suspension",
    "TestBatch",
    "TestResult",
    "Use",
)
