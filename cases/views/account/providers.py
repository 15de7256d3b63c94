"""To the provider of identities, and back."""

from collections.abc import Callable
from functools import wraps
from threading import BoundedSemaphore
from typing import Any

from allauth.socialaccount.models import SocialApp
from allauth.socialaccount.providers.base import ProviderException
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.oauth2.views import OAuth2CallbackView, OAuth2LoginView
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST
from requests import RequestException

from cases.access import of_ones_own
from cases.sign_in.providers import Provider, refused, sentence

View = Callable[..., HttpResponse]

AT_ONCE = BoundedSemaphore(4)  # so that a slow provider holds few of the threads that make pages
BUSY = "Too many people sign in this way just now. Try again in a moment."
# What a provider sends is read in many places, none of which expects nonsense.
NONSENSE = (KeyError, TypeError, ValueError, AttributeError)


def with_provider(view: View) -> View:
    @of_ones_own
    @login_not_required
    @wraps(view)
    def wrapper(request: HttpRequest, provider_id: str) -> HttpResponse:
        if not AT_ONCE.acquire(blocking=False):
            return refused(request, BUSY, 503)
        try:
            return view(request, Provider(request, provider_id))
        except SocialApp.DoesNotExist:
            raise Http404 from None
        except (RequestException, OAuth2Error, ProviderException, *NONSENSE) as error:
            return refused(request, sentence(error))
        finally:
            AT_ONCE.release()

    return wrapper


@with_provider
@require_POST
def login(request: HttpRequest, provider: Any) -> HttpResponse:
    """By a page of ours: the policy lets no form lead to another site, be it by a redirect."""
    answer = OAuth2LoginView.adapter_view(provider)(request)
    return render(request, "account/provider.html", {"address": answer["Location"]})


@with_provider
@require_GET
def callback(request: HttpRequest, provider: Any) -> HttpResponse:
    return OAuth2CallbackView.adapter_view(provider)(request)
