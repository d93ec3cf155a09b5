"""The office of the demonstration: filled by services, as its staff would, then served.

A filler is a module of this folder with one function ``fill(stage: OfficeStage) -> None`` and a line in
``fillers.py``, where the fillers stand in the order they run in. It is imported after Django was set up, so
it imports models and services at its top like any other part of the office; nothing else of the
demonstration imports it::

    def fill(stage: OfficeStage) -> None:
        city = stage.organization("980100")
        clerk, leader = stage.by("980100", "issuing-clerk"), stage.by("980100", "leader")
        stage.agree("cards.batch.order", NewBatch(...), clerk, leader)  # proposed, then checked by others
        batch_receive(clerk, organization=city, ...)                    # an act of one person
        stage.say("980100: one batch of 4 cards ordered and received")  # printed below the step's title

* ``stage.demo`` is the stage of the steps before: vaults, journeys of keys, PSAMs, cards (``demo.stage``).
* Who acts is invented, in ``demo/data/staff.toml``: a new role gets its people there (``sign_in = true`` for
  those that are to have a password and an authenticator, which costs 0.2 s each).
* ``with stage.days_ago(12, hour=9): ...`` lets it happen then. Fillers go forward in time: the office is
  founded 40 days ago, then come rules and approval, and from custody on (whose keys are made by the steps
  before) everything happens now.
* It adds up: keep a filler under two seconds, with a few rows of every state worth looking at.
* Everything is invented and TEST_ONLY; passwords and secrets of authenticators are in ``sign-ins.json`` of
  the demonstration's own folder (0600) and nowhere else.
"""
