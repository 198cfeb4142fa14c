from django.urls import path

from platforms import views

app_name = "platforms"

urlpatterns = [
    path("platforms/", views.index, name="index"),
    path("platforms/<slug:key>/", views.detail, name="detail"),
    path("platforms/channels/<slug:key>/edit/", views.propose_edit, name="propose_edit"),
    path("platforms/edits/<uuid:edit_id>/confirm/", views.confirm_edit, name="confirm_edit"),
    path("platforms/edits/<uuid:edit_id>/discard/", views.discard_edit, name="discard_edit"),
    path("platforms/troubles/<uuid:trouble_id>/clear/", views.clear_trouble, name="clear_trouble"),
]
