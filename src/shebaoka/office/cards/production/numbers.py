"""The register of serials in the office's database (:class:`shebaoka.personalization.numbering.Numbers`).

Every reservation is a transaction of its own, before anything is made with its serials."""

from collections.abc import Iterable
from uuid import UUID

from shebaoka.office.base.records import writing
from shebaoka.office.cards.models import Reservation, Series
from shebaoka.personalization.errors import PersonalizationError
from shebaoka.personalization.numbering import LAST


class DatabaseNumbers:
    """Serials of the regions an issuer serves. Who has a card already is the register of cards' to say."""

    def reserve(self, batch: str, chunk: int, region: str, count: int) -> range:
        """``count`` serials for a chunk of a batch, the same ones whenever it is asked again; more of them:
        fresh ones. Raises PersonalizationError when the region has none left."""
        key = f"serial {region}"
        with writing("cards.numbers.reserve"):
            Series.objects.get_or_create(key=key)
            series = Series.objects.select_for_update(no_key=True).get(key=key)
            found = Reservation.objects.filter(batch=UUID(batch), chunk=chunk).first()
            if found is not None and found.region == region and found.count >= count:
                return range(found.first, found.first + count)
            first = series.last + 1
            if first + count - 1 > LAST:
                raise PersonalizationError(f"region {region} has no {count} serials left after {series.last}")
            series.last += count
            series.save(update_fields=["last"])
            Reservation.objects.update_or_create(
                batch=UUID(batch),
                chunk=chunk,
                defaults={"region": region, "first": first, "count": count},
            )
            return range(first, first + count)

    def issued_before(self, persons: Iterable[int], batch: str) -> set[int]:
        """Nobody: an application is taken only from who may have a card."""
        return set()

    def issue(self, persons: Iterable[int], batch: str) -> None:
        """Nothing: the cards themselves stand in the register."""

    def withdraw(self, batch: str) -> None:
        """Nothing."""
