import { Contracts } from '../../activities/contracts/contracts.js';
import { ask } from '../../activities/http.js';
import { MetricReadings } from '../../activities/metrics/metric-readings.js';
import { versionIn } from '../../activities/watching/live-version.js';
import { probe, probeCheck } from '../../activities/watching/probe.js';
import { targetUrl } from '../../activities/watching/targets.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { ProbeCheck } from '../../domain/plan/playbook.js';
import { readingText } from '../../domain/watching/reading.js';
import { SERVICE } from '../../domain/watching/segment.js';
import { redactText } from '../../ledger/redaction.js';
import { resolve, secretValues, type Environment } from '../../plans/variables.js';
import { clockDiagnosis } from './clock.js';
import { lookAtMetric } from './metric.js';
import { examined, found, LONGEST_MS, type Diagnosis } from './diagnosis.js';

/** Of what golive asks the service, so that its own answer comes before the doctor's end. */
const TIMEOUT_MS = LONGEST_MS - 500;
/** The HTTP header Date has whole seconds. */
const SECOND_MS = 1_000;
/**
 * What the preflight and the watch ask the service, asked once: probes, the live version, the contracts with their login, each metric, confirmations by URL, the control URL and each
 * stage's own targets. Reads only: nothing is run, posted or pinged besides the login and Prometheus's queries.
 */
export async function lookAtService(plan: Plan, environment: Environment): Promise<Diagnosis[]> {
  const where = plan.environment.name;
  const look = (what: string, act: (signal: AbortSignal) => Promise<Diagnosis[]>) =>
    examined('service', `${where}: ${what}`, act);
  const metrics = new MetricReadings(environment);
  const { stagingParity, openIncidents, frozenRules } = plan.preflight;
  const looked = await Promise.all([
    ...plan.checks.flatMap((check) =>
      check.kind === 'probe'
        ? [look(check.name, (signal) => lookAtProbe(plan, check, environment, signal))]
        : check.kind === 'metric'
          ? [look(check.name, (signal) => lookAtMetric(plan, check, metrics, signal))]
          : [],
    ),
    look('live version', (signal) => lookAtVersion(plan, environment, signal)),
    look('contracts', (signal) => lookAtContracts(plan, environment, signal)),
    ...Object.entries({ stagingParity, openIncidents, frozenRules }).flatMap(([name, { url }]) =>
      url === undefined
        ? []
        : [look(name, (signal) => lookAtConfirmation(where, name, resolve(url, environment), signal))],
    ),
    ...plan.stages
      .flatMap(({ targets }) => targets)
      .map(({ name }) =>
        look(name, (signal) =>
          lookAtAddress(
            where,
            name,
            targetUrl(plan, name, environment),
            'A stage’s own address may answer only after its deploy; if not, correct it in the playbook file.',
            signal,
          ),
        ),
      ),
    ...(plan.control ? [lookAtControl(plan.control.url)] : []),
  ]);
  const secrets = secretValues(plan, environment);
  return looked.flat().map((each) => ({ ...each, detail: redactText(each.detail, secrets) }));

  function lookAtControl(url: string) {
    return look('control', (signal) =>
      lookAtAddress(
        where,
        'control',
        resolve(url, environment),
        'Without it a worker that is cut off takes the service for down.',
        signal,
      ),
    );
  }
}

async function lookAtProbe(
  plan: Plan,
  check: ProbeCheck,
  environment: Environment,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const timeout = Math.min(check.timeout, TIMEOUT_MS);
  const url = targetUrl(plan, SERVICE, environment);
  const reading = await probeCheck(url, { ...check, timeout }, plan.control, environment, signal);
  return [
    found(
      'service',
      `${plan.environment.name}: ${check.name}`,
      reading.kind === 'good' ? 'ok' : 'bad',
      `${check.path}: ${readingText(check, reading)}`,
      {
        cure: 'The preflight would fail. Look at the service, or correct url and path in the playbook file.',
        command: `curl -sS -i '${url}${check.path}'`,
      },
    ),
  ];
}

async function lookAtVersion(plan: Plan, environment: Environment, signal: AbortSignal): Promise<Diagnosis[]> {
  const url = targetUrl(plan, SERVICE, environment) + plan.liveVersion.path;
  const from = Date.now();
  const answer = await ask(url, { timeoutMs: TIMEOUT_MS, signal });
  const to = Date.now();
  const where = plan.environment.name;
  const { version, text } = versionIn(plan, answer);
  return [
    found('service', `${where}: live version`, version === undefined ? 'bad' : 'ok', text, {
      cure: 'Without it golive proves neither a go-live nor a rollback. Correct liveVersion in the playbook file.',
      command: `curl -sS '${url}'`,
    }),
    ...(answer.date === undefined ? [] : [clockDiagnosis(`service of ${where}`, answer.date, from - SECOND_MS, to)]),
  ];
}

async function lookAtContracts(plan: Plan, environment: Environment, signal: AbortSignal): Promise<Diagnosis[]> {
  const findings = await new Contracts(environment).look(plan, 'doctor', { timeoutMs: TIMEOUT_MS, signal });
  return findings.map(({ name, kind, text }) =>
    found('service', `${plan.environment.name}: contract ${name}`, kind === 'good' ? 'ok' : 'bad', text, {
      cure: 'The preflight would fail. Look at the service, the user and the password, or correct verify.contracts in the playbook file (docs/rules.md).',
    }),
  );
}

async function lookAtConfirmation(where: string, name: string, url: string, signal: AbortSignal): Promise<Diagnosis[]> {
  const { kind, text } = await probe(url, TIMEOUT_MS, signal);
  return [
    found('service', `${where}: ${name}`, kind === 'good' ? 'ok' : 'warn', text, {
      cure: 'It confirms with 200 alone; the preflight asks again when it begins.',
    }),
  ];
}

async function lookAtAddress(
  where: string,
  name: string,
  url: string,
  cure: string,
  signal: AbortSignal,
): Promise<Diagnosis[]> {
  const { answered, text } = await probe(url, TIMEOUT_MS, signal);
  return [
    found('service', `${where}: ${name}`, answered ? 'ok' : 'warn', answered ? `answers (${text})` : text, { cure }),
  ];
}
