import {
  condition,
  defineQuery,
  defineSignal,
  defineUpdate,
  setDefaultSignalHandler,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';

/** Everything that reached the workflow, by the name of the message. */
export type Received = { name: string; value: unknown }[];

export const tell = defineSignal<[unknown]>('tell');
export const finish = defineSignal('finish');
export const ask = defineUpdate<unknown, [unknown]>('ask');
export const received = defineQuery<Received, [unknown?]>('received');

/** Takes whatever comes and keeps it, until told to finish. */
export async function patient(input?: unknown): Promise<Received> {
  const all: Received = [{ name: 'input', value: input }];
  let finished = false;
  setHandler(tell, (value) => void all.push({ name: 'tell', value }));
  setHandler(ask, (value) => {
    all.push({ name: 'ask', value });
    return value;
  });
  setHandler(received, (value) => (value === undefined ? all : [...all, { name: 'received', value }]));
  setHandler(finish, () => void (finished = true));
  setDefaultSignalHandler((name, ...values) => void all.push({ name, value: values[0] }));
  const { memo = {} } = workflowInfo();
  if (Object.keys(memo).length > 0) all.push({ name: 'memo', value: memo });
  await condition(() => finished);
  return all;
}
