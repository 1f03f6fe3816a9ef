"""Every screen's address: those of rolls in roll_urls.py, the rest here."""

from django.urls import path

from convenor.web import (
    calendars,
    desk,
    feeds,
    health,
    imports,
    invitation,
    search,
    suggest,
    theme,
    today,
    visitors,
)
from convenor.web.conflicts import views as conflicts
from convenor.web.events import board as event_board
from convenor.web.events import certificates as event_certificates
from convenor.web.events import class_editing as event_class_editing
from convenor.web.events import class_upgrade as event_class_upgrade
from convenor.web.events import classes as event_classes
from convenor.web.events import cloning as event_cloning
from convenor.web.events import documents as event_documents
from convenor.web.events import functions as event_functions
from convenor.web.events import history as event_history
from convenor.web.events import lists as event_lists
from convenor.web.events import making as event_making
from convenor.web.events import months as event_months
from convenor.web.events import moving as event_moving
from convenor.web.events import my_tasks, task
from convenor.web.events import overview as event_overview
from convenor.web.events import people as event_people
from convenor.web.events import plans as event_plans
from convenor.web.events import programme as event_programme
from convenor.web.events import promoting as event_promoting
from convenor.web.events import public as event_public
from convenor.web.events import readiness as event_readiness
from convenor.web.events import run_of_show as event_show
from convenor.web.events import sheet_open as event_sheet_open
from convenor.web.events import sheet_set as event_sheet_set
from convenor.web.events import sheets as event_sheets
from convenor.web.events import states as event_states
from convenor.web.events import tasks as event_tasks
from convenor.web.meetings import changing, displacing, making, proposals, reading
from convenor.web.people import aliases, planning
from convenor.web.people import changes as person_changes
from convenor.web.people import views as people
from convenor.web.registration import mine as registration_mine
from convenor.web.registration import public as registration_public
from convenor.web.registration import set_up as registration_set_up
from convenor.web.roll_urls import CHECK_IN, ROLL_PAPERS, ROLLS
from convenor.web.rooms import changes as room_changes
from convenor.web.rooms import views as rooms
from convenor.web.schedule import views as schedule
from convenor.web.settings_pages import account, accounts, inventory, mail, organisation, records, sites

