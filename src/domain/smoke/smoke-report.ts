import { describeEnd, type CommandEnd } from '../commands/command.js';
import { shortened } from '../text/cut-text.js';
import type { Area } from '../plan/playbook/verify.js';
import type { SmokeEvidence, SmokeSummary } from './smoke-evidence.js';

/** One test of a JUnit report. `not-run`: it was switched off; `collection`: the runner could not even load it, so it was not run. */
export interface SmokeTest {
  /** `classname.name`, or the name alone. */
  readonly name: string;
  readonly state: 'passed' | 'skipped' | 'not-run' | 'failed' | 'collection';
  /** The critical areas it is of, where its name is shown with secrets taken out and says less. */
  readonly areas?: readonly string[];
  /** The first line of what went wrong. */
  readonly said?: string;
}

export type Areas = Readonly<Record<Area, readonly string[]>>;

const SHOWN = 20;
const LONGEST = 200;
const short = (text: string): string => shortened(text, LONGEST);

/** Whether a pattern with `*` for anything covers a test's whole name. Linear in its length: `*a*a*a*b` is no trap. */
export function covers(pattern: string, name: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return pattern === name;
  if (!name.startsWith(head) || !name.endsWith(tail) || name.length < head.length + tail.length) return false;
  let from = head.length;
  for (const part of rest) {
    const at = name.indexOf(part, from);
    if (at < 0 || at + part.length > name.length - tail.length) return false;
    from = at + part.length;
  }
  return true;
}

/** The critical areas a test is of; one test may cover two (playbook §4). */
export const areasOf = (name: string, areas: Areas): string[] =>
  Object.entries(areas).flatMap(([area, patterns]) => (patterns.some((each) => covers(each, name)) ? [area] : []));

/** Sums up a report. Without areas nothing is uncovered. */
export function summarise(tests: readonly SmokeTest[], areas: Areas | undefined): SmokeSummary {
  const of = (state: SmokeTest['state']) => tests.filter((test) => test.state === state);
  const within = (test: SmokeTest) => test.areas ?? (areas ? areasOf(test.name, areas) : []);
  const covered = new Set(of('passed').flatMap(within));
  const [lost] = of('collection');
  const notRun = of('not-run').length;
  return {
    passed: of('passed').length,
    skipped: of('skipped').length,
    ...(notRun > 0 ? { notRun } : {}),
    failed: of('failed').length,
    failing: of('failed')
      .slice(0, SHOWN)
      .map((test) => ({
        test: short(test.name),
        areas: within(test),
        ...(test.said === undefined ? {} : { said: short(test.said) }),
      })),
    ...(lost ? { notCollected: short([lost.name, lost.said].filter(Boolean).join(': ')) } : {}),
    uncovered: Object.keys(areas ?? {}).filter((area) => !covered.has(area)),
  };
}

/** `unknown` is neither: the smoke has said nothing about the release. */
export interface SmokeVerdict {
  readonly kind: 'pass' | 'fail' | 'unknown';
  readonly detail: string;
}

/**
 * What a run of the critical smoke says about the release (playbook §4). A test that failed is a failure: of its areas, or of one nobody can tell,
 * which counts the same (design §5). Everything else that is no pass is the runner's business: a crash, a hang, no tests, no report, and tests
 * that could not be loaded. The last is decided so because a module that can't be imported has tested nothing: as often a dependency is missing
 * on this host, and the probes and contracts go on looking at the release while people find out.
 * @param everyArea whether each critical area needs a test that passed
 */
export function smokeVerdict(end: CommandEnd, evidence: SmokeEvidence, everyArea: boolean): SmokeVerdict {
  const how = describeEnd(end);
  if (end.kind === 'treated-as-done') return { kind: 'pass', detail: how };
  const unknown = (why: string): SmokeVerdict => ({ kind: 'unknown', detail: `${how}, ${why}` });
  if ('unreadable' in evidence) return unknown(evidence.unreadable);
  const { passed, skipped, notRun = 0, failed, failing, notCollected, uncovered } = evidence;
  if (failed > 0) {
    const named = failing.map(
      ({ test, areas, said }) =>
        `${areas.join(' and ') || 'unclassified'}: ${test}${said === undefined ? '' : ` (${said})`}`,
    );
    const more = failed > failing.length ? [`${failed - failing.length} more`] : [];
    return { kind: 'fail', detail: `${how}, failed in ${[...named, ...more].join('; ')}` };
  }
  if (notCollected !== undefined) return unknown(`tests could not be loaded: ${notCollected}`);
  const count = [
    `${passed} passed`,
    ...(skipped > 0 ? [`${skipped} skipped`] : []),
    ...(notRun > 0 ? [`${notRun} not run`] : []),
  ].join(', ');
  if (end.kind !== 'exited' || end.exitCode !== 0) return unknown(`and no test failed in its report (${count})`);
  if (passed === 0) return unknown(`but no test ran (${count})`);
  if (everyArea && uncovered.length > 0) return unknown(`but no test passed in ${uncovered.join(', ')} (${count})`);
  return { kind: 'pass', detail: `${how}, ${count}` };
}
