import type { Report } from '../domain/evidence/report/report.js';
import type { Finding } from '../domain/run/status.js';
import { shellWord } from '../domain/text/shell-word.js';
import { lasted } from '../domain/time/lasted.js';
import { forEach, html, NONE, type Html } from './html.js';
import { clockText, type Clocks } from './moment-text.js';

/** What commands have printed, by the names of their files; those that aren't here are named only. */
export type Outputs = ReadonlyMap<string, string>;

type Cell = Html | string;

/** Rows under headings; nothing without rows. */
function table(headings: readonly string[], rows: readonly (readonly Cell[])[]): Html {
  if (rows.length === 0) return NONE;
  return html`<table>
    <thead>
      <tr>
        ${forEach(headings, (each) => html`<th>${each}</th>`)}
      </tr>
    </thead>
    <tbody>
      ${forEach(
        rows,
        (cells) =>
          html`<tr>
            ${forEach(cells, (each) => html`<td>${each}</td>`)}
          </tr>`,
      )}
    </tbody>
  </table>`;
}

const between = (from: string, to: string | undefined): string =>
  to === undefined ? 'open' : lasted(Math.max(0, Date.parse(to) - Date.parse(from)));

/** Commands, what each was and how it ended, with the end of what it printed. */
export function commandTable({ commands }: Report, outputs: Outputs, clocks: Clocks): Html {
  return table(
    ['when', 'step', 'how it ended', 'took', 'command'],
    commands.map(({ step, generation, argv, directory, ended, succeeded, from, to, output }) => [
      clockText(from, clocks),
      `${step}.${generation}`,
      html`<span class="${succeeded ? 'good-word' : 'bad-word'}">${succeeded ? '✓' : '✕'} ${ended}</span>`,
      from === undefined ? '' : between(from, to),
      html`<code>${argv.map(shellWord).join(' ')}</code> <span class="soft small">in ${directory}</span> ${forEach(
          output.filter(({ file, bytes }) => bytes > 0 && outputs.has(file)),
          ({ file, bytes }) =>
            html`<details${succeeded ? NONE : html` open`}><summary class="small">${file}, ${bytes} bytes</summary><pre>${outputs.get(file)}</pre></details>`,
        )}`,
    ]),
  );
}

/** Triggers that fired, and questions with their answers. */
export function decisionTables({ firings, holds, told, verdicts }: Report, clocks: Clocks): Html {
  const counted = Object.entries(verdicts).map(([rule, count]) => `${rule} ${count}`);
  return html`${table(
    ['when', 'trigger', 'what it fired for', 'what followed'],
    firings.map(({ at, trigger, check, target, detail, did }) => [
      clockText(at, clocks),
      html`<b>${trigger}</b>`,
      `${check === undefined ? '' : `${check} at ${target}: `}${detail}`,
      did === 'note' ? 'nothing: it is advisory' : did,
    ]),
  )}${table(
    ['asked', 'question', 'answer', 'open for'],
    holds.map(({ id, reason, from, to, choice, by, why }) => [
      clockText(from, clocks),
      html`<b>${id}</b>: ${reason}`,
      choice === undefined
        ? to === undefined
          ? html`<span class="ask-word">none yet</span>`
          : 'none: it was closed by what happened'
        : html`<b>${choice}</b> by ${by ?? 'nobody named'}${why === undefined ? '' : `: ${why}`}`,
      between(from, to),
    ]),
  )}${table(
    ['when', 'somebody said', 'what came of it'],
    told.map(({ at, what, refused }) => [
      clockText(at, clocks),
      what,
      refused === undefined ? 'taken' : `refused: ${refused}`,
    ]),
  )}${counted.length === 0 ? NONE : html`<p class="soft small">Decided by rule: ${counted.join(', ')}.</p>`}`;
}

/** Messages and pages as people got them, and what didn't arrive. */
export function messageTables({ messages, undelivered }: Report, clocks: Clocks): Html {
  return html`${table(
    ['when', '', 'text'],
    messages.map(({ at, as, event, text }) => [
      clockText(at, clocks),
      as === 'page' ? html`<span class="ask-word">page</span>` : event,
      text,
    ]),
  )}${table(
    ['when', 'what may not have arrived'],
    undelivered.map(({ at, what }) => [clockText(at, clocks), what]),
  )}`;
}

const FOUND: Readonly<Record<Finding['state'], Html>> = {
  pass: html`<span class="good-word">✓ pass</span>`,
  fail: html`<span class="bad-word">✕ fail</span>`,
  unknown: html`<span class="ask-word">? unknown</span>`,
  attested: html`☞ attested`,
};

/** Findings of the preflight, the verification or a proof. */
export const findingTable = (findings: readonly Finding[]): Html =>
  table(
    ['item', 'result', 'what was seen'],
    findings.map(({ name, state, detail }) => [name, FOUND[state], detail]),
  );

/** The exit criteria of hypercare. */
export const criteriaTable = ({ criteria }: Report): Html =>
  table(
    ['criterion', 'met', 'what was seen'],
    criteria.map(({ name, met, detail }) => [
      name,
      met === true ? FOUND.pass : met === false ? FOUND.fail : FOUND.unknown,
      detail,
    ]),
  );

/** The timeline, line by line. */
export const timelineTable = ({ timeline }: Report, clocks: Clocks): Html =>
  table(
    ['when', 'what'],
    timeline.map(({ at, what }) => [clockText(at, clocks), what]),
  );

/** Who wrote the evidence. */
export const writerTable = ({ writers }: Report): Html =>
  table(
    ['golive', 'Node', 'host', 'process', 'run'],
    writers.map(({ build, node, host, pid, runId }) => [build, node, host, String(pid), runId]),
  );
