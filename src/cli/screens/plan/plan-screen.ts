import type { FrozenPlan } from '../../../plans/plan-store.js';
import type { Paint } from '../../terminal/paint.js';
import { oneLine } from '../../terminal/terminal-text.js';
import { peopleSections } from './people-sections.js';
import { sectionLines } from './plan-rows.js';
import { watchingSections } from './watching-sections.js';
import { waySections } from './way-sections.js';

/**
 * All of a frozen plan that its hash covers, in the order of the playbook, with `${VAR}` and `{release}` as they stand in the file. A secret that is
 * written out is not shown. @param columns what the lines are broken at; not at all when left out
 */
export function planScreen(
  { plan, hash }: FrozenPlan,
  missing: readonly string[],
  paint: Paint,
  { now = Date.now(), columns = Infinity }: { now?: number; columns?: number | undefined } = {},
): string {
  const short = hash.replace('sha256:', '').slice(0, 12);
  const where = `${oneLine(plan.service)} in ${plan.environment.name}`;
  return [
    `${paint('bold', where)}  plan ${paint('cyan', short)}`,
    `  ${hash}, of a file of version ${plan.version}`,
    ...(missing.length === 0
      ? []
      : [paint('yellow', `  Not set here, and needed where the worker runs: ${missing.join(', ')}`)]),
    ...sectionLines([...waySections(plan), ...watchingSections(plan), ...peopleSections(plan, now)], columns, paint),
  ].join('\n');
}
