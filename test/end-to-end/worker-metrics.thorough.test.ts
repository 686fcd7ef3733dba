import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { OWN_METRICS } from '../../src/domain/telemetry/own-metrics.js';
import { freePort } from '../../src/temporal/free-port.js';
import { NEVER_READY } from '../support/bad-release-cases.js';
import { EndToEnd } from '../support/end-to-end.js';
import { describeWith } from '../support/monitoring.js';
import { dashboardQueries, metricsIn, rules, RULES } from '../support/monitoring-files.js';
import { TestPrometheus } from '../support/prometheus.js';

describeWith('prometheus', 'a real Prometheus scrapes a worker', (binary) => {
  let site: EndToEnd;
  let prometheus: TestPrometheus;
  beforeAll(async () => {
    const metrics = { host: '127.0.0.1', port: await freePort('127.0.0.1') };
    site = await EndToEnd.start({}, 'off', metrics);
    prometheus = await TestPrometheus.start(binary, {
      targets: [`127.0.0.1:${metrics.port}`],
      path: '/metrics',
      job: 'golive',
      rules: RULES,
    });
  });
  afterAll(async () => {
    await prometheus?.stop();
    await site?.stop();
  });

  const value = async (promql: string) => (await prometheus.query(`sum(${promql})`))[0]?.value;

  test('an open run, its holds and how long they have waited, pages that nobody took, and the time that a dead worker has not seen', async () => {
    const nobody = `http://127.0.0.1:${await freePort('127.0.0.1')}/`;
    await site.playbook((playbook) =>
      Object.assign(playbook, { channels: [{ name: 'duty', kind: 'webhook', url: nobody, gets: ['pages'] }] }),
    );
    const run = await site.goLive([], { attestations: {} });
    await run.untilHold('attest-open-incidents');
    await prometheus.untilAnswered('golive_hold_age_seconds{hold="attest-open-incidents",environment="sandbox"} > 0');
    expect(await value('golive_holds_open{environment="sandbox",hold="attest-open-incidents"}')).toBe(1);
    expect(await value('golive_runs{environment="sandbox"}')).toBe(1);
    expect(await value('golive_runs{environment="sandbox",phase="preflight"}')).toBe(1);
    await site.replaceWorker();
    await prometheus.untilAnswered('golive_blind_seconds_total{environment="sandbox",check="health"} > 0');
    await run.handle.signal('abort', { reason: 'enough was seen', by: 'Ana' });
    expect((await run.result()).outcome).toBe('aborted');
    await prometheus.untilAnswered('golive_run_outcomes_total{outcome="aborted"} == 1');
    await prometheus.untilAnswered('golive_pages_given_up_total{environment="sandbox"} > 0');
    await prometheus.untilAnswered('golive_holds_open{hold="attest-open-incidents"} == 0');
  });

  test('a rollback that a trigger has begun: how long it took to its command, and what became of it', async () => {
    await site.playbook(NEVER_READY.playbook);
    const run = await site.goLive([NEVER_READY.bad]);
    expect((await run.result()).stop?.kind).toBe('trigger');
    await prometheus.untilAnswered('golive_run_outcomes_total{environment="sandbox",outcome="rolled-back"} == 1');
    expect(await value('golive_rollbacks_total{cause="trigger"}')).toBe(1);
    expect(await value('golive_decision_latency_seconds_count{environment="sandbox",cause="trigger"}')).toBe(1);
    expect(await value('golive_decision_latency_seconds_sum')).toBeGreaterThan(0);
    await prometheus.untilAnswered('golive_ledger_bytes > 0');
  });

  test('every metric of golive is there, with the labels it should have and no other', async () => {
    const found = await prometheus.query('{__name__=~"golive_.*"}');
    const labels = new Map<string, Set<string>>();
    for (const { metric } of found) {
      const series = metric['__name__'] ?? '';
      const rest = Object.keys(metric).filter((label) => !['__name__', 'job', 'instance', 'le'].includes(label));
      const name = series.replace(/(?<=golive_decision_latency_seconds)_\w+$/, '');
      labels.set(name, new Set([...(labels.get(name) ?? []), ...rest]));
    }
    expect(Object.fromEntries([...labels].map(([name, set]) => [name, [...set].sort()]))).toEqual(
      Object.fromEntries(
        Object.values(OWN_METRICS).map((each) => [each.name, [...each.labels, 'namespace', 'taskQueue'].sort()]),
      ),
    );
  });

  test.each(dashboardQueries())('the dashboard is answered: %s', async (promql) => {
    for (const name of metricsIn(promql)) expect([name, await prometheus.query(name)]).not.toEqual([name, []]);
    // Without what only leaves out the zeros.
    expect(await prometheus.untilAnswered(promql.replace(/ > 0$/, ''))).not.toEqual([]);
  });

  test('every rule is evaluated, over series that there are', async () => {
    await prometheus.untilAnswered('golive:decisions_slow:total == 0');
    expect(await prometheus.rules()).toEqual(
      Object.fromEntries(rules().map(({ alert = 'golive:decisions_slow:total' }) => [alert, 'ok'])),
    );
    for (const name of rules().flatMap(({ expr }) => metricsIn(expr)))
      expect([name, await prometheus.query(name)]).not.toEqual([name, []]);
    expect((await prometheus.query('ALERTS{alertstate="firing"}')).map(({ metric }) => metric['alertname'])).toEqual(
      expect.arrayContaining(['GoLiveRollback', 'GoLivePageGivenUp']),
    );
  });
});
