"""Every screen's address, in one place."""

from django.urls import path

from convenor.web import health, search, suggest, theme, today
from convenor.web.people import views as people
from convenor.web.rooms import views as rooms
from convenor.web.schedule import views as schedule
from convenor.web.settings_pages import account

TODAY = [
    path("", today.today, name="today"),
    path("today/conflicts/", today.conflicts, name="today.conflicts"),
    path("today/answers/<int:pk>/", today.answer, name="today.answer"),
    path("today/bookings/<int:pk>/", today.decide, name="today.decide"),
]
SCHEDULE = [
    path("schedule/", schedule.schedule, name="schedule"),
    path("schedule/events", schedule.events, name="schedule.events"),
    path("schedule/resources", schedule.resources, name="schedule.resources"),
    path("schedule/fit", schedule.fit, name="schedule.fit"),
    path("schedule/move", schedule.move, name="schedule.move"),
]
ROOMS = [
    path("rooms/", rooms.rooms, name="rooms"),
    path("rooms/suggest/", suggest.rooms, name="rooms.suggest"),
    path("rooms/<int:pk>/", rooms.room, name="room"),
]
PEOPLE = [
    path("people/", people.people, name="people"),
    path("people/suggest/", suggest.people, name="people.suggest"),
    path("people/<int:pk>/", people.person, name="person"),
]
SETTINGS = [
    path("settings/", account.account, name="settings"),
]
SEARCH = [
    path("search", search.search, name="search"),
]

urlpatterns = [
    path("healthz", health.healthz, name="healthz"),
    path("theme/", theme.set_theme, name="set_theme"),
    *TODAY,
    *SCHEDULE,
    *ROOMS,
    *PEOPLE,
    *SETTINGS,
    *SEARCH,
]
