import { whatGoesOn } from '../../domain/run/what-goes-on.js';
import { Announcer, type CarriedAnnouncements } from './announcer.js';
import type { GoLive } from '../run/go-live.js';

/** The announcer of a go-live: what its messages may name, and what goes on when an update is due. `changed`: how a channel is has changed. */
export function announcerFor(goLive: GoLive, changed: () => void, carried?: CarriedAnnouncements): Announcer {
  const plan = () => (goLive.isOpen ? goLive.plan : undefined);
  return new Announcer(
    {
      plan,
      planHash: () => goLive.planHash,
      values: () => ({ ...goLive.values, service: plan()?.service ?? '', decisionOwner: goLive.decisionOwner }),
      goesOn: () => whatGoesOn(goLive.status(), Date.now()),
      phase: () => goLive.phase,
      record: (what) => goLive.record(what),
      changed,
    },
    carried,
  );
}
