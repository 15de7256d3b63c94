from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = "Support"

    def ready(self) -> None:
        from allauth.account import signals as allauth
        from allauth.account.models import EmailAddress
        from allauth.mfa import signals as mfa
        from allauth.mfa.models import Authenticator
        from django.contrib.auth.signals import user_logged_in, user_logged_out, user_login_failed
        from django.db.models.signals import post_delete, post_save, pre_save

        from cases import signals
        from cases.actions.accounts import notice_factor, notice_proof
        from cases.actions.organisations import notice_confirmed
        from cases.mail.accounts import forget_sign_up

        user_logged_in.connect(signals.begin_session)
        user_logged_in.connect(signals.claim_uploads)
        user_logged_in.connect(signals.claim_cases)
        user_logged_in.connect(forget_sign_up)
        user_logged_in.connect(signals.note_zone)
        user_logged_in.connect(signals.note_sign_in)
        user_logged_out.connect(signals.note_sign_out)
        user_login_failed.connect(signals.note_failed_password)
        for rejected in (
            allauth.login_code_rejected,
            allauth.password_reset_code_rejected,
            allauth.email_verification_code_rejected,
        ):
            rejected.connect(signals.note_failed_code)
        for password in (allauth.password_changed, allauth.password_set, allauth.password_reset):
            password.connect(signals.note_password)
        for address in (allauth.email_confirmed, allauth.email_changed, allauth.email_removed):
            address.connect(signals.note_addresses)
        for changed in (mfa.authenticator_added, mfa.authenticator_removed, mfa.authenticator_reset):
            changed.connect(signals.note_factor)
        mfa.authentication_failed.connect(signals.note_failed_factor)
        post_save.connect(notice_factor, sender=Authenticator)
        post_delete.connect(notice_factor, sender=Authenticator)
        pre_save.connect(notice_proof, sender=EmailAddress)
        pre_save.connect(notice_confirmed, sender=EmailAddress)
