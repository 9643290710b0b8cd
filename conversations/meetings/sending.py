"""Invitations of ours, written as iCalendar: asked, changed with a higher sequence, called off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from icalendar import Calendar, Event, vCalAddress, vText

REQUEST, CANCEL = "REQUEST", "CANCEL"


@dataclass(frozen=True)
class Person:
    """Who organises or is asked."""

    name: str
    email: str


@dataclass(frozen=True)
class Asked:
    """A meeting as one is asked to it; of two with the same `uid` the higher `sequence` counts."""

    uid: str
    sequence: int
    title: str
    words: str
    place: str
    starts_at: datetime
    ends_at: datetime
    organiser: Person
    people: tuple[Person, ...]


def written(asked: Asked, method: str, at: datetime) -> bytes:
    """The file; `method` is REQUEST or CANCEL."""
    calendar = Calendar()
    calendar.add("prodid", "-//PRM//Meetings//EN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    event = Event()
    event.add("uid", asked.uid)
    event.add("sequence", asked.sequence)
    event.add("dtstamp", at)
    event.add("dtstart", asked.starts_at)
    event.add("dtend", asked.ends_at)
    event.add("summary", asked.title)
    event.add("status", "CANCELLED" if method == CANCEL else "CONFIRMED")
    for name, words in (("description", asked.words), ("location", asked.place)):
        if words:
            event.add(name, words)
    event["organizer"] = _address(asked.organiser)
    for person in asked.people:
        address = _address(person)
        address.params["partstat"] = vText("NEEDS-ACTION")
        address.params["rsvp"] = vText("TRUE")
        event.add("attendee", address, encode=False)
    calendar.add_component(event)
    return bytes(calendar.to_ical())


def _address(person: Person) -> vCalAddress:
    address = vCalAddress(f"mailto:{person.email}")
    address.params["cn"] = vText(person.name)
    return address
