/** A worker in miniature, to be killed by the tests: writes records as fast as they are flushed, and prints the number of each that is. */
import { Journal } from '../../src/journals/journal.js';

const [folder = ''] = process.argv.slice(2);
const header = {
  schema: 1,
  workflowId: 'go-live-prod',
  runId: 'run',
  writer: { host: 'host', pid: process.pid, golive: '0', build: '0', node: process.version },
};
const failing = (error: unknown) => console.error(error);
const journal = new Journal({ base: folder, folder, name: 'seen', header, failing });
for (let number = 1; ; number += 1) {
  const at = new Date().toISOString();
  journal.add(
    JSON.stringify({ kind: 'version', at, of: '1', target: 'service', text: `${number} ${'x'.repeat(number % 300)}` }),
    number % 7 === 0,
  );
  await journal.flush();
  process.stdout.write(`${number}\n`);
}
