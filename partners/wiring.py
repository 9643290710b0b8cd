"""What this app tells the mechanisms below it. Calls only."""

from django.urls import reverse

from partners import (
    assignments,
    contacts,
    fits,
    given,
    history,
    links,
    memberships,
    merging,
    moving,
    organisations,
    profile_events,
    profiles,
    ratings,
    repointing,
    sample_fits,
    samples,
)
from partners.coverage import samples as coverage_samples
from partners.coverage import wanting
from partners.importing import PartnerImporter, planning, writing
from prm import importing, jobs, references, sweeper
from prm import samples as sample_company
from team import notices, settings_pages

sample_company.register(20, "partners", samples.make)
sample_company.register(25, "fits", sample_fits.make)
sample_company.register(26, "coverage", coverage_samples.make)

notices.register(
    given.KIND, True, "Somebody gave it to you.", given.still_theirs, name="A partner is given to you"
)

references.register("partner", "partners.Partner")
references.register(
    "contact",
    "partners.Contact",
    url=lambda contact: reverse("partners:contact", args=[contact.pk]),
)

history.register("partner_added", lambda event: "added it", "plus")
history.register(
    "partner_changed",
    lambda event: f"changed it: {event.note}",
    "pencil",
    undo=organisations.take_back_change,
)

history.register(
    "owner_changed",
    lambda event: f"changed the owner: {event.note}",
    "user-check",
    undo=assignments.take_back_owner,
)
history.register(
    "owners_changed",
    lambda event: f"gave {len(event.changes['done'])} partners to {event.note}",
    "user-check",
    undo=assignments.take_back_owners,
)
history.register("owners_given_back", lambda event: f"gave {event.note} back", "user-check")
history.register(
    "assigned", lambda event: f"assigned {event.note}", "user-plus", undo=assignments.take_back_assignment
)
history.register("assignment_ended", lambda event: f"ended the assignment of {event.note}", "user-minus")

history.register(
    "contact_added", lambda event: f"added {event.note}", "user-plus", undo=contacts.take_back_adding
)
history.register(
    "contact_changed", lambda event: f"changed {event.note}", "user-edit", undo=contacts.take_back_change
)
history.register(
    "contact_made_primary",
    lambda event: f"changed the primary contact: {event.note}",
    "star",
    undo=contacts.take_back_primary,
)
history.register(
    "contact_left",
    lambda event: f"recorded that a contact left: {event.note}",
    "logout",
    undo=contacts.take_back_leaving,
)
history.register(
    "contact_withdrawn",
    lambda event: f"withdrew a contact: {event.note}",
    "eraser",
    undo=contacts.take_back_leaving,
)
history.register("contact_came_back", lambda event: f"brought {event.note} back", "user-plus")

history.register(
    "membership_joined",
    lambda event: f"entered it into {event.note}",
    "certificate",
    undo=memberships.take_back_joining,
)
history.register(
    "membership_changed",
    lambda event: f"changed its membership of {event.note}",
    "certificate",
    undo=memberships.take_back_change,
)
history.register(
    "membership_made_main",
    lambda event: f"changed the main membership: {event.note}",
    "certificate",
    undo=memberships.take_back_main,
)
history.register(
    "membership_ended",
    lambda event: f"ended its membership of {event.note}",
    "certificate-off",
    undo=memberships.take_back_ending,
)
history.register("membership_resumed", lambda event: f"resumed its membership of {event.note}", "certificate")

history.register(
    "partners_linked", lambda event: f"linked: {event.note}", "link", undo=links.take_back_linking
)
history.register("partners_linked_there", lambda event: f"linked: {event.note}", "link")
history.register(
    "partners_unlinked",
    lambda event: f"ended the link: {event.note}",
    "unlink",
    undo=links.take_back_unlinking,
)
history.register("partners_unlinked_there", lambda event: f"ended the link: {event.note}", "unlink")

references.register("profile", "partners.Profile")
jobs.register("score_all", fits.score_all)
sweeper.register("fits", fits.catch_up)

history.register("fit_changed", fits.words, "chart-dots", "road")
history.register("partner_rated", ratings.words, "star", "road", ratings.undo)
history.register("rating_undone", lambda event: "took the rating back", "arrow-back-up", "road")
notices.register(
    moving.MOVED,
    False,
    "You look after these partners.",
    name="A new version of the profile moves partners of yours",
)
history.register("profile_started", profile_events.words, "plus")
history.register("profile_changed", profile_events.words, "pencil")
history.register("profile_published", profile_events.words, "target-arrow")
history.register("profile_discarded", profile_events.words, "trash")

settings_pages.register(
    "Ideal Partner Profile",
    "partners:profiles",
    "What makes a partner a good one, and how much it weighs.",
    icon="target-arrow",
    action="read profile",
)
history.register(wanting.KIND, lambda event: f"changed the coverage wanted: {event.note}", "target")
settings_pages.register(
    "Coverage wanted",
    "partners:wanted",
    "How many live partners and certified people you want where.",
    icon="target",
    action="set coverage",
)
settings_pages.register_list("Partner types", "partners:types", "What sort of partner somebody is.")
settings_pages.register_list(
    "Programmes and tiers", "partners:programmes", "What partners of a type are members of."
)
settings_pages.register_list("End reasons", "partners:end_reasons", "Why a prospect is declined or one ends.")
settings_pages.register_list("Sources", "partners:sources", "By what prospects come.")
settings_pages.register_step(
    "Publish your Ideal Partner Profile", "partners:profiles", profiles.any_published
)
importing.register("partners", PartnerImporter())
jobs.register(writing.SCORE, writing.score)
references.register(
    "import", "prm.Import", url=lambda imported: reverse("partners:imported", args=[imported.pk])
)
history.register(
    "partner_imported",
    lambda event: f"changed it by an import: {planning.changes_in_words(event.changes)}",
    "file-import",
)
history.register("partners_imported", lambda event: f"imported {event.note}", "file-import")

sweeper.register("strays of merges", merging.gather_strays)
repointing.register("partners.Membership", merging.membership_ways)
repointing.register("partners.Assignment", merging.assignment_ways)
repointing.register("partners.Link", merging.link_ways)
repointing.register("partners.Visit", merging.visit_ways)
repointing.register("partners.Contact", merging.contact_ways)
repointing.leave("partners.Fit")

history.register(
    "partners_merged",
    lambda event: f"merged {event.note}",
    "git-merge",
    undo=merging.undo,
    undo_for=merging.UNDO_FOR,
)
history.register(
    "contacts_merged",
    lambda event: f"merged {event.note}",
    "git-merge",
    undo=merging.undo,
    undo_for=merging.UNDO_FOR,
)
history.register("merge_undone", lambda event: f"took apart again: {event.note}", "arrow-back-up")
