"""Who may do what, for every URL there is. A URL without a row here fails."""

from contextlib import suppress
from copy import deepcopy
from uuid import UUID

import pytest
from django.core.cache import cache
from django.db import transaction
from django.test import Client
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from cases.actions import attachments, conversation, incoming, requests
from cases.models import Case, Guest, Incident, Macro, ReceivedMail, Request
from tests.factories import CaseFactory, upload

ROLES = ["visitor", "guest", "mallory", "carl", "cleo", "mona", "ada", "lena", "adam", "otto"]
LISTS = ("cases", "case_new", "desk_incidents", "desk_incident_new")  # of no one case or incident
SIGN_IN = "sign-in"  # a redirect to the sign-in page
NOBODYS = 999_999  # the number of what does not exist

# What a GET and a POST with nothing in it answer to each role, be it one that does not take both. A guest is a visitor
# who typed Cleo's address and looks at the case that they reported in this browser.
MATRIX = {
    # name                   visitor  guest    mallory carl  cleo  mona  ada   lena  adam  otto
    "home":                 (200,     200,     302,    302,  302,  302,  302,  302,  302,  302),
    "theme":                (302,     302,     302,    302,  302,  302,  302,  302,  302,  302),
    "favicon":              (302,     302,     302,    302,  302,  302,  302,  302,  302,  302),
    "kept_mail":            (404,     404,     404,    404,  404,  404,  404,  404,  404,  404),
    "kept_mail_html":       (404,     404,     404,    404,  404,  404,  404,  404,  404,  404),
    "kept_mail_answer":     (404,     404,     404,    404,  404,  404,  404,  404,  404,  403),
    "mail_in":              (404,     404,     404,    404,  404,  404,  404,  404,  404,  404),  # likewise
    "mail_reports":         (404,     404,     404,    404,  404,  404,  404,  404,  404,  404),  # where no provider is configured
    "healthz":              (200,     200,     200,    200,  200,  200,  200,  200,  200,  200),
    "readyz":               (200,     200,     200,    200,  200,  200,  200,  200,  200,  200),
    "cases":                (SIGN_IN, SIGN_IN, 200,    200,  200,  200,  302,  302,  302,  302),
    "case_new":             (200,     200,     200,    200,  200,  200,  200,  200,  200,  403),
    "case":                 (SIGN_IN, 200,     404,    200,  200,  200,  302,  302,  302,  302),
    "opened_link":          10 * (410,),  # without the link
    "opened_case":          (410,     410,     410,    302,  302,  302,  302,  302,  302,  302),  # without one opened here
    "case_claim":           (SIGN_IN, SIGN_IN, 404,    404,  404,  404,  404,  404,  404,  403),  # of what claims one's address
    "case_live":            (SIGN_IN, 400,     404,    400,  400,  400,  400,  400,  400,  400),
    "case_conversation":    (SIGN_IN, 200,     404,    200,  200,  200,  200,  200,  200,  200),
    "case_replies":         (SIGN_IN, 422,     404,    422,  422,  422,  422,  422,  422,  403),
    "case_given":           (SIGN_IN, 422,     404,    422,  422,  422,  422,  422,  422,  403),
    "case_confirmation":    (SIGN_IN, 302,     404,    302,  302,  302,  302,  302,  302,  403),
    "case_rating":          (SIGN_IN, 422,     404,    403,  422,  403,  403,  403,  403,  403),  # whose case it is, alone
    "case_reopening":       (SIGN_IN, 422,     404,    422,  422,  422,  422,  422,  422,  403),
    "case_copies":          (SIGN_IN, SIGN_IN, 404,    403,  422,  403,  422,  422,  422,  403),  # of its customer and of agents
    "case_copy_removal":    (SIGN_IN, SIGN_IN, 404,    302,  302,  302,  302,  302,  302,  403),  # nobody is in copy
    "attachments":          (422,     422,     422,    422,  422,  422,  422,  422,  422,  403),  # uploads, from visitors too
    "attachment":           (SIGN_IN, 200,     404,    200,  200,  200,  200,  200,  200,  200),
    "attachment_image":     (SIGN_IN, 200,     404,    200,  200,  200,  200,  200,  200,  200),
    "attachment_thumbnail": (SIGN_IN, 200,     404,    200,  200,  200,  200,  200,  200,  200),
    "attachment_removal":   (204,     204,     204,    204,  204,  204,  204,  204,  204,  403),  # of one's own, unsent
    "invitation":           (410,     410,     410,    410,  410,  410,  410,  410,  410,  410),  # without its link
    "organisation":         (SIGN_IN, SIGN_IN, 403,    403,  403,  200,  403,  403,  403,  403),
    "organisation_invitations": (SIGN_IN, SIGN_IN, 403, 403, 403,  422,  403,  403,  403,  403),
    "organisation_resending": (SIGN_IN, SIGN_IN, 403,  403,  403,  404,  403,  403,  403,  403),
    "organisation_withdrawal": (SIGN_IN, SIGN_IN, 403, 403,  403,  404,  403,  403,  403,  403),
    "organisation_removal": (SIGN_IN, SIGN_IN, 403,    403,  403,  404,  403,  403,  403,  403),
    "incidents":            (200,     200,     200,    200,  200,  200,  200,  200,  200,  200),  # the status page is everybody's
    "incident":             (404,     404,     404,    404,  404,  404,  404,  404,  404,  404),
    "incident_feed":        (200,     200,     200,    200,  200,  200,  200,  200,  200,  200),
    "queue":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "queue_live":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "palette":              (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "keys":                 (302,     302,     302,    302,  302,  302,  302,  302,  302,  302),
    "search":               (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "views":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "view_new":             (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "view_change":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "view_delete":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "bulk_start":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "bulk":                 (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "bulk_stop":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "drafts":               (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "macros":               (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "macro_new":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "macro":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  200,  403),
    "macro_copy":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "macro_deletion":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  200,  403),
    "notices":              (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "notices_count":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "notices_reading":      (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "person":               (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  404,  403),
    "person_erasure":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  404,  403),
    "person_exports":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  404,  403),
    "person_export":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  404,  403),
    "mail":                 (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "mail_original":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "mail_held":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "mail_senders":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "mail_rescue":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "mail_deletion":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "radar":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "suggestion":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "suggestion_dismissal": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "suggestion_removal":   (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "reports":              (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "report_table":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  404),
    "audit":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  200,  200),
    "audit_table":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  200,  200),
    "people":               (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  200,  200,  403),
    "account_merge":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  404,  404,  403),
    "account_unmerge":      (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  404,  404,  403),
    "leave":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  404,  404,  403),
    "agents":               (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_case":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_live":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  400,  400,  400,  400),
    "desk_replies":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_notes":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_resolution":      (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_closure":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_reopening":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_assignee":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_team":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_status":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_severity":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_priority":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_area":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_composer":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_macro":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_draft_reply":     (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_draft_note":      (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_draft_resolve":   (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_people":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_following":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_tags":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_promises":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_promises_found":  (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_promise_removal": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_promise_acceptance": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_promise_dismissal": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_snooze":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_waking":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_handover":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_escalation":      (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_escalation_answer": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_escalation_withdrawal": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_requests":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_requests_found":  (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_request_withdrawal": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_copies":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_copy_removal":    (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_forward":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_links":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_link_removal":    (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_merge":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_separation":      (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_known_tags":      (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_clocks":          (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_solved_before":   (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_conversation":    (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_removal":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_secret":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "desk_secret_deletion": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  404,  404,  404,  403),
    "desk_next":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  302),
    "desk_previous":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  302),
    "desk_incidents":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_incident_new":    (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_incident":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_incident_live":   (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  400,  400,  400,  400),
    "desk_incident_update": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_note":   (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_resolve": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_reopen": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_title":  (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_severity": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_area":   (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_owner":  (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_public": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_cases":  (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  200),
    "desk_incident_attach": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_incident_detach": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_joining":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "desk_confirmation":    (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_customer":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "second_factor":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  302,  403),
    "desk_leaving":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "account_login":        (200,     200,     302,    302,  302,  302,  302,  302,  302,  302),
    "account_signup":       (200,     200,     302,    302,  302,  302,  302,  302,  302,  302),
    "account_request_login_code": (200,     200,     302,    302,  302,  302,  302,  302,  302,  302),
    "account_reset_password": (200,     200,     200,    200,  200,  200,  200,  200,  200,  200),
    "account_logout":       (302,     302,     200,    200,  200,  200,  200,  200,  200,  200),
    "account_change_password": (SIGN_IN, SIGN_IN, 302,    302,  302,  302,  302,  302,  302,  302),
    "account_set_password": (SIGN_IN, SIGN_IN, 302,    302,  302,  302,  302,  302,  302,  302),  # after a recent proof
    "account_signature":    (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  200,  200,  200,  403),
    "account_email":        (SIGN_IN, SIGN_IN, 200,    200,  200,  200,  200,  200,  200,  200),
    "account_reauthenticate": (SIGN_IN, SIGN_IN, 302,    302,  302,  302,  302,  302,  302,  302),  # by code
    "account_reauthenticate_by_code": (SIGN_IN, SIGN_IN, *8 * [200]),
    "account_notifications": (SIGN_IN, SIGN_IN, *8 * [200]),
    "account_way_back":     10 * (410,),
    "account_unsubscribe":  10 * (410,),  # without a link that we mailed
    "openid_connect_login": 10 * (404,),  # of no provider
    "openid_connect_callback": 10 * (404,),
    "account_other_devices": (SIGN_IN, SIGN_IN, *8 * [302]),
    "account_device":       (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_index":            (SIGN_IN, SIGN_IN, *8 * [200]),
    "mfa_activate_totp":    (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_deactivate_totp":  (SIGN_IN, SIGN_IN, *8 * [404]),
    "mfa_view_recovery_codes": (SIGN_IN, SIGN_IN, *8 * [404]),
    "mfa_download_recovery_codes": (SIGN_IN, SIGN_IN, *8 * [404]),
    "mfa_generate_recovery_codes": (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_reauthenticate":   (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_list_webauthn":    (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_add_webauthn":     (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_edit_webauthn":    (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_remove_webauthn":  (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_reauthenticate_webauthn": (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_login_webauthn":   (SIGN_IN, SIGN_IN, *8 * [302]),
    "mfa_authenticate":     (SIGN_IN, SIGN_IN, *8 * [302]),
}  # fmt: skip

# What a POST answers where that is another than a GET's.
POSTS = {
    # name                   visitor  guest    mallory carl  cleo  mona  ada   lena  adam  otto
    "bulk_start":           (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "case_new":             (422,     422,     422,    422,  422,  422,  422,  422,  422,  403),
    "macro_new":            (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "macro":                (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  422,  403),
    "macro_deletion":       (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  403,  403,  302,  403),
    "desk_incident_new":    (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_incident_update": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_incident_note":   (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_incident_resolve": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_incident_title":  (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_incident_attach": (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_removal":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_forward":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "desk_joining":         (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  302,  302,  302,  403),
    "desk_customer":        (SIGN_IN, SIGN_IN, 403,    403,  403,  403,  422,  422,  422,  403),
    "account_notifications": (SIGN_IN, SIGN_IN, *8 * [422]),  # without a time zone
    "account_logout":       (302,     302,     302,    302,  302,  302,  302,  302,  302,  302),
    "account_email":        (SIGN_IN, SIGN_IN, 302,    302,  302,  302,  302,  302,  302,  302),
}  # fmt: skip

# Steps in the middle of a way through django-allauth: without its beginning they lead back or say so.
STEPS_OF_ALLAUTH = {
    "account_inactive",
    "account_email_verification_sent",
    "account_confirm_login_code",
    "account_confirm_password_reset_code",
    "account_complete_password_reset",
    "account_password_reset_completed",
}


def named_urls(resolver=None, namespace=""):
    for entry in (resolver or get_resolver()).url_patterns:
        if isinstance(entry, URLResolver):
            yield from named_urls(entry, namespace + (f"{entry.namespace}:" if entry.namespace else ""))
        elif isinstance(entry, URLPattern):
            yield f"{namespace}{entry.name}"


def site_urls():
    return {name for name in named_urls() if not name.startswith("admin:")}


@pytest.fixture
def browsers(mallory, carl, cleo, mona, ada, lena, adam, otto, claimed, browser_of, guest_of):
    people = {user.name.lower(): user for user in (mallory, carl, cleo, mona, ada, lena, adam, otto)}
    signed_in = {name: browser_of(user) for name, user in people.items()}
    return {"visitor": Client(), "guest": guest_of(claimed)} | signed_in


@pytest.fixture
def things(case, claimed):
    """What the addresses of a case lead to: a file, a request, an incident; and a macro."""
    for at in (case, claimed):
        by = at.customer or Guest((at.number,), "this browser")
        conversation.reply(at, by=by, body="", attachments=[attachments.receive(upload(), by=by)])
        requests.ask(at, by=None, what="the log")
    Incident.objects.create(title="Down", system=case.system)
    Macro.objects.create(name="Everybody’s", body="Hello.")
    incoming.receive(b"From: support@127.0.0.1\nSubject: Till\n\nHello?", trusted="")


def url_of(name, number):
    """Its address, of the case with this number and what belongs to it; of what nobody has where it needs another."""
    if name.startswith("attachment"):
        args = [Case.objects.get(pk=number).attachments.get().key]
    elif name.startswith("mail"):
        args = [ReceivedMail.objects.get().key]
    elif name in ("macro", "macro_copy", "macro_deletion"):
        args = [Macro.objects.get().pk]
    elif name.startswith("desk_incident") and number != NOBODYS:
        args = [Incident.objects.get().number, Case.objects.latest("number").number]
    elif name in ("case_given", "desk_request_withdrawal"):
        args = [number, Request.objects.filter(case=number).values_list("pk", flat=True).first() or NOBODYS]
    elif name == "person_export":
        args = [NOBODYS, UUID(int=0)]
    elif name == "desk_removal":
        args = [number, 1]  # its first event
    elif name.startswith(("case", "desk_", "suggestion_removal", "opened_")):
        args = [number, number]
    else:
        args = [NOBODYS]
    for few in ([], args[:1], args):
        with suppress(NoReverseMatch):
            return reverse(name, args=few)
    raise AssertionError(name)


def ask(browser, method, url, **headers):
    """What it answers. What it changes is undone, so that the next one finds everything as it was."""
    cache.clear()
    cookies = deepcopy(browser.cookies)
    with transaction.atomic():
        response = browser.generic(method, url, headers=headers)
        transaction.set_rollback(True)
    browser.cookies = cookies
    if response.status_code == 302 and response.url.startswith("/accounts/login/"):
        return SIGN_IN
    return response.status_code


def answer(browser, name, number):
    url = url_of(name, number)
    got = ask(browser, "GET", url)
    return ask(browser, "POST", url) if got == 405 else got


def is_as_strict(htmx, plain):
    """Whether HTMX gets what it would without. Who is signed out is told so in place, where a page leads to sign-in."""
    if plain in (SIGN_IN, 403, 404, 405):
        return htmx == {SIGN_IN: 401}.get(plain, plain)
    return htmx not in (401, 403, 404, 405) and htmx < 500


def is_of_ones_own(name):
    return name in ("theme", "keys", "invitation") or name.startswith(
        ("account_", "mfa_", "socialaccount_", "openid_connect_")
    )


def test_every_url_has_a_row():
    assert site_urls() == set(MATRIX) | STEPS_OF_ALLAUTH
    assert set(POSTS) <= set(MATRIX)


@pytest.mark.parametrize("role", ROLES)
def test_access(role, browsers, claimed, case, things):
    browser, number = browsers[role], (claimed if role == "guest" else case).number
    found, expected, looser = {}, {}, {}
    for name in MATRIX:
        url = url_of(name, number)
        answers = {method: ask(browser, method, url) for method in ("GET", "POST")}
        found[name] = set(answers.values()) - {405}
        expected[name] = {MATRIX[name][ROLES.index(role)]}
        if name in POSTS:
            found[name] = tuple(answers.values())
            expected[name] = MATRIX[name][ROLES.index(role)], POSTS[name][ROLES.index(role)]
        if role == "otto" and not is_of_ones_own(name):
            found[name] = answers | ({"GET": MATRIX[name][-1]} if answers["GET"] == 405 else {})
            expected[name] = {"GET": MATRIX[name][-1], "POST": 403}  # whoever only reads changes nothing
        for method, plain in answers.items():
            htmx = ask(browser, method, url, **{"HX-Request": "true"})
            if not is_as_strict(htmx, plain):
                looser[name, method, "HTMX"] = plain, htmx
        for method in ("HEAD", "PUT") if role in ("visitor", "mallory") else ():
            other = ask(browser, method, url)
            if other not in (405, *answers.values()):
                looser[name, method] = answers, other
    assert found == expected
    assert looser == {}


@pytest.mark.parametrize("role", ["visitor", "guest", "mallory", "ada"])
def test_a_case_that_does_not_exist_answers_as_one_that_is_not_yours(role, browsers):
    expected = {}
    for name in MATRIX:
        if name.startswith(("case", "desk_")) and name not in LISTS:
            of_agents = 403 if role == "mallory" and name.startswith("desk_") else 404
            expected[name] = SIGN_IN if role in ("visitor", "guest") else of_agents
    assert {name: answer(browsers[role], name, NOBODYS) for name in expected} == expected


@pytest.mark.parametrize(
    "role", ["visitor", "guest", "mallory", "carl", "cleo", "mona", "ada", "lena", "otto"]
)
def test_administration_is_for_administrators(role, browsers):
    let_in = {}
    for name in sorted(name for name in named_urls() if name.startswith("admin:")):
        url = "/admin/anything"
        for args in ([], ["1"], [1, "x"], ["cases"]):
            with suppress(NoReverseMatch):
                url = reverse(name, args=args)
                break
        for method in ("GET", "POST"):
            for headers in ({}, {"HX-Request": "true"}):
                got = ask(browsers[role], method, url, **headers)
                if got not in (SIGN_IN, 302, 401, 403, 404, 405):
                    let_in[name, method, *headers] = got
    assert {name for name, *_ in let_in} <= {"admin:login", "admin:jsi18n"}, let_in


def test_a_colleague_sees_nothing_where_the_organisation_does_not_share(bakery, carl, case, browser_of):
    bakery.shares_cases = False
    bakery.save()
    assert browser_of(carl).get(reverse("case", args=[case.number])).status_code == 404


def test_a_guest_sees_only_the_case_reported_in_this_browser(cleo, case, claimed, browsers):
    other = CaseFactory(customer=None, by=Guest(), claimed_email=cleo.email)
    assert answer(browsers["guest"], "case", claimed.number) == 200
    assert answer(browsers["guest"], "case", other.number) == SIGN_IN
    assert answer(browsers["guest"], "case", case.number) == SIGN_IN


def test_no_browser_sees_as_a_guest_what_is_an_accounts(case, guest_of):
    assert answer(guest_of(case), "case", case.number) == SIGN_IN
    assert answer(guest_of(case), "case_replies", case.number) == SIGN_IN


def test_somebody_deactivated_is_out_at_once(cleo, case, browser_of):
    browser = browser_of(cleo)
    cleo.is_active = False
    cleo.save()
    assert answer(browser, "case", case.number) == SIGN_IN


@pytest.mark.parametrize("number", ["0", "01", "-1", "9" * 19, "9" * 400, "1.5", "²"])
def test_a_number_that_cannot_be_is_not_found(number, ada, browser_of):
    assert browser_of(ada).get(f"/desk/cases/{number}/").status_code == 404
