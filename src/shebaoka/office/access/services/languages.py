"""The language a holder chose: of her pages on whichever device, of messages and codes."""

from shebaoka.office.access.models import Account, PortalSession
from shebaoka.office.access.services.common import noted
from shebaoka.office.base.records import writing

CHOOSE = "access.language.choose"


def language_choose(session: PortalSession, language: str) -> None:
    """``language``: one of the office's, as its settings name it."""
    with writing(CHOOSE):
        account = Account.objects.select_for_update().filter(person=session.person).first()
        if account is not None and account.language != language:
            account.language = language
            account.save(update_fields=["language"])
            noted(CHOOSE, session.person, account, language=language)
