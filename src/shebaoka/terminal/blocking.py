"""Card block (卡片锁定) and application block (应用锁定): both permanent (Part 7 §13.1-13.2)."""

from shebaoka.terminal import secure
from shebaoka.terminal.authentication import authenticate
from shebaoka.terminal.session import Session, select
from shebaoka.terminal.settings import BK, STK


def block_card(session: Session) -> None:
    """CARD BLOCK: proof of BK, MAC by STK. Every later command answers 6A81, for good.
    Raises KeySourceError or StatusWordError; the card is then as before."""
    select(session, "SSSE")
    authenticate(session, BK)
    secure.send_with_mac(session, b"\x84\x16\x00\x00", STK, "CARD BLOCK")
    session.proven.clear()


def block_application(session: Session, directory_id: str) -> None:
    """APPLICATION BLOCK of a directory: proof of its LK, or of BK where the catalogue has no LK
    (decision K29); MAC by the directory's STK. Raises as :func:`block_card`."""
    select(session, directory_id)
    lock = f"LK{directory_id}"
    authenticate(session, lock if lock in session.catalogue else BK)
    maintenance = STK if directory_id == "SSSE" else f"STK{directory_id}"
    secure.send_with_mac(session, b"\x84\x1e\x00\x01", maintenance, "APPLICATION BLOCK")
    session.proven.clear()
