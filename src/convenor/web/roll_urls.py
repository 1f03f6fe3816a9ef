"""The addresses of rolls, their papers and their doors, in one place; urls.py has all the others."""

from django.urls import path

from convenor.attendance.enums import RollPaper
from convenor.web import roll_needs, roll_papers
from convenor.web.check_in import evacuation
from convenor.web.check_in import views as check_in
from convenor.web.rolls import inviting, refitting, registration, seats, settings, views

ROLLS = [
    path("events/<int:pk>/roll/", views.event_roll, name="event.roll"),
    path("events/<int:pk>/roll/open/", settings.open_event_roll, name="event.open_roll"),
    path("events/functions/<int:pk>/roll/open/", settings.open_function_roll, name="function.open_roll"),
    path("rolls/<int:pk>/", views.roll, name="roll"),
    path("rolls/<int:pk>/edit/", settings.edit, name="roll.edit"),
    path("rolls/<int:pk>/allotments/", settings.allotments, name="roll.allotments"),
    path("rolls/<int:pk>/guarantee/", views.guarantee, name="roll.guarantee"),
    path("rolls/<int:pk>/offer/", views.offer, name="roll.offer"),
    path("rolls/<int:pk>/seats/", seats.choose, name="roll.seats"),
    path("rolls/<int:pk>/invite/", inviting.invite_people, name="roll.invite"),
    path("rolls/<int:pk>/refit/", refitting.refit_roll, name="roll.refit"),
    path("registrations/<int:pk>/", registration.registration, name="registration"),
    path("registrations/<int:pk>/change/", registration.change, name="registration.change"),
    path("registrations/<int:pk>/substitute/", registration.instead, name="registration.substitute"),
    path("registrations/<int:pk>/cancel/", registration.cancel, name="registration.cancel"),
    path("registrations/<int:pk>/link/", registration.link, name="registration.link"),
]
ROLL_PAPERS = [
    path("rolls/<int:pk>/roll.csv", roll_papers.paper, {"kind": RollPaper.CSV}, name="roll.csv"),
    path("rolls/<int:pk>/roll.xlsx", roll_papers.paper, {"kind": RollPaper.XLSX}, name="roll.xlsx"),
    path("rolls/<int:pk>/roll.pdf", roll_papers.paper, {"kind": RollPaper.LIST}, name="roll.pdf"),
    path("rolls/<int:pk>/sign-in.pdf", roll_papers.paper, {"kind": RollPaper.SIGN_IN}, name="roll.sign_in"),
    path("rolls/<int:pk>/badges.pdf", roll_papers.paper, {"kind": RollPaper.BADGES}, name="roll.badges"),
    path("rolls/<int:pk>/papers/make/<slug:kind>/", roll_papers.begin, name="roll.paper"),
    path("rolls/<int:pk>/papers/<int:job>/", roll_papers.look, name="roll.paper_job"),
    path("rolls/<int:pk>/papers/<int:job>/progress/", roll_papers.progress, name="roll.paper_progress"),
    path("rolls/<int:pk>/papers/<int:job>/file/", roll_papers.file, name="roll.paper_file"),
    path("rolls/<int:pk>/needs/", roll_needs.needs, name="roll.needs"),
]
CHECK_IN = [
    path("events/<int:pk>/check-in/", check_in.check_in, name="event.check_in"),
    path("rolls/<int:pk>/check-in/scan/", check_in.scan, name="check_in.scan"),
    path("rolls/<int:pk>/check-in/walk-in/", check_in.walk_in_by_form, name="check_in.walk_in"),
    path("rolls/<int:pk>/check-in/people", check_in.people, name="check_in.people"),
    path("rolls/<int:pk>/check-in/news", check_in.news, name="check_in.news"),
    path("rolls/<int:pk>/check-in/send", check_in.send, name="check_in.send"),
    path("check-in/worker.js", check_in.worker, name="check_in.worker"),
    path("evacuation/", evacuation.evacuation, name="evacuation"),
    path("evacuation/pdf/", evacuation.pdf, name="evacuation.pdf"),
]
