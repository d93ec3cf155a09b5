"""The writers of cards."""

from shebaoka.office.cards.services.applications import (
    NewApplication,
    application_retry,
    application_take,
    application_withdraw,
)
from shebaoka.office.cards.services.batches import (
    Approval,
    CallingOff,
    batch_approve,
    batch_call_off,
    batch_deliver,
    batch_form,
    batch_pause,
    batch_resume,
    batch_start,
    batch_take_out,
)
from shebaoka.office.cards.services.blacklist import blacklist_publish
from shebaoka.office.cards.services.electronic import (
    electronic_close,
    electronic_open,
    electronic_qr,
    electronic_reset,
    electronic_verify,
)
from shebaoka.office.cards.services.ending import (
    Destruction,
    Ground,
    card_cancel,
    card_cancel_dead,
    card_recover,
    cards_destroy,
)
from shebaoka.office.cards.services.exchanging import (
    Format,
    bank_export,
    bank_import,
    site_export,
    site_import,
)
from shebaoka.office.cards.services.handing import bank_activate, card_activate, card_hand_out
from shebaoka.office.cards.services.instant import instant_bank_card, instant_begin, instant_start
from shebaoka.office.cards.services.lists import list_take
from shebaoka.office.cards.services.losing import (
    bank_close,
    bank_lose,
    bank_release,
    card_lock,
    card_unlock,
    loss_expire,
    loss_formal,
    loss_release,
    loss_temporary,
)
from shebaoka.office.cards.services.pins import PinService, pin_record
from shebaoka.office.cards.services.premade import batch_form_premade
from shebaoka.office.cards.services.premade_stock import (
    PremadeCount,
    PremadeMove,
    PremadeSpoil,
    premade_count,
    premade_move,
    premade_spoil,
)
from shebaoka.office.cards.services.products import OrderFields, product_record
from shebaoka.office.cards.services.recording import (
    batch_finish,
    batch_prepared,
    batch_trouble,
    cards_record,
    cards_register,
)
from shebaoka.office.cards.services.showing import card_shown, pin_verified
from shebaoka.office.cards.services.sites import NewSite, SiteClosing
from shebaoka.office.cards.services.stock import (
    Blanks,
    stock_count,
    stock_destroy,
    stock_receive,
    stock_spoil,
)
from shebaoka.office.cards.services.testing import batch_form_test
from shebaoka.office.cards.services.updating import block_queue, updates_queue, updates_record

__all__ = (
    "Approval",
    "Blanks",
    "CallingOff",
    "Destruction",
    "Format",
    "Ground",
    "NewApplication",
    "NewSite",
    "OrderFields",
    "PinService",
    "PremadeCount",
    "PremadeMove",
    "PremadeSpoil",
    "SiteClosing",
    "application_retry",
    "application_take",
    "application_withdraw",
    "bank_activate",
    "bank_close",
    "bank_export",
    "bank_import",
    "bank_lose",
    "bank_release",
    "batch_approve",
    "batch_call_off",
    "batch_deliver",
    "batch_finish",
    "batch_form",
    "batch_form_premade",
    "batch_form_test",
    "batch_pause",
    "batch_prepared",
    "batch_resume",
    "batch_start",
    "batch_take_out",
    "batch_trouble",
    "blacklist_publish",
    "block_queue",
    "card_activate",
    "card_cancel",
    "card_cancel_dead",
    "card_hand_out",
    "card_lock",
    "card_recover",
    "card_shown",
    "card_unlock",
    "cards_destroy",
    "cards_record",
    "cards_register",
    "electronic_close",
    "electronic_open",
    "electronic_qr",
    "electronic_reset",
    "electronic_verify",
    "instant_bank_card",
    "instant_begin",
    "instant_start",
    "list_take",
    "loss_expire",
    "loss_formal",
    "loss_release",
    "loss_temporary",
    "pin_record",
    "pin_verified",
    "premade_count",
    "premade_move",
    "premade_spoil",
    "product_record",
    "site_export",
    "site_import",
    "stock_count",
    "stock_destroy",
    "stock_receive",
    "stock_spoil",
    "updates_queue",
    "updates_record",
)
