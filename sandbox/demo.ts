// npm run demo: three go-lives on a small fleet, without any preparation. Ends by itself, or stays for a try by hand (a terminal, or --stay).
import { join } from 'node:path';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { Command } from 'commander';
import { replayAll } from './open-replay.js';
import { playScenes } from './demo/scenes.js';
import { Screen } from './demo/screen.js';
import { StageSet } from './demo/stage-set.js';
import { summaryTable, tryIt, whereToLook } from './demo/summary.js';

const options = new Command('demo')
  .description('Shows golive at work on a sandbox: a good release, a bad one, a killed worker.')
  .option('--home <folder>', 'where each demo makes a folder of its own', join('.golive', 'demo'))
  .option('--stay', 'keep everything running afterwards until Ctrl-C (the default in a terminal)', process.stdout.isTTY)
  .option('--no-stay', 'end afterwards')
  .parse()
  .opts<{ home: string; stay?: boolean }>();

class Interrupted extends Error {}

/** What Ctrl-C ends with: an interruption, or once all is shown the end that was waited for. */
let interruptedCode = 130;

const screen = new Screen();
const interrupted = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => reject(new Interrupted(signal)));
});
interrupted.catch(() => undefined); // looked at where the demo waits

const starting = StageSet.start(join(options.home, new Date().toISOString().replace(/[:.]/g, '-')));
try {
  process.exitCode = await Promise.race([play(), interrupted]);
} catch (error) {
  if (!(error instanceof Interrupted))
    screen.plain(`\nThe demo could not go on: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = error instanceof Interrupted ? interruptedCode : 1;
} finally {
  screen.plain('\nStopping the worker, the server and the fleet.');
  // A start that was interrupted has to be over before it can be undone.
  await (await starting.catch(() => undefined))?.stop();
}
process.exit();

/** @returns the exit code: 0 if every scene went as it should */
async function play(): Promise<number> {
  screen.plain(
    'golive demo: the playbook of golive.yaml, its waits in seconds. Starting a fleet, a Temporal server and a worker.',
  );
  const set = await Promise.race([starting, interrupted]);
  screen.line(
    `10 instances of RC.2 behind ${set.sandbox.info.url}; Temporal UI ${set.server.uiUrl}; worker process ${set.worker?.pid}`,
  );
  const reports = await playScenes(set, screen);
  screen.heading('Summary');
  const faults = [
    ...reports.flatMap(({ release, faults: each }) => each.map((fault) => `${release}: ${fault}`)),
    ...(await replayFaults(set)),
  ];
  screen.plain(`${summaryTable(reports)}\n\n${whereToLook(set)}`);
  if (faults.length > 0) screen.plain(`\nNOT AS IT SHOULD BE:\n${faults.join('\n')}`);
  const exitCode = faults.length === 0 ? 0 : 1;
  if (options.stay) {
    interruptedCode = exitCode;
    await set.sandbox.offer('RC.6');
    screen.plain(`\n${tryIt(set)}\n\nCtrl-C ends it.`);
    await interrupted;
  }
  return exitCode;
}

/** Each history has to lead the same way once more: else no other worker could take the run up. */
async function replayFaults({ client }: StageSet): Promise<string[]> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  try {
    screen.line(
      `the ${await replayAll(client)} histories replay: another worker could have taken up each run at any point`,
    );
    return [];
  } catch (error) {
    return [`a history does not replay: ${error instanceof Error ? error.message : String(error)}`];
  }
}
