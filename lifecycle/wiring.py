"""What the road registers with the mechanisms below it."""

from lifecycle import evidence, parking, plans, sentences, stalled, transitions
from lifecycle.samples import make
from partners import history
from prm import references, samples, sweeper
from team import notices

references.register("evidence", "lifecycle.Evidence")
references.register("task", "lifecycle.Task")

notices.register(
    parking.BACK, at_once=False, why="You look after this partner.", name="A parked partner is back"
)
notices.register(
    plans.GIVEN, True, "A colleague put you down for it.", plans.still_given, name="A task is given to you"
)
sweeper.register("parked prospects", parking.wake)
sweeper.register("usual stays", stalled.keep_measured)

for kind, words, icon in sentences.MOVES:
    history.register(kind, words, icon, group="road", undo=transitions.take_back)
for kind, words, icon in sentences.OTHERS:
    history.register(kind, words, icon, group="road")
history.register("evidence_recorded", sentences.recorded, "file-check", group="road", undo=evidence.take_back)
history.register("task_done", sentences.done, "checkbox", group="road", undo=plans.take_back)
history.register("task_skipped", sentences.skipped, "circle-off", group="road", undo=plans.take_back)

samples.register(40, "evidence and tasks", make)
history.register("evidence_read", lambda event: f"opened “{event.note}”", "eye", group="audit")
