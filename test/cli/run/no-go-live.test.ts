import { expect, test } from '@jest/globals';
import { noGoLiveText } from '../../../src/cli/run/no-go-live.js';

const AT = { address: 'a:1', namespace: 'golive' };
const FILE = { file: '/etc/golive.yaml', environments: ['prod', 'staging'] };
const run = (environment: string, open = true, dryRun = false) => ({
  environment,
  open,
  dryRun,
  ...(open ? { phase: 'soaking' } : {}),
});
const told = (workflowId: string, runs = [run('prod', false)], playbook: typeof FILE | undefined = FILE) =>
  noGoLiveText(workflowId, AT, runs, playbook);

test.each([
  [
    'a mistyped one while another is open: no start',
    told('go-live-prdo', [run('prod'), run('prod', true, true)]),
    'There is no go-live go-live-prdo at a:1, namespace "golive", and none in the time the server remembers. Open now: prod (soaking), prod\'s rehearsal (soaking). Did you mean "prod"? The playbook file /etc/golive.yaml has: prod, staging. Another server: --address, or --home.',
  ],
  [
    'one that the playbook file has',
    told('go-live-staging'),
    'There is no go-live go-live-staging at a:1, namespace "golive", and none in the time the server remembers. None is open here. The playbook file /etc/golive.yaml has: prod, staging. To start one: golive start staging --help. Another server: --address, or --home.',
  ],
  [
    'one that it lacks: no start either',
    told('go-live-stagin'),
    'There is no go-live go-live-stagin at a:1, namespace "golive", and none in the time the server remembers. None is open here. Did you mean "staging"? The playbook file /etc/golive.yaml has: prod, staging. Another server: --address, or --home.',
  ],
  [
    'a rehearsal',
    told('go-live-prod-dry-run'),
    'There is no rehearsal go-live-prod-dry-run at a:1, namespace "golive", and none in the time the server remembers. None is open here. The playbook file /etc/golive.yaml has: prod, staging. To rehearse one: golive dry-run prod --help. Another server: --address, or --home.',
  ],
])('%s', (_, text, expected) => {
  expect(text).toBe(expected);
});

test('one that the playbook file has, while another is open: no start', () => {
  const said = told('go-live-staging', [run('prod')]);
  expect(said).toContain('Open now: prod (soaking). The playbook file');
  expect(said).not.toContain('golive start');
});

test('without a playbook file here: what was there before is what there is', () => {
  expect(noGoLiveText('go-live-x', AT, [run('prod', false)], undefined)).toContain(
    'None is open here. Known here: prod. To start one: golive start x --help.',
  );
});
