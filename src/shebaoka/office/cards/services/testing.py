"""Test cards (测试卡): made in the real production before a region issues, and when supplier or product
change (M47 art. 12; R-06, R-10).

They go through the same approval of two persons, keys, blanks and records as any batch. Nobody holds one:
their data is of invented people, they are in no application, and count in no approved quantity."""

from collections.abc import Iterator

from shebaoka.domain.citizen_id import check_digit
from shebaoka.office.base.errors import Refusal
from shebaoka.office.cards.models import Batch
from shebaoka.office.cards.services.batches import batch_create
from shebaoka.office.cards.services.common import organization_of, product_of
from shebaoka.office.organizations.acts import Act, service
from shebaoka.personalization.mapping import NAME

MOST = 500
"""Cards of one batch: the invented numbers of one day of birth have room for 999."""
_HEAD = "98010119900101"
FIRST_ROW = 2


@service("cards.batch.form-test")
def batch_form_test(
    act: Act, *, organization: str, product: str, outlet: str, site: str, quantity: int
) -> Batch:
    """A batch of ``quantity`` test cards of a product, kept at ``outlet``. Raises Refusal
    ``cards.test-quantity``, ``cards.no-product``, ``cards.no-site``."""
    body = organization_of(organization)
    act.on(body)
    if not 1 <= quantity <= MOST:
        raise Refusal("cards.test-quantity", most=MOST)
    made_of, place = product_of(body, product), organization_of(outlet)
    if not body.contains(place):
        raise Refusal("base.not-found", what=outlet)
    made = batch_create(act, body, made_of, place, None, site, [], test=True, size=quantity)
    act.about(made, number=made.number, cards=quantity)
    return made


def invented(quantity: int) -> Iterator[tuple[int, dict[str, str]]]:
    """Rows of the list of a batch of test cards, with what stands on them."""
    for turn in range(quantity):
        head = f"{_HEAD}{turn + 1:03d}"
        number = head + check_digit(head)
        yield (
            turn + FIRST_ROW,
            {
                "SSSE.EF06.08": number,
                NAME: "测试卡",
                "SSSE.EF06.0A": "1" if int(number[16]) % 2 else "2",
                "SSSE.EF06.0B": "01",
                "SSSE.EF06.0D": number[6:14],
            },
        )
