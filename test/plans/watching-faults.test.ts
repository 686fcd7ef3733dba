import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { parsePlaybook } from '../../src/plans/playbook-file.js';
import { PlaybookFileError } from '../../src/plans/playbook-file-error.js';

const text = readFileSync('golive.yaml', 'utf8');

/** The faults of the sandbox's playbook with something else in one place. */
function faultsWith(good: string, other: string): readonly string[] {
  expect(text).toContain(good);
  try {
    parsePlaybook(
      text.replace(good, () => other),
      'golive.yaml',
    );
  } catch (error) {
    if (error instanceof PlaybookFileError) return error.faults;
    throw error;
  }
  return [];
}

const lineOf = (words: string) => text.split('\n').findIndex((line) => line.includes(words)) + 1;

const HEALTH = '{ name: health, path: /health, every: 500ms, timeout: 2s }';
const ERRORS = '{ name: error-rate, measure: error-rate, every: 1s, timeout: 2s, guardrail: { below: 1% } }';
const CONTRACTS = '{ name: contracts, contracts: true, every: 2s }';
const DOWN = '{ name: health-down, check: health, consecutive: 3, action: rollback }';
const ERRORS_RULE = '{ name: errors, check: error-rate, atLeast: 5%, for: 4s, action: rollback }';
const SCRAPE = '  scrape: { path: /aris3/ops/metrics, discovery: "${GOLIVE_SANDBOX_DISCOVERY_URL}" }';
const PROMETHEUS = '  prometheus: { url: "http://localhost:9090" }';

