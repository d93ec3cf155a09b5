"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.cards import applying, batching, card, chips, exchanging, home, life, lists, stock

_CARD = {
    "hand-out": life.hand_out,
    "activate": life.activate,
    "bank-activate": life.bank_activate,
    "loss-temporary": life.loss_temporary,
    "loss-formal": life.loss_formal,
    "release": life.release,
    "lock": life.lock,
    "unlock": life.unlock,
    "bank-lose": life.bank_lose,
    "bank-release": life.bank_release,
    "bank-close": life.bank_close,
    "cancel": life.cancel,
    "recover": life.recover,
    "block": life.block,
    "sync": chips.sync,
    "compare": chips.compare,
    "pin": chips.pin,
}
_BATCH = {
    "take-out": batching.take_out,
    "approve": batching.approve,
    "call-off": batching.call_off,
    "start": batching.start,
    "pause": batching.pause,
    "resume": batching.resume,
    "deliver": batching.deliver,
    "export-bank": exchanging.export_bank,
    "import-bank": exchanging.import_bank,
    "export-site": exchanging.export_site,
    "import-site": exchanging.import_site,
}

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("card/<uuid:id>", card.card, name="card"),
    path("card/<uuid:id>/receipt/<int:step>.pdf", card.receipt, name="receipt"),
    *(path(f"card/<uuid:id>/{name}", view, name=name) for name, view in _CARD.items()),
    path("apply", applying.apply, name="apply"),
    path("apply/<uuid:person>", applying.take, name="take"),
    path("applications", applying.applications, name="applications"),
    path("applications/<str:number>", applying.application, name="application"),
    path("applications/<str:number>/withdraw", applying.withdraw, name="withdraw"),
    path("applications/<str:number>/retry", applying.retry, name="retry"),
    path("applications/<str:number>/instant", applying.instant, name="instant"),
    path("lists", lists.lists, name="lists"),
    path("lists/take", lists.list_take, name="list-take"),
    path("lists/<uuid:id>", lists.list_report, name="list"),
    path("batches", batching.batches, name="batches"),
    path("batches/form", batching.batch_form, name="batch-form"),
    path("batches/<str:number>", batching.batch, name="batch"),
    *(path(f"batches/<str:number>/{name}", view, name=name) for name, view in _BATCH.items()),
    path("stock", stock.stock, name="stock"),
    path("stock/receive", stock.receive, name="stock-receive"),
    path("stock/spoil", stock.spoil, name="stock-spoil"),
    path("stock/destroy", stock.destroy, name="stock-destroy"),
    path("stock/<uuid:id>/count", stock.count, name="count"),
    path("blacklist", stock.blacklist, name="blacklist"),
    path("blacklist/publish", stock.publish, name="blacklist-publish"),
    path("blacklist/<uuid:id>", stock.blacklist_file, name="blacklist-file"),
]
