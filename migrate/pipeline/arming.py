"""Setting a site's security type: to a value, so it may be repeated."""

from migrate.errors import Rejected
from migrate.model.states import State
from migrate.pipeline.jobs import SiteUnit
from migrate.pipeline.running import Running

STEP = "arming"


async def arm(running: Running, unit: SiteUnit, *, n: int, site_id: int, security_type: int) -> None:
    """Set the security type of site `n`, unless this run has done so."""
    if running.ledger.state(n, STEP) is State.SETTLED or running.has_failed(n):
        return
    sent = await running.send(
        STEP,
        [n],
        attempt=1,
        body={"security_type": security_type},
        call=lambda exchange: running.remote.update_arming_settings(site_id, security_type, exchange=exchange),
        repeatable=True,
    )
    if sent.error is None:
        await running.answered(sent, running.step_made(n, site_id), done=[(n, STEP)])
        return
    what = f"its security type could not be set to {security_type}"
    await running.answered(sent, [running.incomplete(n, site_id, what, error=sent.error)])
    if isinstance(sent.error, Rejected):
        running.refused(sent.error, external_site_id=unit.external_site_id)
