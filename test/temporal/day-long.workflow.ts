import { defineQuery, defineSignal, proxyActivities, setHandler, sleep, workflowInfo } from '@temporalio/workflow';

/** What happened and when, in milliseconds of workflow time since its start. */
export type Diary = { at: number; what: string }[];

export const note = defineSignal<[string]>('note');
export const diary = defineQuery<Diary>('diary');

const { look } = proxyActivities<{ look(hour: number): Promise<string> }>({ startToCloseTimeout: '1 minute' });

/** Sleeps hour by hour, looking with an activity in between, and keeps a diary, as hypercare does. */
export async function dayLong(hours: number): Promise<Diary> {
  const start = workflowInfo().startTime.getTime();
  const entries: Diary = [];
  const write = (what: string) => void entries.push({ at: Date.now() - start, what });
  setHandler(note, write);
  setHandler(diary, () => entries);
  for (let hour = 1; hour <= hours; hour += 1) {
    await sleep('1 hour');
    write(await look(hour));
  }
  return entries;
}
