from prm.api.resources import routes
from team.api import calendars, leaves, lists, notice_settings, notices, views

urlpatterns = routes(
    calendars=calendars.Calendars,
    calendar_days=calendars.CalendarDays,
    holidays=calendars.Holidays,
    leaves=leaves.Leaves,
    notice_settings=notice_settings.NoticeSettings,
    notices=notices.Notices,
    people=views.People,
    rates=views.Rates,
    regions=lists.Regions,
    verticals=lists.Verticals,
)
