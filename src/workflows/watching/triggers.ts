import { condition, isCancellation } from '@temporalio/workflow';
import { didYouMean } from '../../domain/text/did-you-mean.js';
import { readAlert, type Alert } from '../../domain/alerts/alert.js';
import { takeBounded } from '../../domain/alerts/bounded-alerts.js';
import {
  externalDeadline,
  firingSince,
  firingText,
  inPlace,
  isNews,
  shownAs,
  unknownText,
  type ExternalAlerts,
} from '../../domain/alerts/external-alerts.js';
import type { Decision, Hold } from '../../domain/people/hold.js';
import type { Plan } from '../../domain/plan/plan.js';
import { isExternal } from '../../domain/plan/playbook/trigger.js';
import type { ExternalTrigger, Trigger } from '../../domain/plan/playbook.js';
import type { GoLiveStatus, Stop } from '../../domain/run/status.js';
import { SERVICE, type Firing } from '../../domain/watching/segment.js';

interface Surroundings {
  plan(): Plan | undefined;
  /** Whether a trigger can still change something. */
  listens(): boolean;
  ask(hold: Hold): Promise<Decision>;
  /** What a person may choose besides going on. */
  wayOut(): string;
  /** A version that is live and none of this run's: taking it back is for people to decide (design §5). */
  foreign(): string | undefined;
  hasFired(firing: Firing): void;
  stop(stop: Omit<Stop, 'at'>): void;
  record(what: string): void;
  /** A message changes nothing, and why. */
  hasNoEffect(what: string): void;
  changed(): void;
}

export interface CarriedTriggers {
  readonly alerts: ExternalAlerts;
  readonly fired: readonly string[];
}

/** What happens when a trigger fires (playbook §4): a rollback at once, or a question to people. Keeps the triggers that others fire. */
export class Triggers {
  #alerts: ExternalAlerts;
  /** External triggers that have fired and are silent until they are resolved. */
  readonly #fired: Set<string>;
  readonly #asked = new Set<string>();

  constructor(
    private readonly around: Surroundings,
    { alerts, fired }: CarriedTriggers = { alerts: [], fired: [] },
  ) {
    this.#alerts = alerts;
    this.#fired = new Set(fired);
  }

