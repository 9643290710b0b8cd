from partners.api import coverage, fits, imports, links, lists, memberships, profiles, views
from prm.api.resources import routes

urlpatterns = routes(
    partners=views.Partners,
    contacts=views.Contacts,
    assignments=views.Assignments,
    memberships=memberships.Memberships,
    links=links.Links,
    visits=views.Visits,
    profiles=profiles.Profiles,
    fits=fits.Fits,
    tiers=fits.Tiers,
    imports=imports.Imports,
    import_rows=imports.Lines,
    partner_types=lists.PartnerTypes,
    programmes=lists.Programmes,
    sources=lists.Sources,
    end_reasons=lists.EndReasons,
    segments=coverage.Segments,
)
