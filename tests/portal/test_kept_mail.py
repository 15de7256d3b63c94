"""Mail that is not sent but kept."""

from django.core.mail import EmailMessage

from portal.kept_mail import KeptMail


def test_each_letter_has_a_file_of_its_own_however_soon_the_next_one_follows(tmp_path):
    backend = KeptMail(alias="default", file_path=str(tmp_path))
    for code in ("123456", "654321"):
        backend.send_messages([EmailMessage("Code", code, to=["a@example.com"])])
    assert [one.read_text().count("Subject: ") for one in tmp_path.glob("*.log")] == [1, 1]
