"""Every table there is: importing this fills `Base.metadata`, for migrations and for whatever walks all tables."""

from app.agreements import models as agreements
from app.calls import models as calls
from app.caregiver_pages import models as caregiver_pages
from app.client_pages import models as client_pages
from app.clients import flag_models, record_models
from app.clients import models as clients
from app.code_words import models as code_words
from app.db import Base
from app.emergency import models as emergency
from app.follow_ups import models as follow_ups
from app.grounding import models as grounding
from app.group_sessions import models as group_sessions
from app.group_sessions import signals, told
from app.handoffs import models as handoffs
from app.incidents import models as incidents
from app.journal import models as journal
from app.lanes import models as lanes
from app.others import models as others
from app.places import models as places
from app.plans import models as plans
from app.protocols import models as protocols
from app.rooms import models as rooms
from app.staff import models as staff
from app.tasks import models as tasks
from app.training import models as training
from app.triage import models as triage

PACKAGES = (
    agreements,
    calls,
    client_pages,
    caregiver_pages,
    clients,
    code_words,
    grounding,
    emergency,
    flag_models,
    follow_ups,
    group_sessions,
    handoffs,
    incidents,
    journal,
    lanes,
    others,
    places,
    plans,
    protocols,
    record_models,
    rooms,
    signals,
    staff,
    told,
    tasks,
    training,
    triage,
)
METADATA = Base.metadata
