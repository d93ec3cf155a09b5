"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.acts import views

urlpatterns: list[URLPattern] = [
    path("", views.acts_page, name="home"),
    path("<uuid:id>", views.act_page, name="act"),
    path("<uuid:id>/proposed", views.proposed_page, name="proposed"),
    path("<uuid:id>/withdraw", views.withdraw, name="withdraw"),
]
