"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.parameters import changes, rules, table

urlpatterns: list[URLPattern] = [
    path("", table.home, name="home"),
    path("<str:code>", table.body, name="body"),
    path("<str:code>/rules", rules.rules, name="rules"),
    path("<str:code>/rules/publish", changes.publish, name="publish"),
    path("<str:code>/rules/<int:number>", rules.version, name="version"),
    path("<str:code>/rules/<int:number>.pdf", rules.paper, name="paper"),
    path("<str:code>/key/<str:key>", table.parameter, name="parameter"),
    path("<str:code>/key/<str:key>/set", changes.set_value, name="set"),
    path("<str:code>/key/<str:key>/withdraw", changes.withdraw, name="withdraw"),
]
