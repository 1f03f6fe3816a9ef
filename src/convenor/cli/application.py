"""What each server process loads: the application, and what runs beside it in the same process."""

from django.utils.module_loading import import_string

from convenor.wsgi import application

__all__ = ["application"]

# Imported only now: it needs the models, and they need the set-up that importing the application did.
import_string("convenor.cli.background.begin")()
