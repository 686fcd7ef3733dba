/** Stands for a worker that is killed: runs a command of a second in the ledger of the folder that it is given. Started by `supervisor.ts`. */
import { Ledger } from '../../ledger/ledger.js';
import { SCRATCH_COMMAND } from './scratch-command.js';

const [, , folder = ''] = process.argv;
const ledger = await Ledger.open(folder);
await ledger.run(SCRATCH_COMMAND, {
  environment: 'doctor',
  argv: [process.execPath, '-e', 'setTimeout(() => {}, 1000)'],
  workingDirectory: folder,
  env: {},
  deadlineMs: 4_000,
  stopGraceMs: 0,
  secrets: [],
});
