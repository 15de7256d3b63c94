"""Files that are uploaded before their message is sent."""

import pytest
from django.test import Client
from django.urls import reverse

from cases.actions import attachments, conversation
from cases.models import Attachment, Case
from tests.factories import upload

from .test_attachments import files_in, keys_in


class TestUploading:
    def upload(self, browser, *files, **more):
        return browser.post(reverse("attachments"), {"files": [*files]}, **more)

    def test_answers_with_its_line(self, cleo, browser_of):
        response = self.upload(browser_of(cleo), upload())
        assert response.status_code == 201
        assert keys_in(response.text) == [str(Attachment.objects.get().key)]

    @pytest.mark.django_db
    def test_a_visitor_may_before_they_have_reported(self, visitor, till):
        keys = keys_in(self.upload(visitor, upload()).text)
        report = {
            "system": till.pk, "summary": "Blank", "description": "All blank.", "severity": 2,
            "name": "Grete", "email": "grete@example.com", "attachments": keys,
        }  # fmt: skip
        visitor.post(reverse("case_new"), report)
        assert Case.objects.get().events.last().attachments[0]["key"] == keys[0]

    def test_what_a_visitor_chose_is_theirs_after_sign_in(self, visitor, cleo):
        cleo.keep_address(verified=True)
        cleo.set_password("caseline-demo")
        cleo.save()
        self.upload(visitor, upload())
        sign_in = {"login": cleo.email, "password": "caseline-demo"}
        assert visitor.post(reverse("account_login"), sign_in).status_code == 302
        assert Attachment.objects.get().uploader == cleo

    def test_too_large_is_refused_before_it_is_read(self, cleo, settings):
        settings.ATTACHMENT_MB = 1
        browser = Client(enforce_csrf_checks=True)  # which would read it
        browser.force_login(cleo)
        response = browser.post(
            reverse("attachments") + "?name=core.dump", {"files": upload("core.dump", b"x" * 1_200_000)}
        )
        assert response.status_code == 413
        assert response.text == "“core.dump” is too large: a file may have up to 1 MB.\n"

    def test_needs_the_forms_token(self, cleo):
        browser = Client(enforce_csrf_checks=True)
        browser.force_login(cleo)
        assert self.upload(browser, upload()).status_code == 403

    def test_refusals_are_plain_sentences(self, cleo, browser_of, settings):
        settings.ATTACHMENT_MB = 1
        browser = browser_of(cleo)
        for file, words in (
            (upload("a", b""), "is empty"),
            (upload("a", b"x" * (1024**2 + 1)), "is too large"),
        ):
            response = self.upload(browser, file)
            assert response.status_code == 422
            assert words in response.text
            assert response["Content-Type"].startswith("text/plain")
        assert "No file came." in self.upload(browser).text

    @pytest.mark.django_db
    def test_a_flood_from_one_network_is_stopped_with_a_sentence(self, visitor, settings):
        settings.ACCOUNT_RATE_LIMITS = {"upload": "2/h/ip"}
        answers = [self.upload(visitor, upload(content=b"%d" % n)) for n in range(3)]
        assert [answer.status_code for answer in answers] == [201, 201, 422]
        assert "Sign in to send this one." in answers[2].text

    def test_is_taken_back(self, cleo, mallory, browser_of, kept):
        self.upload(browser_of(cleo), upload())
        address = reverse("attachment_removal", args=[Attachment.objects.get().key])
        browser_of(mallory).post(address)
        assert len(files_in(kept)) == 2
        for _ in range(2):
            assert browser_of(cleo).post(address).status_code == 204
        assert (files_in(kept), Attachment.objects.count()) == ([], 0)

    def test_what_was_sent_is_not_taken_back(self, cleo, case, browser_of, kept):
        one = attachments.receive(upload(), by=cleo)
        conversation.reply(case, by=cleo, body="", attachments=[one])
        browser_of(cleo).post(reverse("attachment_removal", args=[one.key]))
        assert len(files_in(kept)) == 2
