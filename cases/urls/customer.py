from django.urls import path

from cases.views import customer

urlpatterns = [
    path("", customer.case_list, name="cases"),
    path("new/", customer.case_new, name="case_new"),
    path("<number:number>/", customer.case_detail, name="case"),
    path("<number:number>/claim/", customer.claim, name="case_claim"),
    path("<number:number>/live/", customer.case_live, name="case_live"),
    path("<number:number>/conversation/", customer.case_told, name="case_told"),
    path("<number:number>/replies/", customer.replies, name="case_replies"),
    path("<number:number>/requests/<number:pk>/", customer.given, name="case_given"),
    path("<number:number>/confirmation/", customer.confirmation, name="case_confirmation"),
    path("<number:number>/rating/", customer.rating, name="case_rating"),
    path("<number:number>/reopening/", customer.reopening, name="case_reopening"),
]
