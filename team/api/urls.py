from prm.api.resources import routes
from team.api import lists, views

urlpatterns = routes(people=views.People, rates=views.Rates, regions=lists.Regions, verticals=lists.Verticals)
