"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.enquiry import home, reminders, uniform, verifying

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("attacks", home.attacks, name="attacks"),
    path("reminders.csv", reminders.reminders, name="reminders"),
    path("uniform", uniform.uniform, name="uniform"),
    path("case/new", verifying.open_case, name="open"),
    path("case/<uuid:pk>", verifying.case, name="case"),
    path("case/<uuid:pk>/cause", verifying.cause, name="cause"),
    path("case/<uuid:pk>/code", verifying.code, name="code"),
    path("case/<uuid:pk>/settle", verifying.settle, name="settle"),
    path("case/<uuid:pk>/reset", verifying.reset, name="reset"),
]
