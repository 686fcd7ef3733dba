import type { Alert } from '../../src/domain/alert.js';
import type { AlertSink } from '../../src/receiver/alert-sink.js';

/** A sink whose answers a test decides, and what it was told. */
export class ScriptedSink implements AlertSink {
  readonly told: { environment: string; alert: Alert }[] = [];
  goLive: (environment: string) => string | undefined = () => 'first';
  /** Called before an alert is accepted; may throw or wait. */
  beforeTelling: (alert: Alert) => unknown = () => undefined;
  healthy = true;

  openGoLive(environment: string): Promise<string | undefined> {
    return Promise.resolve().then(() => this.goLive(environment));
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
