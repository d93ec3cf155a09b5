"""The writers of custody."""

from shebaoka.office.custody.key_lines import KeyLine, lines_of
from shebaoka.office.custody.services.alarms import alarms_raise
from shebaoka.office.custody.services.carriers import (
    Finding,
    Numbering,
    Pairing,
    Storing,
    carrier_damage,
    carrier_find,
    carrier_lose,
    carrier_store,
    carriers_number,
    carriers_pair,
)
from shebaoka.office.custody.services.ceremonies import PlannedCeremony, ceremony_end, ceremony_plan
from shebaoka.office.custody.services.destructions import (
    DestroyedCarriers,
    carriers_destroy,
    destruction_attach,
)
from shebaoka.office.custody.services.dispatches import (
    ArrivedCarrier,
    Receiving,
    Sending,
    SentCarrier,
    dispatch_receive,
    dispatch_send,
)
from shebaoka.office.custody.services.distribution import Application, order_refuse, order_submit
from shebaoka.office.custody.services.envelopes import (
    EnvelopeOrder,
    NewEnvelope,
    Resealing,
    envelope_deposit,
    envelope_open,
    envelope_reseal,
)
from shebaoka.office.custody.services.handovers import (
    Entrusted,
    Release,
    Return,
    SealBack,
    hand_over_agree,
    hand_over_prepare,
    hand_over_record,
    hand_over_release,
    hand_over_return,
    hand_over_review,
    hand_over_supervise,
    hand_over_visit,
    hand_over_withdraw,
)
from shebaoka.office.custody.services.hsms import (
    Conformity,
    HsmKeeping,
    NewCertificate,
    NewHsm,
    hsm_add,
    hsm_certify,
    hsm_conform,
    hsm_keep,
)
from shebaoka.office.custody.services.keepers import (
    Inventoried,
    KeeperHandOver,
    KeeperNews,
    NewKeeper,
    keeper_appoint,
    keeper_change,
    keeper_train,
    keeper_update,
)
from shebaoka.office.custody.services.keys import keys_read
from shebaoka.office.custody.services.movements import (
    BringingBack,
    TakingOut,
    carrier_bring_back,
    carrier_take_out,
    movement_step,
)
from shebaoka.office.custody.services.places import NewPlace, PlaceClosing, place_add, place_close
from shebaoka.office.custody.services.settling import ceremony_settle
from shebaoka.office.custody.services.sittings import (
    ceremony_answer,
    ceremony_letters,
    ceremony_open,
    ceremony_stop,
)
from shebaoka.office.custody.services.stock import Count, Counted, Explained, stock_take_record
from shebaoka.office.custody.services.visits import room_enter, room_leave

__all__ = (
    "Application", "ArrivedCarrier", "BringingBack", "Conformity", "Count", "Counted",
    "DestroyedCarriers", "Entrusted", "EnvelopeOrder", "Explained", "Finding", "HsmKeeping",
    "Inventoried", "KeeperHandOver", "KeeperNews", "KeyLine", "NewCertificate", "NewEnvelope", "NewHsm",
    "NewKeeper", "NewPlace", "Numbering", "Pairing", "PlaceClosing", "PlannedCeremony", "Receiving",
    "Release", "Resealing", "Return", "SealBack", "Sending", "SentCarrier", "Storing", "TakingOut",
    "alarms_raise", "carrier_bring_back", "carrier_damage", "carrier_find", "carrier_lose",
    "carrier_store", "carrier_take_out", "carriers_destroy", "carriers_number", "carriers_pair",
    "ceremony_answer", "ceremony_end", "ceremony_letters", "ceremony_open", "ceremony_plan",
    "ceremony_settle", "ceremony_stop", "destruction_attach", "dispatch_receive", "dispatch_send",
    "envelope_deposit", "envelope_open", "envelope_reseal", "hand_over_agree", "hand_over_prepare",
    "hand_over_record", "hand_over_release", "hand_over_return", "hand_over_review",
    "hand_over_supervise", "hand_over_visit", "hand_over_withdraw", "hsm_add", "hsm_certify",
    "hsm_conform", "hsm_keep", "keeper_appoint", "keeper_change", "keeper_train", "keeper_update",
    "keys_read", "lines_of", "movement_step", "order_refuse", "order_submit", "place_add", "place_close",
    "room_enter", "room_leave", "stock_take_record",
)  # fmt: skip
