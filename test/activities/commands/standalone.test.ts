import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { Worker, type NativeConnection } from '@temporalio/worker';
import { commandActivities } from '../../../src/activities/commands/commands.js';
import { connectClient, connectWorker, embeddedTarget } from '../../../src/temporal/connection.js';
import type { DevServer } from '../../../src/temporal/dev-server.js';
import { startTimeSkippingServer } from '../../support/time-skipping.js';
import { ActivityLab } from '../../support/activity-lab.js';
import { quiet } from '../../support/quiet.js';
import { aris3Plan } from '../../support/scripted-world.js';

let server: DevServer;
let client: Client;
let connection: NativeConnection;
let worker: Worker;
let running: Promise<void>;
let lab: ActivityLab;

beforeAll(async () => {
  quiet();
  server = await startTimeSkippingServer();
  client = await connectClient(embeddedTarget(server));
  connection = await connectWorker(embeddedTarget(server));
  lab = await ActivityLab.open(await aris3Plan(), {});
  worker = await Worker.create({
    connection,
    taskQueue: 'host',
    activities: commandActivities({ ...lab.dependencies, taskQueue: 'golive' }),
  });
  running = worker.run();
});

afterAll(async () => {
  worker.shutdown();
  await running;
  await lab.close();
  await connection.close();
  await client.connection.close();
  await server.stop();
});

// Promise 5: `temporal activity start` exists, and nothing gets run by it.
test.each(['authorise', 'runCommand', 'stopCommand', 'earlierCommands', 'settle', 'settleEarlier'])(
  'the activity %s, started by itself, is refused',
  async (type) => {
    const run = {
      planHash: lab.planHash,
      environment: 'prod',
      firstExecutionRunId: 'x',
      originalRunId: 'x',
      step: 'rollback',
      generation: 1,
      commands: [{ step: 'rollback', generation: 1 }],
      values: { previousRelease: 'RC.2' },
      choice: 'retry',
      by: 'x',
      reason: 'x',
    };
    const outcome = client.activity.execute(type, {
      id: `by-hand-${type}`,
      taskQueue: 'host',
      startToCloseTimeout: '10s',
      args: [run],
    });
    await expect(outcome).rejects.toMatchObject({
      cause: { message: expect.stringContaining('an activity started by itself is refused') as unknown as string },
    });
    expect(await lab.dependencies.ledger.commandsOf('prod')).toEqual([]);
  },
);
