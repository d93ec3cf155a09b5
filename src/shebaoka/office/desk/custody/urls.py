"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.custody import counting, files, home, papers, registers, single, third_parties
from shebaoka.office.desk.custody.proposals import views

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("places", registers.places, name="places"),
    path("hsms", registers.hsms, name="hsms"),
    path("hsms/<str:code>/<path:serial>", registers.hsm, name="hsm"),
    path("keys", registers.keys, name="keys"),
    path("keys/read", single.keys_read, name="keys-read"),
    path("keys/<str:key_id>", registers.key, name="key"),
    path("carriers", registers.carriers, name="carriers"),
    path("carriers/<str:serial>", registers.carrier, name="carrier"),
    path("carriers/<str:serial>/lose", single.lose, name="lose"),
    path("carriers/<str:serial>/damage", single.damage, name="damage"),
    path("carriers/<str:serial>/step", single.step, name="step"),
    path("movements", registers.movements, name="movements"),
    path("orders", files.orders, name="orders"),
    path("orders/<str:number>", files.order, name="order-page"),
    path("orders/<str:number>/refuse", single.order_refuse, name="order-refuse"),
    path("orders/<str:number>/pdf", papers.application, name="application-pdf"),
    path("send", counting.send, name="send"),
    path("dispatches", files.dispatches, name="dispatches"),
    path("dispatches/<str:number>", files.dispatch, name="dispatch"),
    path("dispatches/<str:number>/receive", counting.receive, name="receive"),
    path("dispatches/<str:number>/pdf", papers.memorandum, name="memorandum-pdf"),
    path("stock-takes", files.stock_takes, name="stock-takes"),
    path("stock-takes/count", counting.count, name="count"),
    path("destructions", files.destructions, name="destructions"),
    path("destructions/<str:number>/pdf", papers.destruction, name="destruction-pdf"),
    path("hand-overs", third_parties.hand_overs, name="hand-overs"),
    path("hand-overs/prepare", single.prepare, name="hand-over-prepare"),
    path("hand-overs/<str:number>", third_parties.hand_over, name="hand-over"),
    path("hand-overs/<str:number>/record", single.record, name="hand-over-record"),
    path("hand-overs/<str:number>/agreement", single.agree, name="hand-over-agreement"),
    path("hand-overs/<str:number>/plan", single.review, name="hand-over-plan"),
    path("hand-overs/<str:number>/supervision", single.supervise, name="hand-over-supervision"),
    path("hand-overs/<str:number>/release", counting.release, name="hand-over-release"),
    path("hand-overs/<str:number>/visit", single.visit, name="hand-over-visit"),
    path("hand-overs/<str:number>/return", counting.take_back, name="hand-over-return"),
    path("hand-overs/<str:number>/withdraw", single.withdraw, name="hand-over-withdraw"),
    path("hand-overs/<str:number>/pdf", papers.hand_over, name="hand-over-pdf"),
    path("hand-overs/<str:number>/agreement/pdf", papers.agreement, name="agreement-pdf"),
    path("ceremonies", files.ceremonies, name="ceremonies"),
    path("ceremonies/<str:number>", files.ceremony, name="ceremony"),
    path("ceremonies/<str:number>/end", single.ceremony_end, name="ceremony-end"),
    *(
        path(f"propose/{name}/<path:value>" if proposal.about else f"propose/{name}", view, name=name)
        for name, (proposal, view) in views().items()
    ),
    path("propose/place-close", views()["place-close"][1], name="place-close"),
]
