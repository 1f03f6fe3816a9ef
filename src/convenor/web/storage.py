"""Static files with hashed names."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class StaticStorage(CompressedManifestStaticFilesStorage):
    """Hashes the names in ES module imports too, so that modules can be cached for ever."""

    support_js_module_import_aggregation = True