// Each fault once: what is written, what is changed to what, and the whole sentence that tells it.
describe.each<[string, [what: string, good: string, bad: string, fault: string][]]>([
  [
    'a check',
    [
      [
        'of no kind',
        HEALTH,
        '{ name: health, every: 1s }',
        'checks.0: needs exactly one of path, measure, promql, contracts or integrity',
      ],
      [
        'of two kinds',
        HEALTH,
        '{ name: health, path: /health, measure: p95, every: 1s }',
        'checks.0: needs exactly one of path, measure, promql, contracts or integrity, got path and measure',
      ],
      [
        'that measures nothing known',
        ERRORS,
        ERRORS.replace('measure: error-rate', 'measure: errors'),
        'checks.2.measure: must be one of error-rate, p95, success-rate, violations (it is "errors")',
      ],
      [
        'with a guardrail for what is no number',
        HEALTH,
        HEALTH.replace('every', 'guardrail: { below: 1% }, every'),
        'checks.0.guardrail: belongs to a measure or promql',
      ],
      [
        'that may be idle and is no metric',
        CONTRACTS,
        CONTRACTS.replace('every', 'mayBeIdle: true, every'),
        'checks.7.mayBeIdle: belongs to a measure or promql (it is true)',
      ],
      [
        'with a route of what has none',
        ERRORS,
        ERRORS.replace('every', 'route: /x, every'),
        'checks.2.route: belongs to measure: success-rate (it is "/x")',
      ],
      [
        'with a method of what has none',
        ERRORS,
        ERRORS.replace('every', 'method: POST, every'),
        'checks.2.method: belongs to measure: success-rate (it is "POST")',
      ],
      [
        'with a denominator of a ready-made measure',
        ERRORS,
        ERRORS.replace('every', 'denominator: up, every'),
        'checks.2.denominator: belongs to promql (it is "up")',
      ],
      [
        'with a unit of a ready-made measure',
        ERRORS,
        ERRORS.replace('every', 'unit: ms, every'),
        'checks.2.unit: belongs to promql (it is "ms")',
      ],
      [
        'of a success rate without a route',
        ERRORS,
        ERRORS.replace('measure: error-rate', 'measure: success-rate'),
        'checks.2: measure: success-rate needs a route',
      ],
      [
        'without a guardrail',
        ERRORS,
        ERRORS.replace(', guardrail: { below: 1% }', ''),
        'checks.2: needs a guardrail, the value it should stay inside, such as { below: 1% }',
      ],
      [
        'with an empty guardrail',
        ERRORS,
        ERRORS.replace('below: 1%', ''),
        'checks.2.guardrail: needs exactly one of below, atMost, above, atLeast',
      ],
      [
        'with two guardrails',
        ERRORS,
        ERRORS.replace('below: 1%', 'below: 1%, above: 0'),
        'checks.2.guardrail: needs exactly one of below, atMost, above, atLeast, got below and above',
      ],
      [
        'with a guardrail that is no number',
        ERRORS,
        ERRORS.replace('1%', '[1]'),
        'checks.2.guardrail.below: must be a number, such as 1%, 350ms or 5',
      ],
      [
        'with a share that is none',
        ERRORS,
        ERRORS.replace('1%', '350ms'),
        'checks.2.guardrail.below: "350ms" is not a share: write 1% or 0.01 (it is "350ms")',
      ],
      [
        'whose share may be meant as a percentage',
        ERRORS,
        ERRORS.replace('1%', '1'),
        'checks.2.guardrail.below: "1" is not a share: write 1% or 0.01 (it is 1)',
      ],
      [
        'with a time that is none',
        'below: 350ms',
        'below: 350',
        'checks.3.guardrail.below: "350" is not a time: write 350ms or 1.5s (it is 350)',
      ],
      [
        'with a count that is none',
        'atMost: 0',
        'atMost: 0%',
        'checks.6.guardrail.atMost: "0%" is not a number: write it without a unit (it is "0%")',
      ],
      [
        'of a path that is none',
        HEALTH,
        HEALTH.replace('/health', 'health'),
        'checks.0.path: must be a path that begins with / (it is "health")',
      ],
      [
        'in PromQL, which a scraped endpoint does not answer',
        ERRORS,
        ERRORS.replace('measure: error-rate', 'promql: up, unit: ratio'),
        'checks.2.promql: needs metrics.prometheus: a scraped endpoint answers no PromQL (it is "up")',
      ],
    ],
  ],
  [
    'a trigger',
    [
      [
        'over nothing',
        DOWN,
        '{ name: health-down, consecutive: 3, action: rollback }',
        'triggers.0: needs either check or external: true',
      ],
      [
        'over two things',
        DOWN,
        DOWN.replace('check', 'external: true, check'),
        'triggers.0: needs either check or external: true',
      ],
      [
        'from outside that counts',
        DOWN,
        '{ name: p1, external: true, consecutive: 3, action: rollback }',
        'triggers.0: is external: whoever sends the alert decides about values and counts. Only for and action go with it',
      ],
      [
        'from outside that compares',
        DOWN,
        '{ name: p1, external: true, above: 3, action: rollback }',
        'triggers.0: is external: whoever sends the alert decides about values and counts. Only for and action go with it',
      ],
      [
        'that counts readings and time',
        DOWN,
        DOWN.replace('action', 'for: 1m, action'),
        'triggers.0: counts readings (consecutive) or time (for), not both',
      ],
      [
        'that compares what is not measured',
        DOWN,
        DOWN.replace('action', 'above: 3, action'),
        'triggers.0: has a value to compare with, but the check "health" measures none',
      ],
      [
        'that would fire at one bad answer',
        DOWN,
        DOWN.replace('consecutive: 3, ', ''),
        'triggers.0: needs consecutive, how many bad answers in a row it takes, or for, how long',
      ],
      [
        'over a metric without a value',
        ERRORS_RULE,
        ERRORS_RULE.replace('atLeast: 5%, ', ''),
        'triggers.2: needs exactly one of below, atMost, above, atLeast',
      ],
      [
        'over a metric in another unit',
        ERRORS_RULE,
        ERRORS_RULE.replace('5%', '5s'),
        'triggers.2.atLeast: "5s" is not a share: write 1% or 0.01 (it is "5s")',
      ],
      ['that counts to nothing', DOWN, DOWN.replace('3', '0'), 'triggers.0.consecutive: must be at least 1 (it is 0)'],
      [
        'that counts to half',
        DOWN,
        DOWN.replace('3', '2.5'),
        'triggers.0.consecutive: must be a whole number (it is 2.5)',
      ],
      [
        'that counts for ever',
        DOWN,
        DOWN.replace('3', '1001'),
        'triggers.0.consecutive: must be at most 1000 (it is 1001)',
      ],
      [
        'that does something else',
        DOWN,
        DOWN.replace('rollback', 'page'),
        'triggers.0.action: must be rollback, ask or note (it is "page")',
      ],
      [
        'of no time',
        ERRORS_RULE,
        ERRORS_RULE.replace('4s', '0s'),
        'triggers.2.for: must be longer than zero (it is "0s")',
      ],
    ],
  ],
  [
    'where metrics are',
    [
      ['nowhere', SCRAPE, '', 'metrics: needs exactly one of prometheus or scrape'],
      ['twice', SCRAPE, `${SCRAPE}\n${PROMETHEUS}`, 'metrics: needs exactly one of prometheus or scrape'],
      [
        'in a Prometheus with two logins',
        SCRAPE,
        PROMETHEUS.replace(' }', ', bearer: x, basic: { username: a, password: b } }'),
        'metrics.prometheus: takes bearer or basic, not both',
      ],
      [
        'at instances and where those are said to be',
        SCRAPE,
        SCRAPE.replace('discovery', 'instances: ["http://a"], discovery'),
        'metrics.scrape: takes instances or discovery, not both',
      ],
      [
        'at no address',
        SCRAPE,
        PROMETHEUS.replace('http://', ''),
        'metrics.prometheus.url: must begin with http:// or https://, or with ${VAR} (it is "localhost:9090")',
      ],
    ],
  ],
  [
    'what is verified',
    [
      [
        'in an area without a test',
        'transfer-actions: ["*.test_go_live_transfer_lifecycle_happy_path"]',
        'transfer-actions: []',
        'verify.smoke.areas.transfer-actions: needs at least one pattern of test names, such as "*login*"',
      ],
      [
        'with areas and no report',
        '    environment: { PYTEST_ADDOPTS: "--junitxml={report}" }\n    deadline: 1m\n    # Playbook',
        '    deadline: 1m\n    # Playbook',
        'verify.smoke.areas: needs a report to read: set for instance environment: { PYTEST_ADDOPTS: "--junitxml={report}" }',
      ],
      [
        'with a report of another name',
        '"--junitxml={report}"',
        '"--junitxml={reports}"',
        "verify.smoke.environment: has {reports}, which doesn't exist here. Use one of {report}",
      ],
      [
        'without a contract',
        /    get:\n(?: {6}- .*\n)+/.exec(text)?.[0] ?? '',
        '    get: []\n',
        'verify.contracts.get: needs at least one path',
      ],
    ],
  ],
])('%s', (_, faults) => {
  test.each(faults)('%s', (_what, good, bad, fault) => {
    const found = faultsWith(good, bad).map(
      (each) => /^golive\.yaml:(?<line>\d+): (?<sentence>.*)$/.exec(each)?.groups,
    );
    expect(found.map((each) => each?.['sentence'])).toContain(fault);
    // The line is that of what was written, or the next one where a line was put before it; a group's is that of its first key.
    const line = Number(found.find((each) => each?.['sentence'] === fault)?.['line']);
    const from = text.slice(0, text.indexOf(good)).split('\n').length;
    expect(line).toBeGreaterThanOrEqual(from - 1);
    expect(line).toBeLessThanOrEqual(from + good.split('\n').length);
  });
});

