// A golive worker as a process of its own, for the demo and the end-to-end tests: it can be killed like a real one. Ends with the process that forked it.
import { pino } from 'pino';
import { homeAt } from '../../src/home.js';
import { createLog } from '../../src/logging.js';
import { embeddedTarget } from '../../src/temporal/connection.js';
import { startGoLiveWorker } from '../../src/worker.js';
import type { WorkerSettings } from './worker-process.js';

const { homeFolder, playbookFile, address, namespace, versioning, metrics } = JSON.parse(
  process.argv[2] ?? '',
) as WorkerSettings;
const home = homeAt(homeFolder);
process.once('disconnect', () => process.exit(1));
const worker = await startGoLiveWorker({
  home,
  playbookFile,
  target: embeddedTarget({ address, namespace }),
  environment: process.env,
  log: createLog(pino.destination({ dest: home.log, mkdir: true })),
  ...(versioning === undefined ? {} : { versioning }),
  metrics,
});
process.once('SIGTERM', () => void worker.stop());
process.send?.('up');
await worker.stopped;
process.exit(0);
