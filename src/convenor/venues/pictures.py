"""Pictures that people upload: read, turned upright, made small and written anew, so that nothing else in the file is kept.

Metadata (place, camera, thumbnails), scripts hidden behind a picture's first bytes, and animations are gone with that.
"""

from __future__ import annotations

import io
import uuid
import warnings

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.utils.translation import gettext
from PIL import Image, ImageOps, UnidentifiedImageError

MOST_BYTES = 8_000_000
MOST_PIXELS = 50_000_000
LONGEST_EDGE = 1_600
READ = ("JPEG", "PNG", "WEBP")
QUALITY = 85


def kept_picture(upload: File[bytes]) -> ContentFile[bytes]:
    """The picture as a JPEG of at most LONGEST_EDGE pixels under a name of ours. Raises ValidationError for anything else."""
    if upload.size > MOST_BYTES:
        limit = {"limit": MOST_BYTES // 1_000_000}
        raise ValidationError(gettext("The picture has more than %(limit)d MB.") % limit)
    try:
        upload.seek(0)
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(upload, formats=READ) as picture:
                return _written(_small(picture))
    except ValidationError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_large() from error
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError) as error:
        raise ValidationError(gettext("This can't be read as a JPEG, PNG or WebP picture.")) from error


def _small(picture: Image.Image) -> Image.Image:
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large()
    upright = ImageOps.exif_transpose(picture)
    upright.thumbnail((LONGEST_EDGE, LONGEST_EDGE))
    if upright.mode in {"RGBA", "LA", "P", "PA"}:
        clear = upright.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(ground, clear).convert("RGB")
    return upright.convert("RGB")


def _written(picture: Image.Image) -> ContentFile[bytes]:
    picture.info.clear()
    target = io.BytesIO()
    picture.save(target, "JPEG", quality=QUALITY, optimize=True, progressive=True)
    return ContentFile(target.getvalue(), name=f"{uuid.uuid4().hex}.jpg")


def _too_large() -> ValidationError:
    limit = {"limit": MOST_PIXELS // 1_000_000}
    return ValidationError(gettext("The picture has more than %(limit)d million pixels.") % limit)
