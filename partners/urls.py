from django.urls import URLPattern, path

from partners.views import fits, history, imports, listing, lists, organisations, owners, profiles

app_name = "partners"
urlpatterns: list[URLPattern] = [
    path("partners/", listing.partners, name="list"),
    path("partners/list.csv", listing.partners_csv, name="csv"),
    path("partners/owners/", owners.give, name="give"),
    path("partners/owners/<int:pk>/", owners.given, name="given"),
    path("partners/add/", organisations.add, name="add"),
    path("partners/<int:pk>/edit/", organisations.edit, name="edit"),
    path("partners/import/", imports.upload, name="import"),
    path("partners/import/<int:pk>/", imports.show, name="imported"),
    path("partners/import/<int:pk>/columns/", imports.columns, name="import_columns"),
    path("partners/import/<int:pk>/run/", imports.let_in, name="import_let_in"),
    path("partners/import/<int:pk>/again/", imports.again, name="import_again"),
    path("partners/import/<int:pk>/drop/", imports.drop, name="import_drop"),
    path("partners/import/<int:pk>/rejected.csv", imports.rejected, name="import_rejected"),
    path("partners/<int:pk>/fit/", fits.assess, name="fit"),
    path("events/<int:pk>/undo/", history.undo, name="undo"),
    path("settings/profile/", profiles.listing, name="profiles"),
    path("settings/profile/start/", profiles.start, name="profile_start"),
    path("settings/profile/<int:pk>/", profiles.show, name="profile"),
    path("settings/profile/<int:pk>/edit/", profiles.edit, name="profile_edit"),
    path("settings/profile/<int:pk>/publish/", profiles.publish, name="profile_publish"),
    path("settings/profile/<int:pk>/discard/", profiles.discard, name="profile_discard"),
    *lists.TYPES.urls(),
    *lists.END_REASONS.urls(),
    path("settings/lists/programmes/", lists.programmes, name="programmes"),
    path("settings/lists/programmes/<int:pk>/", lists.programme, name="programme"),
    path("settings/lists/programmes/<int:pk>/tiers/", lists.add_tier, name="add_tier"),
    path("settings/lists/tiers/<int:pk>/", lists.tier, name="tier"),
]
