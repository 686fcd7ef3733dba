/** The signals by which people steer a go-live, each with who and why (design §4). Stable names: operators type them. */
export type SteeringSignal = 'pause' | 'resume' | 'promote';

/** The signal by which somebody else's alert is told. */
export const ALERT_SIGNAL = 'alert';

/** The name of the query whether a run goes on, which only somebody answers who carries it on. */
export const ALIVE_QUERY = 'alive';
