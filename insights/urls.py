from django.urls import path

from insights.views import health, importing, response, today

app_name = "insights"

urlpatterns = [
    path("today/", today.index, name="today"),
    path("settings/health/", health.index, name="health"),
    path("response/", response.index, name="response"),
    path("response/notices/", response.notices, name="response_notices"),
    path("response/table.csv", response.table, name="response_table"),
    path("response/import/", importing.import_page, name="import_history"),
    path("response/<slug:key>/", response.platform, name="response_platform"),
]
