import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
application = get_wsgi_application()

from config.warming import warm  # noqa: E402 - it needs the apps, which the line above loaded

warm()
