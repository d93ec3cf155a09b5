"""Where each page is."""

from django.urls import URLPattern, path

from shebaoka.office.desk.people import changing, enrolling, loads, moving, national, person, search, together

urlpatterns: list[URLPattern] = [
    path("", search.home, name="home"),
    path("elsewhere", search.elsewhere, name="elsewhere"),
    path("enroll", enrolling.enroll, name="enroll"),
    path("employer", changing.employer, name="employer"),
    path("lists", loads.loads, name="loads"),
    path("lists/<uuid:pk>", loads.load, name="load"),
    path("duplicates", together.duplicates, name="duplicates"),
    path("duplicates/<uuid:pk>", together.duplicate, name="duplicate"),
    path("duplicates/<uuid:pk>/settle", together.settle, name="settle"),
    path("moves", moving.moves, name="moves"),
    path("moves/ask", moving.ask_move, name="ask-move"),
    path("moves/<uuid:pk>", moving.move, name="move"),
    path("moves/<uuid:pk>/release", moving.release, name="release"),
    path("moves/<uuid:pk>/refuse", moving.refuse, name="refuse-move"),
    path("moves/<uuid:pk>/withdraw", moving.withdraw, name="withdraw-move"),
    path("national", national.national, name="national"),
    path("national/<uuid:pk>", national.settle, name="difference"),
    path("files/<uuid:pk>", person.file, name="file"),
    path("<uuid:pk>", person.person, name="person"),
    path("<uuid:pk>/purpose", person.purpose, name="purpose"),
    path("<uuid:pk>/photo.jpg", person.photo, name="photo"),
    path("<uuid:pk>/sheet.pdf", person.sheet, name="sheet"),
    path("<uuid:pk>/contact", changing.contact, name="contact"),
    path("<uuid:pk>/guardian", changing.guardian, name="guardian"),
    path("<uuid:pk>/photo", changing.photo_keep, name="photo-keep"),
    path("<uuid:pk>/evidence", changing.evidence, name="evidence"),
    path("<uuid:pk>/death", changing.death, name="death"),
    path("<uuid:pk>/employment", changing.employment, name="employment"),
    path("<uuid:pk>/chip-name", changing.chip_name, name="chip-name"),
    path("<uuid:pk>/facts", changing.facts, name="facts"),
    path("<uuid:pk>/facts/<str:subject>", changing.fact, name="fact"),
    path("<uuid:pk>/correct", together.correct, name="correct"),
]
