import type { Alert } from '../domain/alert.js';

/** Where alerts go. Every call is bounded in time and rejects when the other side can't be asked. */
export interface AlertSink {
  /** Which go-live is open in an environment, by a name that stays the same when it continues as a new run; undefined when there is none. */
  openGoLive(environment: string): Promise<string | undefined>;
  /** Resolves once the alert is kept for the go-live, even if nobody acts on it yet: true. False when it has ended meanwhile. */
  tell(environment: string, alert: Alert): Promise<boolean>;
  /** Rejects when the other side can't be asked now. */
  check(): Promise<void>;
}