  get carried(): CarriedTriggers {
    return { alerts: this.#alerts, fired: [...this.#fired] };
  }

  /** Whether a question about a trigger stands in the way of the next step. */
  get blocks(): boolean {
    return this.#asked.size > 0;
  }

  fire(firing: Firing): void {
    const { around } = this;
    const { trigger: name, check, target, detail } = firing;
    const what = `${check} at ${target}: ${detail}`;
    const foreign = around.foreign();
    around.record(`trigger ${name}: ${what}`);
    around.hasFired(firing);
    if (foreign !== undefined) void this.#ask(name, `${what}. But ${foreign} is live, none of this go-live's releases`);
    else if (around.plan()?.triggers.find((each) => each.name === name)?.action === 'ask') void this.#ask(name, what);
    else around.stop({ kind: 'trigger', reason: `${check} at ${target} ${detail}`, by: `trigger ${name}` });
  }

  /** The signal `alert`, with whatever payload. */
  alert(payload: unknown): void {
    const { around } = this;
    const read = readAlert(payload, Date.now());
    if ('refused' in read) return around.hasNoEffect(`an alert was ignored: ${read.refused}`);
    const alert: Alert = { heard: Date.now(), ...read };
    const known = around
      .plan()
      ?.triggers.filter(isExternal)
      .map(({ name }) => name);
    if (known && !known.includes(alert.trigger)) return this.#isUnknown(alert, known);
    const before = this.#alerts;
    this.#alerts = takeBounded(before, inPlace(before, alert, Date.now()));
    if (firingSince(this.#alerts, alert.trigger) === undefined) this.#fired.delete(alert.trigger);
    // What is told again and again fills no record.
    if (!isNews(before, this.#alerts, alert)) return this.#alerts === before ? undefined : around.changed();
    if (!around.listens())
      return around.hasNoEffect(
        `the alert ${alert.trigger} of ${shownAs(alert)} (${alert.state}) was ignored: the go-live is stopping or over`,
      );
    around.record(
      `alert ${alert.trigger} of ${shownAs(alert)}: ${alert.state} since ${new Date(alert.since).toISOString()}${alert.value === undefined ? '' : `, ${alert.value}`}`,
    );
    around.changed();
  }

  /** Fires external triggers when they have been met for their time. Never returns; a cancelled scope ends it. */
  async followAlerts(): Promise<never> {
    // Alerts may come before it is known which there are.
    await condition(() => this.around.plan() !== undefined);
    this.#forgetUnknown();
    for (;;) {
      const alerts = this.#alerts;
      const met = this.#metSince();
      const waiting = this.#external().flatMap((trigger) => {
        const due = externalDeadline(alerts, trigger);
        return due === undefined || this.#fired.has(trigger.name) ? [] : [{ trigger, due }];
      });
      for (const { trigger, due } of waiting) if (due <= Date.now()) this.#fireExternal(trigger);
      const left = Math.min(
        Infinity,
        ...waiting.map(({ due }) => due - Date.now()).filter((milliseconds) => milliseconds > 0),
      );
      const changed = () => this.#alerts !== alerts && this.#metSince() !== met;
      if (left === Infinity) await condition(changed);
      else await condition(changed, left, { summary: 'until an alert has lasted' });
    }
  }

  /** Since when each external trigger is met, and when it is due. */
  #metSince(): string {
    return this.#external()
      .map((trigger) => `${firingSince(this.#alerts, trigger.name)} ${externalDeadline(this.#alerts, trigger)}`)
      .join(' ');
  }

  /** What others say that people should know: what fires, what may be a stale copy, and what nothing is known of. */
  get alerts(): GoLiveStatus['alerts'] {
    return [...this.#shown(() => true), ...this.unknown];
  }

  /** Alerts that are firing now. */
  get firing(): GoLiveStatus['alerts'] {
    return this.#shown((trigger) => externalDeadline(this.#alerts, trigger) !== undefined);
  }

  /** Triggers of which somebody says that nothing is known. */
  get unknown(): GoLiveStatus['alerts'] {
    return this.#external().flatMap(({ name }) => {
      const unknown = unknownText(this.#alerts, name, Date.now());
      return unknown === undefined
        ? []
        : [{ trigger: name, since: new Date(unknown.since).toISOString(), running: unknown.text }];
    });
  }

  #shown(which: (trigger: ExternalTrigger) => boolean): GoLiveStatus['alerts'] {
    return this.#external()
      .filter(which)
      .flatMap((trigger) => {
        const due = externalDeadline(this.#alerts, trigger);
        const since = due === undefined ? firingSince(this.#alerts, trigger.name) : due - trigger.for;
        const running = firingText(this.#alerts, trigger, Date.now());
        return since === undefined || running === undefined
          ? []
          : [
              {
                trigger: trigger.name,
                since: new Date(since).toISOString(),
                running: this.#fired.has(trigger.name) ? `has fired, ${running}` : running,
              },
            ];
      });
  }

  #external(): ExternalTrigger[] {
    return (this.around.plan()?.triggers ?? ([] as Trigger[])).filter(isExternal);
  }

  #forgetUnknown(): void {
    const known = this.#external().map(({ name }) => name);
    this.#alerts.filter(({ trigger }) => !known.includes(trigger)).forEach((alert) => this.#isUnknown(alert, known));
    this.#alerts = this.#alerts.filter(({ trigger }) => known.includes(trigger));
  }

  #isUnknown(alert: Parameters<typeof shownAs>[0] & { trigger: string }, known: readonly string[]): void {
    const { trigger } = alert;
    this.around.hasNoEffect(
      `the alert of ${shownAs(alert)} was ignored: no external trigger "${trigger}".${didYouMean(trigger, known)}`,
    );
  }

  #fireExternal(trigger: ExternalTrigger): void {
    this.#fired.add(trigger.name);
    this.fire({
      trigger: trigger.name,
      check: 'alert',
      target: SERVICE,
      detail: firingText(this.#alerts, trigger, Date.now()) ?? 'fires',
    });
  }

  /** The question stays until somebody answers it, whatever the readings do meanwhile: that it fired is a fact. */
  async #ask(name: string, what: string): Promise<void> {
    if (this.#asked.has(name)) return;
    this.#asked.add(name);
    try {
      const wayOut = this.around.wayOut();
      const decision = await this.around.ask({
        id: `trigger-${name}`,
        reason: `The trigger ${name} has fired: ${what}. Nothing goes on until somebody decides.`,
        choices: ['go-on', wayOut],
      });
      if (decision.choice !== 'go-on') this.around.stop({ kind: 'decision', reason: decision.reason, by: decision.by });
    } catch (error) {
      // Taken back with the way forward: whatever stopped that has answered it.
      if (!isCancellation(error)) throw error;
    } finally {
      this.#asked.delete(name);
      this.around.changed();
    }
  }
}
