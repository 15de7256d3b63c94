from django.urls import path

from cases.views.customer import case, cases, leaving, mailed, report

urlpatterns = [
    path("", cases.case_list, name="cases"),
    path("new/", report.case_new, name="case_new"),
    path("mailed/", mailed.link, name="opened_link"),
    path("mailed/<number:number>/", mailed.case, name="opened_case"),
    path("leaving/<str:token>/", leaving.page, name="copy_leaving"),
    path("<number:number>/", case.case_detail, name="case"),
    path("<number:number>/claim/", case.claim, name="case_claim"),
    path("<number:number>/live/", case.case_live, name="case_live"),
    path("<number:number>/conversation/", case.case_conversation, name="case_conversation"),
    path("<number:number>/replies/", case.replies, name="case_replies"),
    path("<number:number>/requests/<number:pk>/", case.given, name="case_given"),
    path("<number:number>/confirmation/", case.confirmation, name="case_confirmation"),
    path("<number:number>/rating/", case.rating, name="case_rating"),
    path("<number:number>/copies/", case.copy, name="case_copies"),
    path("<number:number>/copies/<number:pk>/removal/", case.copy_removal, name="case_copy_removal"),
    path("<number:number>/reopening/", case.reopening, name="case_reopening"),
]
