import type { IncomingMessage } from 'node:http';
import type { Logger } from 'pino';
import { didYouMean } from '../domain/text/did-you-mean.js';
import { name } from '../domain/plan/playbook/scalars.js';
import type { AlertSink } from './alert-sink.js';
import { credentialsOf, isSigned, type Keys } from './authentication.js';
import { Deliveries } from './deliveries.js';
import { reply, tryAgain, type Reply } from './reply.js';
import { BODY_LIMIT, bodyOf } from './request-body.js';
import { readWebhook, TRIGGER_LABEL, type Webhook } from './webhook.js';

export interface Reception {
  readonly sink: AlertSink;
  readonly keys: Keys;
  readonly log: Logger;
  /** The time in epoch milliseconds. */
  readonly now: () => number;
}

const RETRY_SECONDS = 5;
const unauthorized: Reply = {
  ...reply(401, 'the bearer token or the signature is missing or wrong'),
  headers: { 'www-authenticate': 'Bearer' },
};

/** What is answered to each request. A 2xx only once every signal it makes was accepted; whatever may get better by itself is a 503. */
export class AlertReception {
  readonly #deliveries: Deliveries;
  #checking: Promise<Reply> | undefined;

  constructor(private readonly reception: Reception) {
    this.#deliveries = new Deliveries(reception.sink, reception.now);
  }

  async answer(request: IncomingMessage): Promise<Reply> {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if (path === '/healthz')
      return ['GET', 'HEAD'].includes(request.method ?? '') ? await this.#health() : notAllowed('GET');
    const environment = /^\/alerts\/([^/]+)$/.exec(path)?.[1];
    if (!name.safeParse(environment).success || environment === undefined)
      return reply(404, 'nothing is here: alerts go to POST /alerts/<environment>, such as /alerts/prod');
    if (request.method !== 'POST') return notAllowed('POST');
    return await this.#alerts(environment, request);
  }

  async #alerts(environment: string, request: IncomingMessage): Promise<Reply> {
    const { keys, log, now } = this.reception;
    const { headers } = request;
    const credentials = credentialsOf(headers, keys);
    if (credentials === 'refused') return unauthorized;
    if (!/^application\/json *(;|$)/i.test(headers['content-type'] ?? ''))
      return reply(415, 'expected content-type application/json');
    if (!/^(identity)?$/i.test(headers['content-encoding'] ?? ''))
      return reply(415, 'expected a body without content-encoding');
    const body = await bodyOf(request);
    if (body === undefined)
      return reply(
        413,
        `the body is longer than ${BODY_LIMIT} bytes: let the sender put fewer alerts into one message (max_alerts, group_by)`,
      );
    if (credentials === 'signed' && !isSigned(headers, body, keys, now())) return unauthorized;
    let webhook: Webhook;
    try {
      webhook = readWebhook(JSON.parse(body.toString('utf8')) as unknown, now());
    } catch (error) {
      return reply(400, error instanceof SyntaxError ? 'the body is not JSON' : (error as Error).message);
    }
    if (webhook.truncated > 0)
      log.warn(
        { environment, sender: webhook.sender, truncated: webhook.truncated },
        'the sender left alerts out: raise its max_alerts',
      );
    for (const refused of webhook.refused) log.warn({ environment, sender: webhook.sender }, refused);
    return await this.#deliver(environment, webhook);
  }

  async #deliver(environment: string, webhook: Webhook): Promise<Reply> {
    const { log, now } = this.reception;
    const { alerts, sender, ignored, refused, truncated } = webhook;
    const counts = {
      ignored,
      ...(refused.length > 0 ? { refused: refused.slice(0, 10) } : {}),
      ...(truncated > 0 ? { truncated } : {}),
    };
    if (alerts.length === 0 && refused.length === 0)
      return (
        faultOf(webhook, undefined, { signals: 0, ...counts }) ??
        reply(200, `nothing to do: no alert has the label ${TRIGGER_LABEL}`, { signals: 0, ...counts })
      );
    try {
      const began = now();
      const delivery = await this.#deliveries.deliver(environment, alerts);
      const signals = 'signals' in delivery ? delivery.signals : 0;
      log.info(
        {
          environment,
          sender,
          alerts: alerts.length,
          ...delivery,
          ignored,
          refused: refused.length,
          milliseconds: now() - began,
        },
        'alerts received',
      );
      const more = { signals, ...counts };
      if (delivery.kind === 'later')
        return tryAgain(
          'too many changes for one go-live: the rest has to wait, send it again',
          delivery.retryInSeconds,
          more,
        );
      if (delivery.kind === 'no-environment')
        return reply(
          404,
          `no go-live is known in "${environment}".${didYouMean(environment, delivery.known)} Alerts go to POST /alerts/<environment>`,
          more,
        );
      const fault = faultOf(webhook, delivery.kind === 'delivered' ? delivery.triggers : undefined, more);
      if (fault) return fault;
      if (delivery.kind === 'no-go-live')
        return reply(200, `no go-live is open in "${environment}", so there is nothing to stop`, more);
      return reply(200, signals === 0 ? 'nothing new: the go-live knows all of this' : 'told to the go-live', more);
    } catch (error) {
      log.error(
        { err: error, environment },
        'the alerts could not be told to the go-live: the sender is asked to send them again',
      );
      return tryAgain("Temporal can't be asked now: send it again", RETRY_SECONDS, counts);
    }
  }

  /** Asked by anyone, so the server is asked once for all who ask at the same time. */
  #health(): Promise<Reply> {
    this.#checking ??= this.reception.sink
      .check()
      .then(
        () => reply(200, 'ready'),
        () => tryAgain("Temporal can't be asked now", RETRY_SECONDS),
      )
      .finally(() => (this.#checking = undefined));
    return this.#checking;
  }
}

const notAllowed = (method: string): Reply => ({ ...reply(405, `expected ${method}`), headers: { allow: method } });

/** What is wrong with a webhook of which everything good was taken. A 4xx, which Alertmanager and Grafana count as failed: so their own monitoring tells. */
function faultOf(
  { alerts, refused, truncated, tooMany }: Webhook,
  triggers: readonly string[] | undefined,
  more: Readonly<Record<string, unknown>>,
): Reply | undefined {
  const unknown = triggers
    ? [...new Set(alerts.map(({ trigger }) => trigger))].filter((each) => !triggers.includes(each))
    : [];
  const faults: [status: number, what: string][] = [];
  if (refused.length > 0)
    faults.push([
      400,
      `${refused.length} of ${alerts.length + refused.length} alerts with the label ${TRIGGER_LABEL} can't be read`,
    ]);
  if (tooMany > 0)
    faults.push([
      413,
      `${tooMany} of ${alerts.length + refused.length + tooMany} alerts are too many for one message: let the sender put fewer into it (max_alerts, group_by)`,
    ]);
  if (unknown.length > 0)
    faults.push([
      422,
      `the go-live has no external trigger ${unknown
        .slice(0, 5)
        .map((each) => `"${each}"`)
        .join(
          ', ',
        )}.${triggers?.length === 0 ? ' It has none.' : didYouMean(unknown[0] ?? '', triggers ?? [])}`.replace(
        /\.$/,
        '',
      ),
    ]);
  if (truncated > 0)
    faults.push([422, `the sender left ${truncated} alerts out, and nobody knows which: raise its max_alerts`]);
  const [first] = faults;
  const others = alerts.some(({ trigger }) => !unknown.includes(trigger)) ? ['the others were taken'] : [];
  return first && reply(first[0], [...faults.map(([, what]) => what), ...others].join('; '), more);
}
