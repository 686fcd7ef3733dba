import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { Payload } from '@temporalio/common';
import * as fc from 'fast-check';
import { startDevServer } from '../../src/temporal/dev-server.js';
import type { DevServer } from '../../src/temporal/dev-server.js';
import converterModule from '../../src/temporal/payload-converter.cjs';
import { isUnreadable } from '../../src/temporal/unreadable.js';
import { startOwnWorker, type OwnWorker } from './own-worker.js';
import type { Received } from './patient.workflow.js';
import { runs } from '../support/property-runs.js';

const { payloadConverter } = converterModule;
const bytes = (text: string) => new TextEncoder().encode(text);
const payload = (encoding: string, data: string): Payload => ({
  metadata: { encoding: bytes(encoding) },
  data: bytes(data),
});
const unknownEncoding = payload('binary/encrypted', 'x');
const badJson = payload('json/plain', '{"reason": ');
const noMetadata: Payload = { data: bytes('x') };

describe('the payload converter', () => {
  test('converts good values as the default one does', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(payloadConverter.toPayload(value)).toEqual(defaultPayloadConverter.toPayload(value));
        expect(payloadConverter.fromPayload(payloadConverter.toPayload(value))).toEqual(
          JSON.parse(JSON.stringify(value)),
        );
      }),
      runs(),
    );
    expect(payloadConverter.fromPayload(payloadConverter.toPayload(undefined))).toBeUndefined();
  });

  test('says what it could not read and why', () => {
    expect(payloadConverter.fromPayload(unknownEncoding)).toEqual({
      unreadable: true,
      encoding: 'binary/encrypted',
      reason: 'Unknown encoding: binary/encrypted',
    });
    expect(payloadConverter.fromPayload(badJson)).toMatchObject({ unreadable: true, encoding: 'json/plain' });
    expect(payloadConverter.fromPayload(noMetadata)).toMatchObject({ unreadable: true, encoding: 'none' });
    expect(payloadConverter.fromPayload({ metadata: {}, data: bytes('1') })).toMatchObject({
      unreadable: true,
      encoding: 'none',
    });
    expect(payloadConverter.fromPayload({ metadata: { encoding: bytes('json/plain') } })).toMatchObject({
      unreadable: true,
    });
    expect(payloadConverter.fromPayload(payload('json/plain', '['.repeat(1_000_000)))).toMatchObject({
      unreadable: true,
    });
  });

  test('never throws', () => {
    const anything = fc.record({
      metadata: fc.option(fc.dictionary(fc.constantFrom('encoding', 'other'), fc.uint8Array()), { nil: undefined }),
      data: fc.uint8Array(),
    });
    fc.assert(
      fc.property(anything, (rubbish) => void payloadConverter.fromPayload(rubbish as Payload)),
      runs(),
    );
  });
});

describe('a workflow that receives unreadable payloads', () => {
  const taskQueue = 'patient';
  let own: OwnWorker;
  let server: DevServer;
  let client: Client;

  beforeAll(async () => {
    own = await startOwnWorker(await startDevServer({ uiPort: false }), './patient.workflow.js', { taskQueue });
    ({ server, client } = own);
  });

  afterAll(() => own.close());

  async function start(workflowId: string, input?: Payload, memo?: Payload): Promise<void> {
    await client.workflowService.startWorkflowExecution({
      namespace: server.namespace,
      requestId: randomUUID(),
      workflowId,
      workflowType: { name: 'patient' },
      taskQueue: { name: taskQueue },
      ...(input ? { input: { payloads: [input] } } : {}),
      ...(memo ? { memo: { fields: { note: memo } } } : {}),
    });
  }

  async function signal(workflowId: string, signalName: string, ...payloads: Payload[]): Promise<void> {
    await client.workflowService.signalWorkflowExecution({
      namespace: server.namespace,
      workflowExecution: { workflowId },
      signalName,
      requestId: randomUUID(),
      input: { payloads },
    });
  }

  test('carries on after bad signals and sees the next good one', async () => {
    await start('signals');
    await signal('signals', 'tell', unknownEncoding);
    await signal('signals', 'tell', badJson);
    await signal('signals', 'no-such-signal', noMetadata);
    await signal('signals', 'finish', unknownEncoding); // a handler without parameters isn't harmed either
    const result = await client.workflow.getHandle<() => Promise<Received>>('signals').result();
    expect(result.map(({ name }) => name)).toEqual(['input', 'tell', 'tell', 'no-such-signal']);
    expect(result.slice(1).every(({ value }) => isUnreadable(value))).toBe(true);
  });

  test('takes an unreadable input and memo for what they are', async () => {
    await start('input', unknownEncoding, unknownEncoding);
    await signal('input', 'finish');
    const [input, memo] = await client.workflow.getHandle<() => Promise<Received>>('input').result();
    expect(input).toMatchObject({ name: 'input', value: { unreadable: true } });
    expect(memo).toMatchObject({ name: 'memo', value: { note: { unreadable: true } } });
  });

  test('answers an update and a query with unreadable arguments', async () => {
    await start('answers');
    const handle = client.workflow.getHandle('answers');
    const answer = await client.workflowService.updateWorkflowExecution({
      namespace: server.namespace,
      workflowExecution: { workflowId: 'answers' },
      waitPolicy: { lifecycleStage: 3 }, // completed
      request: { meta: { updateId: randomUUID() }, input: { name: 'ask', args: { payloads: [unknownEncoding] } } },
    });
    expect(isUnreadable(payloadConverter.fromPayload(answer.outcome?.success?.payloads?.[0] ?? {}))).toBe(true);
    const query = await client.workflowService.queryWorkflow({
      namespace: server.namespace,
      execution: { workflowId: 'answers' },
      query: { queryType: 'received', queryArgs: { payloads: [badJson] } },
    });
    const received = payloadConverter.fromPayload<Received>(query.queryResult?.payloads?.[0] ?? {});
    expect(received.at(-1)).toMatchObject({ name: 'received', value: { unreadable: true } });
    await handle.cancel();
    await expect(handle.result()).rejects.toThrow('Workflow execution cancelled');
  });
});
