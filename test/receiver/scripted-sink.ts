import type { Alert } from '../../src/domain/alerts/alert.js';
import type { AlertSink, Found } from '../../src/receiver/alert-sink.js';

/** A sink whose answers a test decides, and what it was told. */
export class ScriptedSink implements AlertSink {
  readonly told: { environment: string; alert: Alert }[] = [];
  goLive: (environment: string) => string | undefined = () => 'first';
  /** Called before an alert is accepted; may throw or wait. */
  beforeTelling: (alert: Alert) => unknown = () => undefined;
  healthy = true;
  /** The external triggers of the open go-live, if they are known. */
  triggers: readonly string[] | undefined;
  /** Which environments there are, if it is known. */
  environments: readonly string[] = [];

  async lookFor(environment: string): Promise<Found> {
    const goLive = await Promise.resolve().then(() => this.goLive(environment));
    const { triggers, environments } = this;
    if (goLive !== undefined) return { kind: 'open', goLive, ...(triggers === undefined ? {} : { triggers }) };
    return environments.length === 0 || environments.includes(environment)
      ? { kind: 'no-go-live' }
      : { kind: 'no-environment', known: environments };
  }

  async tell(environment: string, alert: Alert): Promise<boolean> {
    await this.beforeTelling(alert);
    if (this.goLive(environment) === undefined) return false;
    this.told.push({ environment, alert });
    return true;
  }

  check(): Promise<void> {
    return this.healthy ? Promise.resolve() : Promise.reject(new Error('away'));
  }

  /** `p1 firing a`, one for each signal. */
  get signals(): string[] {
    return this.told.map(({ alert }) => `${alert.trigger} ${alert.state} ${alert.source}`);
  }
}
