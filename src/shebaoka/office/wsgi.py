"""The application as a WSGI server calls it."""

import gc
import os

from django.core.wsgi import get_wsgi_application

from shebaoka.office.server.orphans import leave_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shebaoka.office.settings")
leave_with_parent()
application = get_wsgi_application()
# What is loaded by now stays; looking for garbage in it again and again is a tenth of the time of pages.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 50)
