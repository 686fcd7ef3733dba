import { resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { upWords } from '../../sandbox/up-words.js';
import type { SandboxInfo } from '../../sandbox/sandbox-info.js';

const info = (dir: string): SandboxInfo => ({
  pid: 1,
  dir,
  url: 'http://127.0.0.1:8000',
  canaryUrl: 'http://127.0.0.1:8001',
  adminUrl: 'http://127.0.0.1:8002',
  discoveryUrl: 'http://127.0.0.1:8002/discovery',
  checkout: `${dir}/checkout`,
  previousCheckout: `${dir}/previous`,
  bin: `${dir}/bin`,
  artifacts: `${dir}/artifacts`,
  databaseUrl: 'file:db',
  journal: `${dir}/deploy-journal.jsonl`,
  log: `${dir}/fleet.log`,
  username: 'ana',
  password: 'hunter-two',
});
const OPTIONS = { instances: 10, release: 'RC.2', traffic: 20 };

test('who starts the sandbox reads what it has started, where everything is, and what to type next', () => {
  const said = upWords(info(resolve('.golive/sandbox')), OPTIONS);
  expect(said).toContain('10 instances of release RC.2 behind a balancer, with 20 requests a second');
  for (const part of ['http://127.0.0.1:8000', '/discovery lists them', 'fleet.log', 'deploy-journal.jsonl'])
    expect(said).toContain(part);
  expect(said).toContain('\n  eval "$(node dist/sandbox/ctl.js env)"\n  npx golive up\n');
  expect(said).toContain('--release RC.3 --previous RC.2');
  expect(said).not.toContain('hunter-two');
});

test('another folder is named in each command that needs it', () => {
  const said = upWords(info('/srv/box'), { ...OPTIONS, traffic: 0 });
  expect(said).toContain('eval "$(node dist/sandbox/ctl.js --dir /srv/box env)"');
  expect(said).toContain('node dist/sandbox/ctl.js --dir /srv/box offer RC.3');
  expect(said).toContain('without traffic');
});
