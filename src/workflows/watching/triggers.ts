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
import type { Plan } from '../../domain/plan/plan.js';
import { isAdvisory, isExternal } from '../../domain/plan/playbook/trigger.js';
import type { ExternalTrigger, Trigger } from '../../domain/plan/playbook.js';
import { stopBy } from '../../domain/run/cause.js';
import { goesForward } from '../../domain/run/course.js';
import type { GoLiveStatus } from '../../domain/run/status.js';
import { shortMoment } from '../../domain/time/iso.js';
import { oneMore } from '../../domain/watching/advised.js';
import { SERVICE, type Firing } from '../../domain/watching/segment.js';
import { hypercareOf } from '../hypercare/hypercare-record.js';
import { decide } from '../run/evidence.js';
import type { TriggersPort } from '../run/ports.js';
import type { Run } from '../run/run.js';

/** What happens when a trigger fires (playbook §4): a rollback at once, a question to people, or of an advisory one a line. Keeps the triggers that others fire. */
export class Triggers implements TriggersPort {
  readonly #asked = new Set<string>();

  constructor(private readonly run: Run) {}

  /** Whether a question about a trigger stands in the way of the next step. */
  get blocks(): boolean {
    return this.#asked.size > 0;
  }

  fire(firing: Firing): void {
    const { run } = this;
    const { trigger: name, check, target, detail, at } = firing;
    const what = `${check} at ${target}: ${detail}`;
    const care = hypercareOf(run);
    // Taking back what somebody else has deployed is for people to decide (design §5).
    const { foreign } = care;
    const action = decide('trigger', { trigger: name, ...(foreign === undefined ? {} : { foreign }) }, run.plan);
    if (action === 'note') return this.#advise(name, what);
    run.record(`trigger ${name}: ${what}`);
    run.doubts.ofTrigger(name, what);
    care.hasFired(firing);
    if (foreign !== undefined) void this.#ask(name, `${what}. But ${foreign} is live, none of this go-live's releases`);
    else if (action === 'ask') void this.#ask(name, what);
    else run.stop({ kind: 'trigger', reason: `${check} at ${target} ${detail}`, by: `trigger ${name}` }, at);
  }

