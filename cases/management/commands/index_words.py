from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import connection

from cases.models import Case, Event, ReceivedMail
from cases.models.search import LANGUAGE


class Command(BaseCommand):
    help = "Index all words anew, in the language that CASELINE_SEARCH_LANGUAGE names. Nobody can work meanwhile."

    def handle(self, *args: Any, **options: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("SELECT cfgname FROM pg_ts_config ORDER BY 1")
            known = [name for (name,) in cursor]
        if LANGUAGE not in known:
            raise CommandError(f"PostgreSQL does not know {LANGUAGE}. It knows {', '.join(known)}.")
        with connection.schema_editor() as editor:
            for model in (Case, Event):
                words = model._meta.get_field("search")
                editor.remove_field(model, words)  # and with it the index
                editor.add_field(model, words)
                indexes = {index.name: index for index in model._meta.indexes}
                if cause := indexes.get("root_cause_words"):
                    editor.remove_index(model, cause)
                    editor.add_index(model, cause)
                editor.add_index(model, indexes[f"{model._meta.model_name}_words"])
            [quoted] = (one for one in ReceivedMail._meta.indexes if one.name == "folded_words")
            editor.remove_index(ReceivedMail, quoted)
            editor.add_index(ReceivedMail, quoted)
            editor.execute("ANALYZE cases_case, cases_event, cases_receivedmail")
        self.stdout.write(f"All words are indexed as {LANGUAGE}.")
