import { readFile, writeFile } from 'node:fs/promises';
import { loadOf } from './compare.js';
import { newest, type Result } from './results.js';
import type { Scenario } from './scenario.js';
import { markdownTable, rowsOf } from './tables.js';

const BEGIN = '<!-- npm run bench -- --write-docs writes what follows -->';
const END = '<!-- and ends here -->';

/** Writes the newest results of each scenario into a page, between its marks. Throws when they aren't there. */
export async function writeDocs(
  file: string,
  scenarios: readonly Scenario[],
  results: readonly Result[],
): Promise<void> {
  const { format, resolveConfig } = await import('prettier');
  const text = await readFile(file, 'utf8');
  const page = betweenMarks(text, section(scenarios, newest(results)));
  await writeFile(file, await format(page, { parser: 'markdown', ...(await resolveConfig(file)) }));
}

/** A page with something else between its marks. */
export function betweenMarks(page: string, inside: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`The page was to have the lines "${BEGIN}" and "${END}", in this order.`);
  return `${page.slice(0, from + BEGIN.length)}\n\n${inside}\n\n${page.slice(to)}`;
}

/** What was measured, scenario by scenario, and under what. */
export function section(scenarios: readonly Scenario[], results: readonly Result[]): string {
  const parts = scenarios.flatMap(({ name, title, says }) => {
    const own = results.filter(({ scenario }) => scenario === name);
    const [first] = own;
    return first
      ? [
          `### ${title}`,
          says,
          markdownTable(rowsOf(own)).join('\n'),
          `\`${name}\`, load ${loadOf(first)}, ${under(first)}.`,
        ]
      : [];
  });
  return [...besideOthers(results), ...parts].join('\n\n');
}

/** What has to be said first of results from a machine that had other things to do already before it measured anything. */
function besideOthers(results: readonly Result[]): string[] {
  const before = Math.min(...results.map(({ load: [from] }) => from));
  const cores = Number.parseInt(results[0]?.machine ?? '');
  return before > cores
    ? [
        `**Measured beside other work**: a load of ${before.toFixed(1)} on ${cores} cores before anything began. The times are longer than golive takes; compare the two sides, and what is counted.`,
      ]
    : [];
}

function under({ at, size, machine, golive, node, server, sdk }: Result): string {
  const began = at.replace('T', ' ').replace(/:\d\d\..*/, ' UTC');
  return `${began}${size === 'usual' ? '' : ` (\`--${size}\`)`}: ${machine}; golive ${golive}, Node ${node}, Temporal server ${server}, SDK ${sdk}`;
}
