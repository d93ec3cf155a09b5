"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.enquiry import (
    corrections,
    handing,
    home,
    leaks,
    mandates,
    receipt,
    reminders,
    uniform,
    verifying,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("attacks", home.attacks, name="attacks"),
    path("attacks/incident", home.incident, name="incident"),
    path("leak/new", leaks.open_leak, name="leak-open"),
    path("leak/<str:number>", leaks.leak, name="leak"),
    path("leak/<str:number>/decide", leaks.decide, name="decide"),
    path("correction/<uuid:pk>", corrections.correction, name="correction"),
    path("mandate/new", mandates.record, name="mandate-record"),
    path("mandate/<uuid:pk>", mandates.mandate, name="mandate"),
    path("mandate/<uuid:pk>/withdraw", mandates.withdraw, name="mandate-withdraw"),
    path("reminders.csv", reminders.reminders, name="reminders"),
    path("unserved.csv", reminders.unserved, name="unserved"),
    path("case/<uuid:pk>/receipt", receipt.receipt, name="receipt"),
    path("hand-out", handing.find, name="hand-out-find"),
    path("hand-out/<uuid:pk>", handing.hand_out, name="hand-out"),
    path("hand-out/<uuid:pk>/notice", handing.notice, name="hand-out-notice"),
    path("hand-out/<uuid:pk>/letter", handing.letter, name="hand-out-letter"),
    path("uniform", uniform.uniform, name="uniform"),
    path("case/new", verifying.open_case, name="open"),
    path("case/<uuid:pk>", verifying.case, name="case"),
    path("case/<uuid:pk>/cause", verifying.cause, name="cause"),
    path("case/<uuid:pk>/code", verifying.code, name="code"),
    path("case/<uuid:pk>/sign-out", verifying.end_sessions, name="end-sessions"),
    path("case/<uuid:pk>/settle", verifying.settle, name="settle"),
    path("case/<uuid:pk>/reset", verifying.reset, name="reset"),
]
