from django.urls import path

from insights.views import today

app_name = "insights"

urlpatterns = [
    path("today/", today.index, name="today"),
]