test('a hypercare in which nobody would see what happens, or read what is told, is told', () => {
  // Counters that golive scrapes itself keep their own interval.
  expect(faultsWith('until: 15s, every: 1s', 'until: 15s, every: 5s')).toEqual([]);
  expect(faultsWith('every: 6s }', 'every: 100ms }').join()).toContain(
    'hypercare.reviews.every: would be more than 100 reviews: nobody reads them',
  );
  const asked = text.replace(SCRAPE, PROMETHEUS).replace('until: 15s, every: 1s', 'until: 15s, every: 5s');
  expect(faultsWith(text, asked).join()).toContain(
    'hypercare.windows.1.every: must not be longer than metrics.window (4s): nobody would see what happens in between',
  );
});

test('a check over metrics that are nowhere is told', () => {
  const faults = faultsWith(/metrics:\n.*\n.*\n/.exec(text)?.[0] ?? '', '');
  expect(faults[0]).toMatch(
    /^golive\.yaml:\d+: checks\.2: the check "error-rate" needs metrics: say under metrics where they are, prometheus or scrape/,
  );
});

test('a check of the integrity command that is not there is told', () => {
  const faults = faultsWith(/ {2}integrity:\n.*\n.*\n/.exec(text)?.[0] ?? '', '');
  expect(faults).toEqual([
    `golive.yaml:${lineOf('name: integrity, integrity: true')}: checks.8: the check "integrity" needs verify.integrity, the command it runs`,
  ]);
});
