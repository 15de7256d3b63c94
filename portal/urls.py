from django.contrib import admin
from django.urls import include, path

from cases.views import app, invitation, kept_mail, mail_in, mail_reports, site

urlpatterns = [
    path("", site.home, name="home"),
    path("cases/", include("cases.urls.customer")),
    path("attachments/", include("cases.urls.attachments")),
    path("organisation/", include("cases.urls.organisation")),
    path("invitation/", invitation.invitation, name="invitation"),
    path("setup/", include("cases.urls.setup")),
    path("incidents/", include("cases.urls.status")),
    path("brand/", include("cases.urls.brand")),
    path("desk/", include("cases.urls.desk")),
    path("theme/", site.theme, name="theme"),
    path("keys/", site.keys, name="keys"),
    path("app.webmanifest", app.manifest, name="manifest"),
    path("worker.js", app.worker, name="worker"),
    path("offline/", app.offline, name="offline"),
    path("favicon.ico", site.favicon, name="favicon"),
    path("mail/", kept_mail.kept_mail, name="kept_mail"),
    path("mail/in/<slug:provider>/mime", mail_in.mail_in, name="mail_in"),
    path("mail/reports/", mail_reports.mail_reports, name="mail_reports"),
    path("mail/<slug:name>/html/", kept_mail.kept_html, name="kept_mail_html"),
    path("mail/<slug:name>/answer/", kept_mail.answer, name="kept_mail_answer"),
    path("healthz", site.healthz, name="healthz"),
    path("readyz", site.readyz, name="readyz"),
    path("accounts/", include("cases.urls.account")),
    path("admin/", admin.site.urls),
]

handler400 = "cases.views.errors.bad_request"
handler403 = "cases.views.errors.forbidden"
handler404 = "cases.views.errors.not_found"
handler429 = "cases.views.errors.too_many"
handler500 = "cases.views.errors.broken"
