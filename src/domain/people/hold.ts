import { shellWord } from '../text/shell-word.js';
import { shortIso } from '../time/iso.js';

/** A question to people that stops progress, never a rollback (design §2). */
export interface Hold<Choice extends string = string> {
  readonly id: string;
  readonly reason: string;
  readonly choices: readonly Choice[];
  /** Who alone may answer; anybody when left out. Taking over is open to everyone. Payloads are claims (design §8). */
  readonly by?: readonly string[];
  /** It blocks nothing: nobody waits for its answer. */
  readonly aside?: boolean;
  /** The commands that answer it, where those are others than `golive decide`. */
  readonly answers?: readonly string[];
}

/** Who was paged about a hold, and when the next page goes out, ISO. */
export interface Paging {
  /** How often everybody was. */
  readonly pages: number;
  /** Of the plan's channels. */
  readonly paged: readonly { readonly channel: string; readonly times: number }[];
  readonly nextPage?: string;
}

/** A hold that waits for its answer. Times are ISO. */
export interface OpenHold extends Hold, Paging {
  readonly openedAt: string;
}

/** A person's answer. Payloads are claims, not identities (design §8). */
export interface Decision<Choice extends string = string> {
  readonly hold: string;
  readonly choice: Choice;
  readonly by: string;
  readonly reason: string;
  /** The reason of the hold it answers. */
  readonly about?: string;
}

/** What was answered to a hold, by whom and when, ISO. */
export interface Answered extends Omit<Decision, 'reason' | 'about'> {
  readonly at: string;
}

/** So many answers are remembered for whoever comes second. */
const MOST_ANSWERED = 20;

/** With one more answer; those of long ago are forgotten. */
export const withAnswer = (answered: readonly Answered[], { hold, choice, by }: Decision, at: string): Answered[] => [
  ...answered.slice(1 - MOST_ANSWERED),
  { hold, choice, by, at },
];

/** `Ana answered soak-canary with extend at 2026-11-27 02:13:05Z`. */
export const answeredText = ({ hold, choice, by, at }: Answered): string =>
  `${by} answered ${hold} with ${choice} at ${shortIso(at)}`;

/** `paged 3× (ops 2×, on-call 3×), again at 02:19`. `moment` writes an ISO time. */
export function pagingText({ pages, paged, nextPage }: Paging, moment: (iso: string) => string): string {
  const whom = paged.length === 0 ? '' : ` (${paged.map(({ channel, times }) => `${channel} ${times}×`).join(', ')})`;
  return `paged ${pages}×${whom}${nextPage === undefined ? '' : `, again at ${moment(nextPage)}`}`;
}

/** The commands that answer a hold, one for each of its choices, complete as they stand: golive asks at the terminal for the reason, and for a name it doesn't know. */
export function answerCommands(
  environment: string,
  { id, choices, by = [], answers }: Pick<Hold, 'id' | 'choices' | 'by' | 'answers'>,
): readonly string[] {
  if (answers !== undefined) return answers;
  const [only, ...others] = by;
  const who = only === undefined || others.length > 0 ? '' : ` --by ${shellWord(only)}`;
  return choices.map((choice) => `golive decide ${environment} --hold ${id} --choice ${choice}${who}`);
}

/** Who alone may give this answer; undefined when anybody may. Taking over is open to everyone. */
export const answerersOf = ({ by }: Pick<Hold, 'by'>, choice: string): readonly string[] | undefined =>
  choice === 'take-over' ? undefined : by;

/**
 * Why an answer can't be taken, or undefined when it can.
 * @param answered what was answered before, the latest last: who comes second is told who was first
 */
export function refusal(
  open: readonly Hold[],
  answer: { hold: string; choice: string; by: string },
  answered: readonly Answered[] = [],
): string | undefined {
  const hold = open.find((each) => each.id === answer.hold);
  if (!hold) {
    const before = answered.findLast((each) => each.hold === answer.hold);
    const unknown = open.length > 0 ? [`There is no open hold "${answer.hold}".`] : [];
    return [...(before ? [`${answeredText(before)}.`] : unknown), openText(open)].join(' ');
  }
  if (!hold.choices.includes(answer.choice))
    return `"${answer.choice}" doesn't answer the hold "${hold.id}". Choose one of: ${hold.choices.join(', ')}.`;
  const answerers = answerersOf(hold, answer.choice);
  if (answerers && !answerers.includes(answer.by))
    return `The hold "${hold.id}" is answered by ${answerers.join(' or ')}, not by ${answer.by}.`;
  return undefined;
}

/** Which holds are open, each with its choices. */
const openText = (open: readonly Hold[]): string =>
  open.length === 0
    ? 'No hold is open, so there is nothing to decide.'
    : `Open: ${open.map((each) => `${each.id} (${each.choices.join(', ')})`).join('; ')}.`;
