"""The jobs of a process as `manage.py run` starts them, without its pages: what a test kills."""

import asyncio

import django


async def work() -> None:
    django.setup()
    from portal.jobs import Jobs

    Jobs().start()
    await asyncio.Event().wait()


asyncio.run(work())
