/** What a worker answers that was asked for an activity of another host than its own: nothing was done. */
export const OTHER_HOST = { otherHost: true } as const;

export const isOtherHost = (answer: unknown): boolean =>
  typeof answer === 'object' && answer !== null && 'otherHost' in answer && answer.otherHost === true;
