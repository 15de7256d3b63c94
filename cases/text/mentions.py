"""The agents whom an `@name` in an internal note mentions. Knows nothing of the database."""

from collections.abc import Iterable
from typing import NamedTuple

from cases.models import User

from .lists import listed
from .markdown import handles


def _handle(agent: User) -> str:
    return agent.email.partition("@")[0].casefold()


def _full_name(agent: User) -> str:
    return "".join(agent.name.split()).casefold()


def _first_name(agent: User) -> str:
    return next(iter(agent.name.split()), "").casefold()


class Mentions(NamedTuple):
    """The agents whom a note mentions."""

    agents: list[User]
    complaints: list[str]  # a sentence for each name that means nobody, or more than one


def agents_called(name: str, agents: Iterable[User]) -> list[User]:
    """Return the agents whom a name may mean. The exact part of an address comes before names, which people share."""
    name, agents = name.casefold(), list(agents)
    for spelling in (_handle, _full_name, _first_name):
        if matching := [agent for agent in agents if spelling(agent) == name]:
            return matching
    return []


def handle_of(agent: User, agents: Iterable[User]) -> str:
    """Return what to type after the @ to mention this agent and nobody else: "sam.ode"."""
    agents = list(agents)
    spellings = (_handle(agent), _full_name(agent))
    return next((name for name in spellings if name and agents_called(name, agents) == [agent]), spellings[0])


def mentions_in(text: str, agents: Iterable[User]) -> Mentions:
    """Return whom a note mentions, each once, with a sentence for each name that means nobody or several."""
    agents, mentioned = list(agents), {}
    called = {name: agents_called(name, agents) for name in map(str.casefold, handles(text))}
    for found in called.values():
        if len(found) == 1:
            mentioned[found[0].pk] = found[0]
    told = f"only {listed(map(str, mentioned.values()))}" if mentioned else "nobody"
    told += " were told" if len(mentioned) > 1 else " was told"
    complaints = [
        _ambiguous(name, found, agents, told) if found else f"@{name} is no agent here, so {told}."
        for name, found in called.items()
        if len(found) != 1
    ]
    return Mentions(list(mentioned.values()), complaints)


def _ambiguous(name: str, several: list[User], agents: list[User], told: str) -> str:
    names = [str(agent) for agent in several]
    if len(set(names)) < len(names):
        names = [f"{agent} ({agent.email})" for agent in several]
    ways = [f"@{handle_of(agent, agents)}" for agent in several]
    return f"@{name} could be {_either(names)}, so {told}: write {_either(ways)}."


def _either(words: list[str]) -> str:
    return " or ".join([", ".join(words[:-1]), words[-1]])


class Completion(NamedTuple):
    """An agent with what to type after the @ to mention them."""

    agent: User
    handle: str


def completions(start: str, agents: Iterable[User], most: int = 8) -> list[Completion]:
    """Return the agents whose address or one of whose names begins like this."""
    agents, start = list(agents), start.casefold()
    matching = [
        agent
        for agent in agents
        if any(word.startswith(start) for word in (_handle(agent), _full_name(agent), *_words(agent)))
    ]
    matching.sort(
        key=lambda agent: not _handle(agent).startswith(start) and not _full_name(agent).startswith(start)
    )
    return [Completion(agent, handle_of(agent, agents)) for agent in matching[:most]]


def _words(agent: User) -> list[str]:
    return agent.name.casefold().split()
