"""The application as a WSGI server calls it."""

import os

from django.core.wsgi import get_wsgi_application

from shebaoka.office.server.orphans import leave_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shebaoka.office.settings")
leave_with_parent()
application = get_wsgi_application()
