"""The ConfigMaps that more than one part of Pipelines reads."""

from __future__ import annotations

from components.pipelines.place import Annotations, Place
from tenantry.pipelines import words
from tenantry.pipelines.config import digest, install_config, launcher_config

CONFIG = "tenantry.dev/config"
"""Annotation of pods with a digest of what they read at their start only."""


def config(place: Place) -> Annotations:
    """The ConfigMaps; an annotation that makes pods start anew when the first of them changes.

    Steps read the launcher's at every run, so nothing starts anew for it.
    """
    installed = install_config(place.release.version, place.database, place.store)
    place.config(words.INSTALL_CONFIG, installed)
    place.config(words.LAUNCHER_CONFIG, launcher_config(place.store))
    return {CONFIG: digest(installed)}
