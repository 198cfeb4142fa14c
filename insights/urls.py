from django.urls import path

from insights.views import importing, today

app_name = "insights"

urlpatterns = [
    path("today/", today.index, name="today"),
    path("response/import/", importing.import_page, name="import_history"),
]
