from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Caseline"

    def ready(self) -> None:
        from django.contrib.auth.signals import user_logged_in

        from cases.signals import claim_cases, claim_uploads

        user_logged_in.connect(claim_uploads)
        user_logged_in.connect(claim_cases)
