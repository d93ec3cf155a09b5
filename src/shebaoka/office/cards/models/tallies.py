"""How many cards are in which state, counted in the background: a page never counts ten million cards."""

from django.db import models

from shebaoka.office.organizations.models import Organization


class Tally(models.Model):
    """Cards of a body at an outlet that are in the same states. ``age`` of those that lie at the outlet: 0
    for the first days, then as in ``selectors.dashboard``. No record of its own: made anew from the cards,
    without an act, and proved by them."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    outlet = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="+")
    social = models.CharField(max_length=1)
    plastic = models.CharField(max_length=10)
    age = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                "organization", "outlet", "social", "plastic", "age", name="card_tally_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.social} {self.plastic}: {self.count}"
