// What golive itself takes, beside a bare twin on the same server: npm run bench. docs/performance.md says what is measured and how to read it.
import { compare, loadOf } from './compare.js';
import { conditions } from './conditions.js';
import { writeDocs } from './docs.js';
import { Ending } from './ending.js';
import { Measuring } from './measure.js';
import { readOptions, type Options } from './options.js';
import { appendResults, readResults, type Result } from './results.js';
import { SCENARIOS } from './scenarios.js';
import { rowsOf, textTable } from './tables.js';

const PAGE = 'docs/performance.md';
const STOP_WITHIN_MS = 15_000;
const SAME_CTRL_C_MS = 1_000;

/** Before anything is measured: what can't be read wouldn't be found out only at the end, and it may be the file that is written. */
async function asked(): Promise<Options & { readonly earlier: readonly Result[] | undefined }> {
  try {
    const options = readOptions(process.argv.slice(2), SCENARIOS);
    return { ...options, earlier: options.compare === undefined ? undefined : await readResults(options.compare) };
  } catch (error) {
    console.error((error as Error).message);
    process.exit(2);
  }
}

const { earlier, ...options } = await asked();
process.env['GOLIVE_LOG_LEVEL'] ??= 'error';
const ending = new Ending();
let stopping: number | undefined;
for (const [signal, code] of Object.entries({ SIGINT: 130, SIGTERM: 143 }))
  process.on(signal, () => {
    // Whoever asks twice, or waits for long, doesn't wait for order: what is left ends with this process. A Ctrl-C comes from the terminal and from npm.
    if (stopping !== undefined) return performance.now() - stopping > SAME_CTRL_C_MS ? process.exit(code) : undefined;
    stopping = performance.now();
    setTimeout(() => process.exit(code), STOP_WITHIN_MS);
    void ending.end().finally(() => process.exit(code));
  });

const under = await conditions(options.size);
console.info(
  `${under.machine}; golive ${under.golive}, Node ${under.node}, Temporal server ${under.server}, SDK ${under.sdk}`,
);
const measuring = new Measuring(options, under, ending);
const measured: Result[] = [];
for (const scenario of options.scenarios) {
  const { results, failure } = await measuring.of(scenario);
  if (stopping !== undefined) await new Promise(() => undefined); // the signal's exit is on its way
  await appendResults(options.out, results);
  measured.push(...results);
  const [first] = results;
  console.info(`\n${scenario.title} (${scenario.name}${first ? `, load ${loadOf(first)}` : ''})`);
  textTable(rowsOf(results)).forEach((line) => console.info(line));
  if (failure !== undefined) {
    console.error(`\n${scenario.name} could not be measured to its end:`, failure);
    process.exitCode = 1;
  }
}
await ending.end();

if (earlier) {
  console.info(`\nsince ${options.compare}`);
  compare(earlier, measured).forEach((line) => console.info(line));
}
if (options.writeDocs) await writeDocs(PAGE, SCENARIOS, await readResults(options.out));
console.info(`\n${measured.length} results in ${options.out}`);
process.exit(); // with the clients' connections
