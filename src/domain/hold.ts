import { shellWord } from './shell-word.js';

/** A question to people that stops progress, never a rollback (design §2). */
export interface Hold<Choice extends string = string> {
  readonly id: string;
  readonly reason: string;
  readonly choices: readonly Choice[];
  /** Who may answer; anybody when left out. Payloads are claims (design §8). */
  readonly by?: readonly string[];
  /** It blocks nothing: nobody waits for its answer. */
  readonly aside?: boolean;
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
export function answerCommand(environment: string, { id, choices, by = [] }: Pick<Hold, 'id' | 'choices' | 'by'>): string {
  const [only, ...others] = by;
  return `golive decide ${environment} --hold ${id} --choice ${choices.join('|')} --by ${only !== undefined && others.length === 0 ? shellWord(only) : 'NAME'} --reason WHY`;
}

/** Why an answer can't be taken, or undefined when it can. */
export function refusal(open: readonly Hold[], answer: { hold: string; choice: string; by: string }): string | undefined {
  const hold = open.find((each) => each.id === answer.hold);
  if (!hold) {
    return open.length === 0
      ? `No hold is open, so there is nothing to decide.`
      : `There is no open hold "${answer.hold}". Open: ${open.map((each) => `${each.id} (${each.choices.join(', ')})`).join('; ')}.`;
  }
  if (!hold.choices.includes(answer.choice)) return `"${answer.choice}" doesn't answer the hold "${hold.id}". Choose one of: ${hold.choices.join(', ')}.`;
  if (hold.by && !hold.by.includes(answer.by)) return `The hold "${hold.id}" is answered by ${hold.by.join(' or ')}, not by ${answer.by}.`;
  return undefined;
}
