/** A question to people that stops progress, never a rollback (design §2). */
export interface Hold<Choice extends string = string> {
  readonly id: string;
  readonly reason: string;
  readonly choices: readonly Choice[];
  /** Who alone may answer it; taking over is open to everyone. */
  readonly by?: readonly string[];
  /** The command that answers it, where that is another one than `golive decide`. */
  readonly answer?: string;
}

/** A hold that waits for its answer. Times are ISO. */
export interface OpenHold extends Hold {
  readonly openedAt: string;
  readonly pages: number;
}

/** A person's answer. Payloads are claims, not identities (design §8). */
export interface Decision<Choice extends string = string> {
  readonly hold: string;
  readonly choice: Choice;
  readonly by: string;
  readonly reason: string;
}

/** The command that answers a hold, as an operator can paste it. */
export function answerCommand(environment: string, hold: Pick<Hold, 'id' | 'choices' | 'answer'>): string {
  return hold.answer ?? `golive decide ${environment} --hold ${hold.id} --choice ${hold.choices.join('|')} --by NAME --reason WHY`;
}

/** Why an answer can't be taken, or undefined when it can. */
export function refusal(open: readonly Hold[], answer: { hold: string; choice: string; by?: string }): string | undefined {
  const hold = open.find((each) => each.id === answer.hold);
  if (!hold) {
    return open.length === 0
      ? `No hold is open, so there is nothing to decide.`
      : `There is no open hold "${answer.hold}". Open: ${open.map((each) => `${each.id} (${each.choices.join(', ')})`).join('; ')}.`;
  }
  if (!hold.choices.includes(answer.choice)) return `"${answer.choice}" doesn't answer the hold "${hold.id}". Choose one of: ${hold.choices.join(', ')}.`;
  if (hold.by && answer.choice !== 'take-over' && !hold.by.includes(answer.by ?? '')) return `Only ${hold.by.join(', ')} may answer the hold "${hold.id}", not ${answer.by ?? 'nobody'}.`;
  return undefined;
}
