"""Every change of a case's state. Each action takes the case and who acts, and leaves an event.

An action locks the case, checks that the change is allowed, writes, and asks for mail and the live
nudge in the same transaction. What is already so is a no-op that returns None. A change that the
case's state does not allow raises `Refused`, whose message is a sentence for people.
"""
