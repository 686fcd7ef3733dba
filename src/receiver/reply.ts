/** What the receiver answers: a status, and an object that says why in a sentence. */
export interface Reply {
  readonly status: number;
  readonly body: { readonly message: string } & Readonly<Record<string, unknown>>;
  readonly headers?: Readonly<Record<string, string>>;
}

export const reply = (status: number, message: string, more: Readonly<Record<string, unknown>> = {}): Reply => ({
  status,
  body: { message, ...more },
});

/**
 * Asks the sender to try again. With 503 and not with 429, which would be the better word for "too many": Alertmanager tries again after a 5xx
 * alone, and drops what was answered with any 4xx.
 */
export const tryAgain = (
  message: string,
  afterSeconds: number,
  more: Readonly<Record<string, unknown>> = {},
): Reply => ({
  ...reply(503, message, more),
  headers: { 'retry-after': String(afterSeconds) },
});
