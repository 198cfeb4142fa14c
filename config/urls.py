from django.conf import settings
from django.urls import include, path
from django.views.generic import RedirectView

from config import cover, help, views

urlpatterns = [
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("", RedirectView.as_view(pattern_name="insights:today"), name="root"),
    path("cover/", cover.cover, name="cover"),
    path("cover/open/", cover.uncover, name="uncover"),
    path("help/", help.index, name="help"),
    path("help/<slug:slug>/", help.topic, name="help_topic"),
    path("accounts/", include("accounts.sign_in_urls")),
    path("", include("accounts.urls")),
    path("", include("platforms.urls")),
    path("", include("cases.urls")),
    path("", include("notices.urls")),
    path("", include("insights.urls")),
]

if settings.DEBUG:
    urlpatterns.append(path("", include("config.styleguide")))

handler400 = "config.views.bad_request"
handler403 = "config.views.not_found"
handler404 = "config.views.not_found"
handler500 = "config.views.failed"
