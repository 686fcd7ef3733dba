import type { Verification } from '../../journals/verify-evidence.js';
import { oneLine, shortened } from '../terminal/terminal-text.js';
import { dayAndClock } from '../terminal/moments.js';
import type { Paint } from '../terminal/paint.js';

/** Of each difference; the whole of it is in `--json`. */
const LONGEST = 400;
const MOST = 40;

/** What was checked of one go-live's evidence, and what is wrong with it. */
export function verifyScreen(
  { workflowId, firstRunId, beganAt, checked, wrong, told }: Verification,
  paint: Paint,
): string {
  const { journals, seals, records, verdicts, reports, decidedBy, withReadings, outputs } = checked;
  const rules = Object.entries(verdicts).map(([rule, count]) => `${oneLine(rule)} ${count}`);
  const line = ({ at, text }: { at?: string; text: string }) =>
    `  ${at === undefined ? '' : `${dayAndClock(at)}  `}${shortened(oneLine(text), LONGEST)}`;
  return [
    `${paint('bold', `${oneLine(workflowId)}, begun ${beganAt === '' ? 'nobody knows when' : dayAndClock(beganAt)}`)} ${paint('dim', oneLine(firstRunId))}`,
    `  read: ${journals} journals, ${records} records under ${seals} seals; ${outputs} outputs of commands`,
    `  decided again: ${rules.length === 0 ? 'no verdict' : rules.join(', ')}`,
    `  made again from their looks: ${reports} reports; ${withReadings} of the ${decidedBy} that the run has decided by have their readings here`,
    ...told.map((each) => paint('yellow', line(each))),
    ...(wrong.length === 0
      ? [`  ${paint('green', 'Every seal holds, and every verdict comes out the same.')}`]
      : [
          `  ${paint('red', paint('bold', `${wrong.length} ${wrong.length === 1 ? 'thing is' : 'things are'} wrong:`))}`,
          ...wrong.slice(0, MOST).map((each) => paint('red', line({ ...each, text: `${each.kind}: ${each.text}` }))),
          ...(wrong.length > MOST ? [`  and ${wrong.length - MOST} more; --json has all`] : []),
        ]),
  ].join('\n');
}
