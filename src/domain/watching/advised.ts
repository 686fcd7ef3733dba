/** An advisory trigger that would have fired: how often on the way forward, when last (ISO), and of what. */
export interface Advised {
  readonly trigger: string;
  readonly times: number;
  readonly at: string;
  readonly what: string;
}

/** One time more. */
export function oneMore(
  before: readonly Advised[] | undefined = [],
  { trigger, at, what }: Omit<Advised, 'times'>,
): Advised[] {
  const times = (before.find((each) => each.trigger === trigger)?.times ?? 0) + 1;
  return [...before.filter((each) => each.trigger !== trigger), { trigger, times, at, what }];
}

/** `p95-slow 3×, p1-alert 1×` */
export const advisedText = (all: readonly Pick<Advised, 'trigger' | 'times'>[]): string =>
  all.map(({ trigger, times }) => `${trigger} ${times}×`).join(', ');
