/** A worker in miniature, to be killed by the tests: runs one command and prints its outcome. */
import { setTimeout as pause } from 'node:timers/promises';
import type { CommandKey } from '../../src/ledger/command-key.js';
import { type CommandSpec, Ledger } from '../../src/ledger/ledger.js';

const [root = '', key = '', spec = '', supervisors] = process.argv.slice(2);
const ledger = await Ledger.open(root);
if (supervisors === 'ready') {
  const ready = ledger.keepSupervisorsReady(1);
  while (ready.waiting === 0) await pause(1);
}
console.log(JSON.stringify(await ledger.run(JSON.parse(key) as CommandKey, JSON.parse(spec) as CommandSpec)));
