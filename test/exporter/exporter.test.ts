import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { noopMetricMeter, type MetricMeter } from '@temporalio/common';
import { OWN_METRICS } from '../../src/domain/telemetry/own-metrics.js';
import { metricsUrl } from '../../src/exporter/exporter-options.js';
import { folderSize } from '../../src/exporter/folder-size.js';
import { Gauge } from '../../src/exporter/gauges.js';

test('a gauge is set as a whole: what is gone is 0, and comes back', () => {
  const exported: Record<string, number> = {};
  const meter = {
    ...noopMetricMeter,
    createGauge: () => ({
      set: (value: number, labels: Record<string, string>) => void (exported[labels['phase'] ?? ''] = value),
    }),
  } as unknown as MetricMeter;
  const gauge = new Gauge(meter, OWN_METRICS.runs);
  const set = (...phases: string[]) => gauge.set(phases.map((phase) => ({ labels: { phase }, value: 1 })));
  set('soaking', 'hypercare');
  set('hypercare');
  expect(exported).toEqual({ soaking: 0, hypercare: 1 });
  set();
  expect(exported).toEqual({ soaking: 0, hypercare: 0 });
  set('soaking');
  expect(exported).toEqual({ soaking: 1, hypercare: 0 });
});

test('the size of a folder is that of all files below it; one that is not there has none', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'golive-size-'));
  await mkdir(join(folder, 'runs/one'), { recursive: true });
  await writeFile(join(folder, 'host'), '12345');
  await writeFile(join(folder, 'runs/one/stdout'), '1234567');
  expect(await folderSize(folder)).toBe(12);
  await rm(folder, { recursive: true });
  expect(await folderSize(folder)).toBe(0);
});

test('the URL to scrape', () => {
  expect(metricsUrl({ host: '127.0.0.1', port: 9464 })).toBe('http://127.0.0.1:9464/metrics');
  expect(metricsUrl({ host: '::1', port: 9464 })).toBe('http://[::1]:9464/metrics');
});
