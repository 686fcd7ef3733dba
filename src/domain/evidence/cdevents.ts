import type { Lifecycle } from './lifecycle.js';

/** Version 0.4.1 of CDEvents (https://cdevents.dev), whose events of services and incidents are of version 0.2.0. */
const VERSION = '0.4.1';
const OF_EVENTS = '0.2.0';

/** A lifecycle event as CDEvents has it. */
export interface CDEvent {
  readonly context: {
    readonly version: string;
    readonly id: string;
    readonly source: string;
    readonly type: string;
    readonly timestamp: string;
  };
  readonly subject: {
    readonly id: string;
    readonly source: string;
    readonly type: 'service' | 'incident';
    readonly content: Readonly<Record<string, unknown>>;
  };
}

/**
 * The events of a go-live, in their order: `service.upgraded` when the release is live and verified, `incident.detected` when it began to fail,
 * `service.rolledback` and `incident.resolved` when the previous one was proven to be back. The same go-live gives the same IDs, however often it is asked.
 */
export function cdevents(of: Lifecycle): CDEvent[] {
  const { id, environment, service, release, previousRelease, liveAt, failingSince, restoredAt, cause } = of;
  const source = `/golive/${encodeURIComponent(environment)}`;
  const name = service ?? environment;
  const where = { environment: { id: environment, source } };
  const artifact = (tag: string | undefined) =>
    tag === undefined ? {} : { artifactId: `pkg:generic/${encodeURIComponent(name)}@${encodeURIComponent(tag)}` };
  const event = (type: string, at: string | undefined, subject: Pick<CDEvent['subject'], 'id' | 'type' | 'content'>) =>
    at === undefined
      ? []
      : [
          {
            context: {
              version: VERSION,
              id: `${id}/${type}`,
              source,
              type: `dev.cdevents.${type}.${OF_EVENTS}`,
              timestamp: at,
            },
            subject: { ...subject, source },
          },
        ];
  const asService = (tag: string | undefined) => ({
    id: name,
    type: 'service' as const,
    content: { ...where, ...artifact(tag) },
  });
  const asIncident = {
    id: `${id}/incident`,
    type: 'incident' as const,
    content: {
      ...(cause === undefined ? {} : { description: cause }),
      ...where,
      service: { id: name, source },
      ...artifact(release),
    },
  };
  return [
    ...event('service.upgraded', liveAt, asService(release)),
    ...event('incident.detected', failingSince, asIncident),
    ...event('service.rolledback', restoredAt, asService(previousRelease)),
    ...(failingSince === undefined ? [] : event('incident.resolved', restoredAt, asIncident)),
  ];
}
