"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.rules import bodies, documents, drafts, drills, yearly

urlpatterns: list[URLPattern] = [
    path("", bodies.home, name="home"),
    path("documents/<uuid:id>", documents.document, name="document"),
    path("documents/<uuid:id>.pdf", documents.paper, name="paper"),
    path("documents/<uuid:id>/edit", drafts.edit, name="edit"),
    path("documents/<uuid:id>/discard", drafts.discard, name="discard"),
    path("documents/<uuid:id>/approve", documents.approve, name="approve"),
    path("documents/<uuid:id>/withdraw", documents.withdraw, name="withdraw"),
    path("documents/<uuid:id>/acknowledge", documents.acknowledge, name="acknowledge"),
    path("drills/<uuid:id>.pdf", drills.paper, name="drill-paper"),
    path("audits/<uuid:id>.pdf", yearly.audit_paper, name="audit-paper"),
    path("restore-tests/<uuid:id>.pdf", yearly.restore_paper, name="restore-paper"),
    path("files/<uuid:id>", yearly.file, name="yearly-file"),
    path("<str:code>", bodies.body, name="body"),
    path("<str:code>/audit", yearly.audit, name="audit"),
    path("<str:code>/restore", yearly.restore, name="restore"),
    path("<str:code>/drill", drills.record, name="drill"),
    path("<str:code>/draft/<str:kind>", drafts.draft, name="draft"),
]
