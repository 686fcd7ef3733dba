import { readFileSync } from 'node:fs';
import { parse } from 'yaml';

/** A playbook file as plain data, as far as the tests change it. Durations are written as in the file. */
export interface PlaybookData {
  stopGrace: string;
  metrics: object;
  checks: {
    name: string;
    path?: string;
    contracts?: true;
    integrity?: true;
    every: string;
    timeout: string;
    guardrail?: object;
  }[];
  triggers: {
    name: string;
    check: string;
    for?: string;
    above?: string | number;
    atLeast?: string;
    action: 'rollback' | 'ask';
  }[];
  preflight: Record<string, { run?: string; attest?: string }>;
  stages: {
    name: string;
    run: string;
    gate?: string;
    deadline: string;
    answersWithin: string;
    targets?: { name: string; url: string; selector?: string }[];
    soak?: { min: string; max: string; settle: string };
  }[];
  verify: { smoke: { run: string; deadline: string } };
  rollback: {
    attempts: number;
    provenWithin: string;
    restore?: { leads: string[]; askFor?: string; signers?: string; drill: object; restore?: object };
  };
  hypercare: { for: string };
  holds: { pageAgain: string };
  messages: Record<string, string>;
}

/** The sandbox's own golive.yaml with its waits cut down to what a test can afford. `max` stays long: a soak that has to wait for a worker is no hold. */
export function quickPlaybook(): PlaybookData {
  const playbook = parse(readFileSync(new URL('../../../golive.yaml', import.meta.url), 'utf8')) as PlaybookData;
  // A scrape asks every instance, and the rules cost more than a probe: more of them would be most of what a small machine does.
  for (const check of playbook.checks)
    if (check.contracts === undefined && check.integrity === undefined)
      check.every = check.path === undefined ? '500ms' : '200ms';
  // A small machine that runs tests is slower than a service may be.
  Object.assign(playbook.checks.find(({ name }) => name === 'p95') ?? {}, { guardrail: { below: '2s' } });
  for (const stage of playbook.stages) {
    stage.answersWithin = '3s';
    if (stage.soak) stage.soak = { min: '1s', max: '1m', settle: '500ms' };
  }
  // Who runs a rollback in a test answers no question about a restore, unless that is the test's point.
  delete playbook.rollback.restore;
  return { ...playbook, stopGrace: '1s', hypercare: { for: '1s' } };
}

/** The trigger of that name. */
export function triggerOf(playbook: PlaybookData, name: string): PlaybookData['triggers'][number] {
  const trigger = playbook.triggers.find((each) => each.name === name);
  if (!trigger)
    throw new Error(
      `The playbook has no trigger "${name}". It has: ${playbook.triggers.map((each) => each.name).join(', ')}.`,
    );
  return trigger;
}

/** The stage of that name. */
export function stageOf(playbook: PlaybookData, name: string): PlaybookData['stages'][number] {
  const stage = playbook.stages.find((each) => each.name === name);
  if (!stage)
    throw new Error(
      `The playbook has no stage "${name}". It has: ${playbook.stages.map((each) => each.name).join(', ')}.`,
    );
  return stage;
}
