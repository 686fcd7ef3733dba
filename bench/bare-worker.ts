// The worker of the bare twin as a process of its own. Ends with the process that forked it.
import { spawn } from 'node:child_process';
import { Context } from '@temporalio/activity';
import { Worker } from '@temporalio/worker';
import type { WorkerSettings } from '../sandbox/demo/worker-process.js';
import { createLog } from '../src/logging.js';
import { installLogger } from '../src/sdk-logging.js';
import { connectWorker, embeddedTarget } from '../src/temporal/connection.js';
import { dataConverter } from '../src/temporal/data-converter.js';

/** `homeFolder` is where its commands run, `playbookFile` what it can do: the bundle of its workflows. */
const { homeFolder, playbookFile, address, namespace } = JSON.parse(process.argv[2] ?? '') as WorkerSettings;
process.once('disconnect', () => process.exit(1));
installLogger(createLog());
const connection = await connectWorker(embeddedTarget({ address, namespace }));
const worker = await Worker.create({
  connection,
  dataConverter,
  taskQueue: 'bare',
  workflowBundle: { codePath: playbookFile },
  // As golive's own: what is compared is what it does, not how long a server waits for a dead worker.
  stickyQueueScheduleToStartTimeout: '1s',
  activities: { spawnOne, thirdBad },
});
process.once('SIGTERM', () => worker.shutdown());
const running = worker.run();
process.send?.('up');
await running;
await connection.close();
process.exit(0);

function spawnOne([file = '', ...args]: readonly string[]): Promise<number> {
  return new Promise((resolve, reject) =>
    spawn(file, args, { cwd: homeFolder, stdio: 'ignore' })
      .once('error', reject)
      .once('exit', (code) => resolve(code ?? -1)),
  );
}

async function thirdBad(url: string): Promise<void> {
  for (let bad = 0; bad < 3;) {
    const { ok } = await fetch(url);
    bad = ok ? 0 : bad + 1;
    if (bad < 3) await Context.current().sleep(1_000);
  }
}
