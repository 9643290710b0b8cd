"""What people, their sign-in and their notices plug into the kernel; and what stands in Settings."""

from prm import bounces, outbox, standstill, sweeper, welcome
from prm import samples as sample_company
from team import (
    accounts,
    alarms,
    dead_addresses,
    hooks,
    invitations,
    mailing,
    notices,
    public_holidays,
    samples,
    settings_pages,
    setup,
)

sweeper.register("hidden notices", notices.wake)
sweeper.register("holidays", public_holidays.keep_up, ("team.HolidaySource",))
sweeper.register("notices", mailing.bind_all, ("team.Notice",), last=True)
bounces.when_suppressed(dead_addresses.tell)
notices.register(
    dead_addresses.KIND,
    True,
    "You are an admin.",
    dead_addresses.still_dead,
    name="An address takes no mail",
    for_admins=True,
)
outbox.register(mailing.MAIL, mailing.mail_stands, mailing.compose)
notices.when_given(hooks.pass_on)
notices.register(
    hooks.OFF,
    True,
    "You are an admin.",
    hooks.still_off,
    name="The outgoing hook was switched off",
    for_admins=True,
)
outbox.register(hooks.MAIL, hooks.still_stands, hooks.compose, hooks.delivered, hooks.given_up)
outbox.register(accounts.MAIL, lambda item: True, accounts.compose, accounts.forget_link)
outbox.register(invitations.MAIL, invitations.still_stands, invitations.compose, accounts.forget_link)
outbox.register(standstill.MAIL, standstill.still_stands, alarms.compose)
sample_company.register(10, "people", samples.make)
welcome.register(samples.welcome)
welcome.register(setup.welcome)

settings_pages.register("Company", "team:company", "Name, zone, who reads what.", icon="building")
settings_pages.register(
    "Rates",
    "team:rates",
    "What other currencies are worth in the reporting one, from a day on.",
    icon="coins",
    action="keep rates",
)
settings_pages.register(
    "People", "team:people", "Invite colleagues, give roles, switch accounts off.", icon="users"
)
settings_pages.register(
    "Lists", "team:lists", "Types, programmes, tiers, regions, verticals, reasons.", icon="list"
)
settings_pages.register(
    "Sent mail",
    "team:mails",
    "What went out, to whom, and what did not.",
    icon="mail",
    action="see sent mail",
)
settings_pages.register(
    "Outgoing hook", "team:hook", "Pass notices on to a chat tool or another program.", icon="webhook"
)
settings_pages.register("Your page", "team:me", "Your name, zone, theme and leave.", icon="user", action="")
settings_pages.register(
    "Your notices",
    "team:told",
    "What you are told, by mail or here, and your quiet hours.",
    icon="bell",
    action="",
)
settings_pages.register(
    "API tokens", "team:all_tokens", "Who lets other programs in, and since when.", icon="key"
)
settings_pages.register(
    "Your API tokens",
    "team:tokens",
    "Let other programs read and write in your name.",
    icon="key",
    action="",
)
settings_pages.register_list("Regions", "team:regions", "Where partners are.")
settings_pages.register_list("Verticals", "team:verticals", "Which trades partners serve.")
settings_pages.register_step("Invite a colleague", "team:people", invitations.somebody_joins)
