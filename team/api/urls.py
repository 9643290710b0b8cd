from prm.api.resources import routes
from team.api import calendars, leaves, lists, notices, views

urlpatterns = routes(
    calendars=calendars.Calendars,
    calendar_days=calendars.CalendarDays,
    holidays=calendars.Holidays,
    leaves=leaves.Leaves,
    notices=notices.Notices,
    people=views.People,
    rates=views.Rates,
    regions=lists.Regions,
    verticals=lists.Verticals,
)
