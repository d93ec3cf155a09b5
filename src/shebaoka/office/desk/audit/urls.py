"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.audit import chains, files, record

urlpatterns: list[URLPattern] = [
    path("", record.home, name="home"),
    path("row/<str:chain>/<int:sequence>", record.row, name="row"),
    path("chains", chains.chains, name="chains"),
    path("chains/verify", chains.verify, name="verify"),
    path("bypasses", chains.bypasses, name="bypasses"),
    path("export", files.export_file, name="export"),
]
