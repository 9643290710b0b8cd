from django.urls import path

from team.views import company, hook, invitation, keys, lists, mail, me, notices, people, settings, told

app_name = "team"
urlpatterns = [
    path("notices/", notices.notices_page, name="notices"),
    path("notices/read/", notices.read_all, name="read_all_notices"),
    path("notices/<int:pk>/read/", notices.read_notice, name="read_notice"),
    path("notices/<int:pk>/snooze/", notices.snooze, name="snooze_notice"),
    path("notices/<int:pk>/wake/", notices.wake, name="wake_notice"),
    path("invitations/<str:token>/", invitation.accept, name="accept_invitation"),
    path("keys/", keys.keys, name="keys"),
    path("theme/", me.theme, name="theme"),
    path("settings/", settings.settings, name="settings"),
    path("settings/me/", me.me, name="me"),
    path("settings/me/notices/", told.told, name="told"),
    path("settings/me/notices/times/", told.times, name="told_times"),
    path("settings/me/notices/ways/", told.ways, name="told_ways"),
    path("settings/me/leave/", me.add_leave, name="add_leave"),
    path("settings/me/leave/<int:pk>/remove/", me.remove_leave, name="remove_leave"),
    path("settings/company/", company.company, name="company"),
    path("settings/people/", people.people_page, name="people"),
    path("settings/people/<int:pk>/", people.person, name="person"),
    path("settings/people/<int:pk>/deactivate/", people.deactivate, name="deactivate"),
    path("settings/people/<int:pk>/reactivate/", people.reactivate, name="reactivate"),
    path("settings/invitations/<int:pk>/resend/", people.resend, name="resend_invitation"),
    path("settings/invitations/<int:pk>/withdraw/", people.withdraw, name="withdraw_invitation"),
    path("settings/mail/", mail.mails, name="mails"),
    path("settings/mail/<int:pk>/", mail.mail, name="mail"),
    path("settings/mail/addresses/<int:pk>/lift/", mail.lift, name="lift_address"),
    path("settings/hook/", hook.hook, name="hook"),
    path("settings/hook/try/", hook.try_hook, name="try_hook"),
    path("settings/hook/secret/", hook.renew_secret, name="renew_hook_secret"),
    path("settings/hook/off/", hook.switch_off, name="switch_off_hook"),
    path("settings/lists/", lists.all_lists, name="lists"),
    *lists.REGIONS.urls(),
    *lists.VERTICALS.urls(),
]
