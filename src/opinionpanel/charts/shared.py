"""What is met as `charts.save` and the like, and lives in the room that draws."""

from opinionpanel.drawing import Language as Language, offline as offline, save as save
