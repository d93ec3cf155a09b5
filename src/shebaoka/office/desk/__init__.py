"""The pages of the desk: server-rendered, one thing a page, in three languages, without need of a script.

Each part of the office has its pages in ``desk/<part>/``, a Django application of its own (label
``desk_<part>``, listed in ``settings.DESK``): ``urls.py``, modules of views and forms,
``templates/desk/<part>/``, ``locale/``. ``desk/organizations`` is the model. Pages ask selectors and
services; no rule lives in a view or a template.

A view is a function behind :func:`~shebaoka.office.desk.access.desk`::

    @desk()                                     # a page to read, for whoever is signed in
    def tree(request: DeskRequest) -> HttpResponse:
        table = Table(_("Organizations"), [Column(_("Code")), ...], rows)   # base.pieces
        return render(request, "desk/organizations/tree.html", {"table": table})

    @desk("custody.carrier.receive")            # who may do the act; asks for a staff session first
    def receive(request: DeskRequest) -> HttpResponse: ...

``request.actor`` is the :class:`~shebaoka.office.organizations.actor.Actor`, limited to her subtree by the
selectors. A :class:`~shebaoka.office.base.errors.Refusal` a view lets through becomes its page, with the
status of ``errors.toml``.

**Pieces** (``base.pieces``: Tag, Code, Link, Task, TaskList, Row, Summary, Column, Table, Panel, Notice)
render themselves: a view makes the value, the template says ``{{ table }}``. A tag's tone is plain, good,
busy, warn or bad and only adds to its word. Cells are texts, numbers, dates, times, pieces; the first names
the row. A table under a heading that says the same has ``hide_caption=True``. Long lists:
``base.paging.page_of``.

**Templates** extend ``desk/page.html``::

    {% extends "desk/page.html" %}{% load i18n office %}
    {% block title %}{% translate "Organizations" %}{% endblock %}      every page has its own
    {% block before %}<a class="back" href="...">{% translate "Back" %}</a>{% endblock %}
    {% block main %}<h1>{% translate "Organizations" %}</h1>{{ table }}{% endblock %}

There is one ``h1``; no inline style or script (the content security policy refuses both). Classes of
``base/static/base/office.css``: button (second, danger), buttons, hint, lede, code, filter, tree, unseen.
``desk/form.html`` (form, title; text, above, note, button, back) shows a form and needs no template of its
own; ``desk/confirmation.html`` (panel; next, links) ends a flow.

**A form** is an ``OfficeForm`` with labels and hints; widgets are chosen for it, and errors stand at the
field and in a summary that links to it. What the service refuses is shown there too::

    form = ReceiveForm.of(request)                                    # empty, or the answers and files sent
    made = attempt(form, lambda answers: carrier_receive(request.actor, **answers))
    if made is not None:
        messages.success(request, _("The carrier is received."))
        return redirect("desk:custody:carrier", made.pk)              # always a redirect after an act
    page = {"form": form, "title": _("Receive a carrier")}
    return render(request, "desk/form.html", page, status=form.status)

**A form is done once.** ``{% load desk %}`` and ``{% once %}`` beside ``{% csrf_token %}`` (the shared
templates have it) give it a token; sent twice, by a double click or after *back*, it does its act the first
time and shows that result the second. A page whose answers are secrets, or whose services do more than write
to the database (a vault, a process), says ``@desk(..., once=False)``.

**Questions with a check of the answers** before the act (``base.steps``), several pages or one::

    return ask(request, [Step("place", _("Where it belongs"), PlaceForm), Step("name", _("Name"), NameForm)],
               finish, title=_("Add an organization"), context={"back": reverse("desk:organizations:tree")})

``finish(answers)`` calls the service, or :func:`~shebaoka.office.desk.acts.proposing.proposed` for an act
of two persons, and gives the redirect.

**An act of two persons** is proposed by its own page and checked on the pages of ``desk.acts``, which show
its content in words: ``payloads.toml`` of ``desk/<part>`` has the name of every field in three languages
(``["custody.hsm.add"]`` with ``serial = { zh, en, es }``); a test fails for one that is missing.

**Menu and start page**: in ``AppConfig.ready`` of ``desk/<part>`` call
``navigation.register(Section(_("Keys and carriers"), "desk:custody:home", order=40))`` and, for what waits
for a person, ``navigation.register_waiting(function_of_actor_giving_Tasks)``.

**Texts** are English in the code (``gettext``; ``gettext_lazy`` outside of functions), translated in the
part's own ``locale/``: ``python -m shebaoka.office.base.messages update desk/custody`` (takes over what
other parts say already), fill in both ``django.po``, ``... compile desk/custody``; ``... check`` is part of
the tests. All catalogues are one for Django: a text has the same translation everywhere, and a word with
two meanings is told apart by ``pgettext`` (``pgettext_lazy("person", "Name")``, ``{% translate "Name"
context "person" %}``). Names of acts, roles and errors come from their TOML files by themselves.

**Tests**: ``office.pages`` signs a client in as anybody of the invented country; ``tests/browser`` opens
pages in Chromium and looks at them with axe, without scripts, and with a keyboard."""
