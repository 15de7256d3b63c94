from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Caseline"

    def ready(self) -> None:
        from allauth.account.models import EmailAddress
        from django.contrib.auth.signals import user_logged_in
        from django.db.models.signals import pre_save

        from cases.actions.accounts import notice_proof
        from cases.mail.accounts import forget_sign_up
        from cases.signals import claim_cases, claim_uploads

        user_logged_in.connect(claim_uploads)
        user_logged_in.connect(claim_cases)
        user_logged_in.connect(forget_sign_up)
        pre_save.connect(notice_proof, sender=EmailAddress)
