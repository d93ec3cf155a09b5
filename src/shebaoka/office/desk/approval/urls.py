"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.approval import cases, regions, reviewing, testing, writing

urlpatterns: list[URLPattern] = [
    path("", regions.home, name="home"),
    path("case/<uuid:pk>", cases.case, name="case"),
    path("case/<uuid:pk>.pdf", cases.paper, name="paper"),
    path("case/<uuid:pk>/plan", writing.plan, name="plan"),
    path("case/<uuid:pk>/item/<str:key>", writing.item, name="item"),
    path("case/<uuid:pk>/item/<str:key>/statement", writing.statement, name="statement"),
    path("case/<uuid:pk>/preparation.pdf", cases.preparation, name="preparation"),
    path("case/<uuid:pk>/submit", writing.submit, name="submit"),
    path("case/<uuid:pk>/withdraw", writing.withdraw, name="withdraw"),
    path("case/<uuid:pk>/begin", reviewing.begin, name="begin"),
    path("case/<uuid:pk>/review", reviewing.review, name="review"),
    path("file/<uuid:pk>", cases.file, name="file"),
    path("report/<uuid:pk>", cases.report, name="report"),
    path("batch/<uuid:pk>/attach", testing.attach, name="attach"),
    path("batch/<uuid:pk>/<str:form>.pdf", testing.paper, name="test-paper"),
    path("batch/<uuid:pk>/result", testing.result, name="result"),
    path("<str:code>", regions.region, name="region"),
    path("<str:code>/open", writing.begin, name="open"),
    path("<str:code>/change", writing.change, name="change"),
    path("<str:code>/start", reviewing.start, name="start"),
    path("<str:code>/suspend", reviewing.suspend, name="suspend"),
    path("<str:code>/resume", reviewing.resume, name="resume"),
    path("<str:code>/tests", testing.tests, name="tests"),
    path("<str:code>/tests/add", testing.add, name="batch-add"),
]