  /** It would have fired, and that is all. After a stop there is nothing left that it could have done. */
  #advise(trigger: string, what: string): void {
    const { run } = this;
    if (!goesForward(run.state.course)) return;
    run.record(`advisory trigger ${trigger} would have fired: ${what}`);
    run.state.advised = oneMore(run.state.advised, { trigger, at: new Date().toISOString(), what });
    run.show();
  }

  /** The signal `alert`, with whatever payload. */
  alert(payload: unknown): void {
    const { run } = this;
    const read = readAlert(payload, Date.now());
    if ('refused' in read) return run.hasNoEffect(`an alert was ignored: ${read.refused}`);
    const alert: Alert = { heard: Date.now(), ...read };
    const known = this.#plan?.triggers.filter(isExternal).map(({ name }) => name);
    if (known && !known.includes(alert.trigger)) return this.#isUnknown(alert, known);
    const before = this.#alerts;
    this.#alerts = takeBounded(before, inPlace(before, alert, Date.now()));
    if (firingSince(this.#alerts, alert.trigger) === undefined)
      this.#setFired(this.#fired.filter((each) => each !== alert.trigger));
    // What is told again and again fills no record.
    if (!isNews(before, this.#alerts, alert)) return this.#alerts === before ? undefined : run.show();
    if (!goesForward(run.state.course))
      return run.hasNoEffect(
        `the alert ${alert.trigger} of ${shownAs(alert)} (${alert.state}) was ignored: the go-live is stopping or over`,
      );
    run.record(
      `alert ${alert.trigger} of ${shownAs(alert)}: ${alert.state} since ${shortMoment(alert.since)}${alert.value === undefined ? '' : `, ${alert.value}`}`,
    );
    run.show();
  }

  /** Fires external triggers when they have been met for their time. Never returns; a cancelled scope ends it. */
  async followAlerts(): Promise<never> {
    // Alerts may come before it is known which there are.
    await condition(() => this.#plan !== undefined);
    this.#forgetUnknown();
    for (;;) {
      const alerts = this.#alerts;
      const met = this.#metSince();
      const waiting = this.#external().flatMap((trigger) => {
        const due = externalDeadline(alerts, trigger);
        return due === undefined || this.#fired.includes(trigger.name) ? [] : [{ trigger, due }];
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
    return [...this.#shown(() => true), ...this.#unknown(() => true)];
  }

  /** Alerts that are firing now, and could do something. */
  get firing(): GoLiveStatus['alerts'] {
    return this.#shown((trigger) => !isAdvisory(trigger) && externalDeadline(this.#alerts, trigger) !== undefined);
  }

  /** Triggers that could do something, of which somebody says that nothing is known. */
  get unknown(): GoLiveStatus['alerts'] {
    return this.#unknown((trigger) => !isAdvisory(trigger));
  }

  #unknown(which: (trigger: ExternalTrigger) => boolean): GoLiveStatus['alerts'] {
    return this.#external()
      .filter(which)
      .flatMap(({ name }) => {
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
        const text = firingText(this.#alerts, trigger, Date.now());
        const fired = this.#fired.includes(trigger.name);
        const running = isAdvisory(trigger)
          ? `advisory, ${fired ? 'would have fired, ' : ''}${text}`
          : `${fired ? 'has fired, ' : ''}${text}`;
        return since === undefined || text === undefined
          ? []
          : [
              {
                trigger: trigger.name,
                since: new Date(since).toISOString(),
                running,
                ...(isAdvisory(trigger) ? { advisory: true as const } : {}),
                ...(due === undefined || trigger.for === 0 || fired || isAdvisory(trigger)
                  ? {}
                  : { clock: { action: trigger.action, due: new Date(due).toISOString() } }),
              },
            ];
      });
  }

  /** Until it begins nothing fires; what still does then, does then. */
  get #plan(): Plan | undefined {
    const { opening, course } = this.run.state;
    return course.is === 'scheduled' ? undefined : opening?.plan;
  }

  get #alerts(): ExternalAlerts {
    return this.run.state.alerts.known;
  }

  set #alerts(known: ExternalAlerts) {
    this.run.state.alerts = { ...this.run.state.alerts, known };
  }

  /** External triggers that have fired and are silent until they are resolved. */
  get #fired(): readonly string[] {
    return this.run.state.alerts.fired;
  }

  #setFired(fired: readonly string[]): void {
    this.run.state.alerts = { ...this.run.state.alerts, fired };
  }

  #external(): ExternalTrigger[] {
    return (this.#plan?.triggers ?? ([] as Trigger[])).filter(isExternal);
  }

  #forgetUnknown(): void {
    const known = this.#external().map(({ name }) => name);
    this.#alerts.filter(({ trigger }) => !known.includes(trigger)).forEach((alert) => this.#isUnknown(alert, known));
    this.#alerts = this.#alerts.filter(({ trigger }) => known.includes(trigger));
  }

  #isUnknown(alert: Parameters<typeof shownAs>[0] & { trigger: string }, known: readonly string[]): void {
    const { trigger } = alert;
    this.run.hasNoEffect(
      `the alert of ${shownAs(alert)} was ignored: no external trigger "${trigger}".${didYouMean(trigger, known)}`,
    );
  }

  #fireExternal(trigger: ExternalTrigger): void {
    this.#setFired([...this.#fired, trigger.name]);
    const { detail } = decide('alert', { alerts: this.#alerts, trigger: trigger.name, now: Date.now() }, this.run.plan);
    const at = externalDeadline(this.#alerts, trigger);
    this.fire({ trigger: trigger.name, check: 'alert', target: SERVICE, detail, ...(at === undefined ? {} : { at }) });
  }

  /** The question stays until somebody answers it, whatever the readings do meanwhile: that it fired is a fact. */
  async #ask(name: string, what: string): Promise<void> {
    if (this.#asked.has(name)) return;
    this.#asked.add(name);
    try {
      const wayOut = this.run.wayOut();
      const decision = await this.run.askForward({
        id: `trigger-${name}`,
        reason: `The trigger ${name} has fired: ${what}. Nothing goes on until somebody decides.`,
        choices: ['go-on', wayOut],
      });
      if (decision.choice !== 'go-on') this.run.stop(stopBy(decision));
    } catch (error) {
      // Taken back with the way forward: whatever stopped that has answered it.
      if (!isCancellation(error)) throw error;
    } finally {
      this.#asked.delete(name);
      this.run.show();
    }
  }
}
