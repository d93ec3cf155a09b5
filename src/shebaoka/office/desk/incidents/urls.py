"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.incidents import (
    affected,
    begin,
    course,
    grading,
    home,
    knowing,
    papers,
    reports,
    show,
)

urlpatterns: list[URLPattern] = [
    path("", home.home, name="home"),
    path("report", begin.begin, name="begin"),
    path("reports/<uuid:id>", reports.made, name="made"),
    path("reports/<uuid:id>/received", reports.received, name="received"),
    path("reports/<uuid:id>/letter.pdf", papers.letter, name="letter"),
    path("<str:number>", show.incident, name="incident"),
    path("<str:number>/reported", begin.reported, name="reported"),
    path("<str:number>/form.pdf", papers.form, name="form"),
    path("<str:number>/log", course.entry, name="entry"),
    path("<str:number>/cause", course.cause, name="cause"),
    path("<str:number>/affected", course.affected, name="affected"),
    path("<str:number>/affects", affected.affects, name="affects"),
    path("<str:number>/compute", course.compute, name="compute"),
    path("<str:number>/rotation", course.rotation, name="rotation"),
    path("<str:number>/level", grading.level, name="level"),
    path("<str:number>/secrecy", grading.secrecy, name="secrecy"),
    path("<str:number>/secrecy/lower", grading.lower, name="lower"),
    path("<str:number>/confirm", grading.confirm, name="confirm"),
    path("<str:number>/dismiss", grading.dismiss, name="dismiss"),
    path("<str:number>/close", grading.close, name="close"),
    path("<str:number>/readers", knowing.add, name="reader-add"),
    path("<str:number>/readers/<str:staff>/remove", knowing.remove, name="reader-remove"),
]