TODAY = [
    path("", today.today, name="today"),
    path("today/conflicts/", today.conflicts, name="today.conflicts"),
    path("today/answers/<int:pk>/", today.answer, name="today.answer"),
    path("today/bookings/<int:pk>/", today.decide, name="today.decide"),
]
DESKS = [
    path("desk/<int:pk>/", desk.desk, name="desk"),
    path("visitors/", visitors.visitors, name="visitors"),
]
SCHEDULE = [
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/events", schedule.events, name="schedule.events"),
    path("schedule/resources", schedule.resources, name="schedule.resources"),
    path("schedule/fit", schedule.fit, name="schedule.fit"),
    path("schedule/move", schedule.move, name="schedule.move"),
]
MEETINGS = [
    path("meetings/new/", making.new, name="meeting.new"),
    path("meetings/find-time/", making.find_time, name="meeting.find_time"),
    path("meetings/<int:pk>/", reading.meeting, name="meeting"),
    path("meetings/<int:pk>/edit/", changing.edit, name="meeting.edit"),
    path("meetings/<int:pk>/find-time/", changing.find_time, name="meeting.find_time_again"),
    path("meetings/<int:pk>/cancel/", changing.cancel, name="meeting.cancel"),
    path("meetings/<int:pk>/confirm/", reading.confirm, name="meeting.confirm"),
    path("meetings/proposals/<int:pk>/", proposals.counter, name="counter"),
    path("meetings/proposals/<int:pk>/accept/", proposals.accepted, name="counter.accept"),
    path("meetings/proposals/<int:pk>/decline/", proposals.declined, name="counter.decline"),
    path("meetings/occurrences/<int:pk>/", reading.occurrence, name="occurrence"),
    path("meetings/occurrences/<int:pk>/promote/", event_promoting.promote, name="occurrence.promote"),
    path("meetings/occurrences/<int:pk>/answer/", reading.answer, name="occurrence.answer"),
    path("meetings/occurrences/<int:pk>/displace/", displacing.displacing, name="occurrence.displace"),
    path("meetings/occurrences/<int:pk>/rooms/", reading.book, name="occurrence.book_room"),
    path(
        "meetings/occurrences/<int:pk>/bookings/<int:booking>/release/",
        reading.release,
        name="occurrence.release",
    ),
    path(
        "meetings/occurrences/<int:pk>/bookings/<int:booking>/decide/",
        reading.decide,
        name="occurrence.decide",
    ),
]
DOCUMENTS = [
    path("events/<int:pk>/documents/", event_documents.documents, name="event.documents"),
    path("events/<int:pk>/history/", event_history.history, name="event.history"),
    path("events/documents/<int:pk>/", event_documents.document, name="document"),
    path("events/documents/<int:pk>/change/", event_documents.change, name="document.change"),
    path("events/documents/<int:pk>/remove/", event_documents.remove, name="document.remove"),
    path("events/documents/versions/<int:pk>/", event_documents.file, name="document.file"),
]
READINESS = [
    path("events/readiness/", event_readiness.board, name="events.readiness"),
    path("events/<int:pk>/readiness/", event_readiness.readiness, name="event.readiness"),
    path("events/<int:pk>/readiness/waive/", event_readiness.waive_check, name="event.waive"),
    path(
        "events/<int:pk>/readiness/waivers/<int:waiver>/withdraw/",
        event_readiness.withdraw,
        name="event.withdraw_waiver",
    ),
    path("events/<int:pk>/certificates/", event_certificates.certify, name="event.certify"),
    path("events/certificates/<int:pk>/", event_certificates.certificate, name="event.certificate"),
    path(
        "events/certificates/<int:pk>/sign/",
        event_certificates.sign_certificate,
        name="event.sign_certificate",
    ),
    path("events/certificates/<int:pk>/pdf/", event_certificates.pdf, name="event.certificate_pdf"),
]
SHEETS = [
    path("events/<int:pk>/sheets/", event_sheets.sheets, name="event.sheets"),
    path("events/<int:pk>/sheets/issue/", event_sheets.issue, name="event.issue_sheets"),
    path("events/<int:pk>/sheets/remind/", event_sheets.chase, name="event.remind_sheets"),
    path("events/<int:pk>/sheets/set/", event_sheet_set.begin, name="event.sheet_set"),
    path("events/<int:pk>/sheets/set/<int:job>/", event_sheet_set.look, name="event.sheet_set_job"),
    path(
        "events/<int:pk>/sheets/set/<int:job>/progress/",
        event_sheet_set.progress,
        name="event.sheet_set_progress",
    ),
    path("events/<int:pk>/sheets/set/<int:job>/file/", event_sheet_set.file, name="event.sheet_set_file"),
    path("events/functions/<int:pk>/sheets/", event_sheets.revisions, name="function.sheets"),
    path("events/sheets/<int:pk>/pdf/", event_sheets.pdf, name="sheet.pdf"),
    path("events/sheets/receipts/<int:pk>/", event_sheets.read, name="sheet.acknowledge"),
    path("s/<str:token>/", event_sheet_open.open_sheet, name="sheet.open"),
    path("s/<str:token>/pdf/", event_sheet_open.open_pdf, name="sheet.open_pdf"),
]
EVENT_CLASSES = [
    path("events/classes/", event_classes.classes, name="event_classes"),
    path("events/classes/new/", event_class_editing.new, name="event_class_new"),
    path("events/classes/<slug:code>/", event_classes.event_class, name="event_class"),
    path("events/classes/<slug:code>/edit/", event_class_editing.edit, name="event_class_edit"),
    path("events/classes/<slug:code>/versions/", event_classes.versions, name="event_class_versions"),
    path("events/classes/<slug:code>/file/", event_classes.file, name="event_class_file"),
    path("events/classes/<slug:code>/offer/", event_classes.offer, name="event_class_offer"),
    path("events/<int:pk>/class/", event_class_upgrade.upgrade, name="event.class"),
]
EVENTS = [
    path("events/", event_lists.events, name="events"),
    path("events/board/", event_board.board, name="events.board"),
    path("events/calendar/", event_months.calendar, name="events.calendar"),
    path("events/views/", event_lists.keep, name="events.keep_view"),
    path("events/views/<int:pk>/drop/", event_lists.drop, name="events.drop_view"),
    path("events/new/", event_making.new, name="event.new"),
    path("events/plan/", event_plans.new, name="event.new_from_plan"),
    path("events/<int:pk>/plan/", event_plans.compare, name="event.plan"),
    path("events/<int:pk>/plan/file/", event_plans.file, name="event.plan_file"),
    path("events/<int:pk>/", event_overview.event, name="event"),
    path("events/<int:pk>/tasks/", event_tasks.tasks, name="event.tasks"),
    path("events/<int:pk>/tasks/done/", event_tasks.finish, name="event.tasks_done"),
    path("events/<int:pk>/tasks/new/", event_tasks.new, name="task.new"),
    path("events/<int:pk>/tasks/timeline/", event_tasks.timeline, name="event.tasks_timeline"),
    path("tasks/", my_tasks.my_tasks, name="tasks"),
    path("tasks/<int:pk>/", task.task, name="task"),
    path("tasks/<int:pk>/edit/", task.edit, name="task.edit"),
    path("tasks/<int:pk>/state/", task.set_state, name="task.state"),
    path("tasks/<int:pk>/items/<int:item>/", task.tick, name="task.tick"),
    path("tasks/<int:pk>/comments/", task.comment, name="task.comment"),
    path("tasks/<int:pk>/comments/<int:comment>/remove/", task.uncomment, name="task.uncomment"),
    path("tasks/<int:pk>/attachments/", task.attach, name="task.attach"),
    path("tasks/<int:pk>/remove/", task.remove, name="task.remove"),
    path("events/<int:pk>/edit/", event_making.edit, name="event.edit"),
    path("events/<int:pk>/move/", event_moving.move, name="event.move"),
    path("events/<int:pk>/postpone/", event_moving.postpone, name="event.postpone"),
    path("events/<int:pk>/resume/", event_moving.resume, name="event.resume"),
    path("events/<int:pk>/cancel/", event_moving.cancel, name="event.cancel"),
    path("events/<int:pk>/clone/", event_cloning.clone, name="event.clone"),
    path("events/<int:pk>/progress/", event_overview.progress, name="event.progress"),
    path("events/<int:pk>/state/", event_states.change, name="event.state"),
    path("events/<int:pk>/people/", event_people.people, name="event.people"),
    path("events/<int:pk>/people/add/", event_people.add, name="event.add_people"),
    path("events/<int:pk>/people/seating/", event_people.seating, name="event.seating"),
    path("events/<int:pk>/people/<int:person>/", event_people.party, name="event.party"),
    path("events/<int:pk>/people/<int:person>/remove/", event_people.remove, name="event.remove_party"),
    path("events/<int:pk>/contacts/", event_people.contacts, name="event.contacts"),
]
PROGRAMME = [
    path("events/<int:pk>/programme/", event_programme.programme, name="event.programme"),
    path("events/<int:pk>/programme/pdf", event_public.pdf, name="event.programme_pdf"),
    path("events/<int:pk>/programme/publish/", event_public.publish, name="event.publish"),
    path("events/<int:pk>/programme/unpublish/", event_public.unpublish, name="event.unpublish"),
    path("events/<int:pk>/functions/new/", event_functions.new, name="function.new"),
    path("events/functions/<int:pk>/", event_functions.function, name="function"),
    path("events/functions/<int:pk>/edit/", event_functions.edit, name="function.edit"),
    path("events/functions/<int:pk>/remove/", event_functions.remove, name="function.remove"),
    path("events/functions/<int:pk>/fit", event_programme.fit, name="function.fit"),
    path("events/functions/<int:pk>/move", event_programme.move, name="function.move"),
    path(
        "events/functions/<int:pk>/speakers/<int:speaker>/",
        event_functions.answer,
        name="function.answer",
    ),
    path("events/<int:pk>/show/", event_show.run_of_show, name="event.run_of_show"),
    path("events/<int:pk>/show/pdf", event_show.pdf, name="event.run_of_show_pdf"),
    path("events/<int:pk>/show/new/", event_show.add, name="cue.new"),
    path("events/show/<int:pk>/", event_show.change, name="cue.edit"),
    path("events/show/<int:pk>/remove/", event_show.remove, name="cue.remove"),
    path("p/<str:token>/", event_public.programme, name="public_programme"),
]
INVITATIONS = [
    path("invitation/<str:token>/", invitation.answer, name="invitation.answer"),
    path("invitation/<str:token>/propose/", invitation.propose, name="invitation.propose"),
]
REGISTRATION = [
    path("events/<int:pk>/registration/", registration_set_up.registration, name="event.registration"),
    path(
        "events/<int:pk>/registration/preview/",
        registration_set_up.preview,
        name="event.registration_preview",
    ),
    path("events/<int:pk>/registration/renew/", registration_set_up.renew, name="event.renew_registration"),
    path("register/<str:token>/", registration_public.register, name="register"),
    path("register/<str:token>/link/", registration_public.link, name="register.link"),
    path("registration/<str:token>/", registration_mine.mine, name="registration.mine"),
    path("registration/<str:token>/answer/", registration_mine.answer, name="registration.answer"),
    path("registration/<str:token>/change/", registration_mine.change, name="registration.change_mine"),
    path("registration/<str:token>/cancel/", registration_mine.cancel, name="registration.cancel_mine"),
    path("registration/<str:token>/code.svg", registration_mine.code, name="registration.code"),
    path("registration/<str:token>/registration.ics", registration_mine.calendar, name="registration.ics"),
]
CONFLICTS = [
    path("conflicts/", conflicts.conflicts, name="conflicts"),
    path("conflicts/ignored/", conflicts.ignored, name="conflicts.ignored"),
    path("conflicts/<int:pk>/", conflicts.ways_out, name="conflicts.ways_out"),
    path("conflicts/<int:pk>/mend/", conflicts.mend, name="conflicts.mend"),
    path("conflicts/<int:pk>/ignore/", conflicts.ignore, name="conflicts.ignore"),
]
ROOMS = [
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/suggest/", suggest.rooms, name="rooms.suggest"),
    path("rooms/new/", room_changes.new, name="room.new"),
    path("rooms/<int:pk>/", rooms.room, name="room"),
    path("rooms/<int:pk>/photo/", rooms.photo, name="room.photo"),
    path("rooms/<int:pk>/edit/", room_changes.edit, name="room.edit"),
    path("rooms/<int:pk>/retire/", room_changes.retire, name="room.retire"),
    path("rooms/<int:pk>/restore/", room_changes.restore, name="room.restore"),
    path("rooms/<int:pk>/close/", room_changes.close, name="room.close"),
    path("rooms/<int:pk>/closures/<int:closure>/withdraw/", room_changes.reopen, name="room.reopen"),
]
PEOPLE = [
    path("people/", people.people, name="people"),
    path("people/suggest/", suggest.people, name="people.suggest"),
    path("people/new/", person_changes.new, name="person.new"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/edit/", person_changes.edit, name="person.edit"),
    path("people/<int:pk>/needs/", person_changes.needs, name="person.needs"),
    path("people/<int:pk>/deactivate/", person_changes.deactivate, name="person.deactivate"),
    path("people/<int:pk>/reactivate/", person_changes.reactivate, name="person.reactivate"),
    path("people/<int:pk>/addresses/", aliases.aliases, name="person.aliases"),
    path("people/<int:pk>/addresses/<int:alias>/remove/", aliases.drop, name="person.drop_alias"),
    path("people/<int:pk>/hours/", planning.hours, name="person.hours"),
    path("people/<int:pk>/exceptions/", planning.exceptions, name="person.exceptions"),
    path(
        "people/<int:pk>/exceptions/<int:exception>/remove/",
        planning.drop_exception,
        name="person.drop_exception",
    ),
    path("people/<int:pk>/leave/", planning.leave, name="person.leave"),
    path("people/<int:pk>/leave/<int:leave>/withdraw/", planning.drop_leave, name="person.drop_leave"),
    path("people/<int:pk>/delegates/", planning.delegate, name="person.delegate"),
    path(
        "people/<int:pk>/delegates/<int:delegation>/withdraw/",
        planning.drop_delegation,
        name="person.drop_delegation",
    ),
]
SETTINGS = [
    path("settings/", account.account, name="settings"),
    path("settings/delegation/", account.delegation, name="settings.delegation"),
    path("settings/sites/", sites.sites, name="settings.sites"),
    path("settings/sites/new/", sites.new, name="settings.new_site"),
    path("settings/sites/<int:pk>/", sites.edit, name="settings.site"),
    path("settings/sites/<int:pk>/hours/", sites.hours, name="settings.site_hours"),
    path("settings/sites/<int:pk>/travel/", sites.travel, name="settings.site_travel"),
    path("settings/sites/<int:pk>/retire/", sites.retire, name="settings.retire_site"),
    path("settings/sites/<int:pk>/restore/", sites.restore, name="settings.restore_site"),
    path("settings/rooms/", inventory.rooms, name="settings.rooms"),
    path("settings/equipment/", inventory.equipment, name="settings.equipment"),
    path("settings/equipment/new/", inventory.new_equipment, name="settings.new_equipment"),
    path("settings/equipment/<int:pk>/", inventory.edit_equipment, name="settings.equipment_kind"),
    path("settings/equipment/<int:pk>/drop/", inventory.drop_equipment, name="settings.drop_equipment"),
    path("settings/equipment/<int:pk>/sites/<int:site>/", inventory.stock, name="settings.stock"),
    path("settings/departments/", organisation.departments, name="settings.departments"),
    path("settings/departments/new/", organisation.new_department, name="settings.new_department"),
    path("settings/departments/<int:pk>/", organisation.edit_department, name="settings.department"),
    path(
        "settings/departments/<int:pk>/drop/", organisation.drop_department, name="settings.drop_department"
    ),
    path("settings/organisations/new/", organisation.new_organisation, name="settings.new_organisation"),
    path("settings/organisations/<int:pk>/", organisation.edit_organisation, name="settings.organisation"),
    path("settings/cost-bands/new/", organisation.new_cost_band, name="settings.new_cost_band"),
    path("settings/cost-bands/<int:pk>/", organisation.edit_cost_band, name="settings.cost_band"),
    path("settings/accounts/", accounts.accounts, name="settings.accounts"),
    path("settings/accounts/new/", accounts.new, name="settings.new_account"),
    path("settings/accounts/<int:pk>/", accounts.edit, name="settings.account"),
    path("settings/audit/", records.audit, name="settings.audit"),
    path("settings/mail/", mail.mail, name="settings.mail"),
    path("settings/mail/addresses/<int:pk>/clear/", mail.clear, name="settings.clear_trouble"),
    path("settings/work/", records.work, name="settings.work"),
    path("settings/work/messages/<int:pk>/", records.message, name="settings.message"),
    path("settings/work/messages/<int:pk>/html/", records.message_html, name="settings.message_html"),
    path("settings/work/messages/<int:pk>/retry/", records.retry, name="settings.retry_message"),
    path("settings/work/jobs/<int:pk>/retry/", records.redo, name="settings.retry_job"),
    path("settings/work/jobs/<int:pk>/cancel/", records.stop, name="settings.cancel_job"),
]
IMPORTS = [
    path("settings/imports/", imports.imports, name="settings.imports"),
    path("settings/imports/<str:token>/", imports.look, name="settings.import"),
    path("settings/imports/<str:token>/progress/", imports.progress, name="settings.import_progress"),
]
CALENDARS = [
    path("settings/calendars/", calendars.calendars, name="settings.calendars"),
    path("settings/calendars/<int:pk>/refresh/", calendars.refresh, name="settings.refresh_calendar"),
    path("settings/calendars/<int:pk>/remove/", calendars.remove, name="settings.remove_calendar"),
    path("settings/feeds/", feeds.feeds, name="settings.feeds"),
    path("settings/feeds/<int:pk>/renew/", feeds.renew, name="settings.renew_feed"),
    path("settings/feeds/<int:pk>/revoke/", feeds.revoke, name="settings.revoke_feed"),
]
SEARCH = [
    path("search", search.search, name="search"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("theme/", theme.set_theme, name="set_theme"),
    *TODAY,
    *DESKS,
    *SCHEDULE,
    *MEETINGS,
    *EVENT_CLASSES,
    *EVENTS,
    *READINESS,
    *SHEETS,
    *DOCUMENTS,
    *PROGRAMME,
    *REGISTRATION,
    *INVITATIONS,
    *ROLLS,
    *ROLL_PAPERS,
    *CHECK_IN,
    *CONFLICTS,
    *ROOMS,
    *PEOPLE,
    *SETTINGS,
    *IMPORTS,
    *CALENDARS,
    *SEARCH,
]
