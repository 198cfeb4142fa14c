from django.urls import path

from accounts.views import entry, own, people

app_name = "accounts"

urlpatterns = [
    path("set-up/", entry.set_up, name="set_up"),
    path("invitation/<str:token>/", entry.accept_invitation, name="accept_invitation"),
    path("carried/", entry.carried_over, name="carried"),
    path("me/", own.profile, name="profile"),
    path("me/end-other-sessions/", own.end_other_sessions, name="end_other_sessions"),
    path("me/stay/", own.stay, name="stay"),
    path("mails/stop/<str:token>/", own.stop_digest, name="stop_digest"),
    path("settings/", own.settings, name="settings"),
    path("settings/organisation/", own.organisation, name="organisation"),
    path("settings/audit/", own.audit, name="audit"),
    path("settings/people/", people.people, name="people"),
    path("settings/people/invite/", people.invite, name="invite"),
    path(
        "settings/people/invitations/<uuid:invitation_id>/withdraw/",
        people.withdraw_invitation,
        name="withdraw_invitation",
    ),
    path("settings/people/<uuid:user_id>/", people.seat, name="seat"),
    path("settings/people/<uuid:user_id>/switch/", people.switch, name="switch"),
    path("settings/teams/add/", people.add_team, name="add_team"),
]
