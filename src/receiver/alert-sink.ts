import type { Alert } from '../domain/alerts/alert.js';

/** What there is in an environment. */
export type Found =
  | {
      readonly kind: 'open';
      /** A name of the go-live that stays the same when it continues as a new run. */
      readonly goLive: string;
      /** The external triggers of its plan; absent while nobody knows them. */
      readonly triggers?: readonly string[];
    }
  /** No go-live is open, as at most times. */
  | { readonly kind: 'no-go-live' }
  /** Never was there one in it, as far back as is known, but in these others. */
  | { readonly kind: 'no-environment'; readonly known: readonly string[] };

/** Where alerts go. Every call is bounded in time and rejects when the other side can't be asked. */
export interface AlertSink {
  lookFor(environment: string): Promise<Found>;
  /** Resolves once the alert is kept for the go-live, even if nobody acts on it yet: true. False when it has ended meanwhile. */
  tell(environment: string, alert: Alert): Promise<boolean>;
  /** Rejects when the other side can't be asked now. */
  check(): Promise<void>;
}
