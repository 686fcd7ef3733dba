import type { Report } from '../domain/evidence/report/report.js';
import { chart } from './chart.js';
import { forEach, html, NONE, type Html } from './html.js';
import { clocksFor, momentText, zoneText, type Clocks } from './moment-text.js';
import { LEGEND, picture } from './picture.js';
import { STYLE } from './style.js';
import {
  commandTable,
  criteriaTable,
  decisionTables,
  findingTable,
  messageTables,
  timelineTable,
  writerTable,
  type Outputs,
} from './tables.js';
import { faultsOf, verdictOf } from './verdict.js';

/** By this a file is known to be a report: `golive report` writes over nothing else. */
export const GENERATOR = 'golive report';

/** How a page is made. */
export interface PageOptions extends Clocks {
  readonly outputs: Outputs;
  /** Of a page that is served while the go-live goes on: the seconds until it is loaded again. */
  readonly refresh?: number;
}

/** The report as one HTML page: it needs no script, no network and no other file. */
export function reportPage(report: Report, given: PageOptions): string {
  const options = clocksFor(given, report.beganAt, report.asOf);
  const { mark, look, heading, sentences, facts } = verdictOf(report, options);
  const { environment, release, dryRun, service = 'a service' } = report;
  const what = `${dryRun ? 'rehearsal' : report.takesBack ? 'rollback' : 'go-live'} of ${service} in ${environment}`;
  return document(
    `${heading}: ${release}, ${what}`,
    html`<header class="verdict ${look}">
        <p class="soft">${what}</p>
        <h1>${mark} ${heading}</h1>
        ${forEach(sentences, (each) => html`<p class="cause">${each}</p>`)}
        <dl>
          ${forEach(
            facts,
            ([term, value]) =>
              html`<dt>${term}</dt>
                <dd>${value}</dd>`,
          )}
        </dl>
      </header>
      ${faults(report)}
      <h2>The run</h2>
      ${forEach(report.windows, (window) => picture(report, window, options))}${LEGEND}
      ${section('Measures', measures(report, options))}
      ${section('Commands', commandTable(report, options.outputs, options))}
      ${section('Triggers, questions and answers', decisionTables(report, options))}
      ${section('Messages', messageTables(report, options))} ${section('Preflight', findingTable(report.preflight))}
      ${section('Verification', findingTable(report.verification))}
      ${section('Proof of the rollback', findingTable(report.proof))}
      ${section('Exit criteria of hypercare', criteriaTable(report))}
      <h2>Timeline</h2>
      <details>
        <summary>${report.timeline.length} lines</summary>
        ${timelineTable(report, options)}
      </details>
      ${section(
        'Versions',
        html`${writerTable(report)}
          <p class="soft small">
            Go-live <code>${report.workflowId}</code>, run <code>${report.firstRunId}</code>. Plan
            <code>${report.planHash ?? 'unknown'}</code>. Times ${zoneText(options)}. Newest record:
            ${momentText(report.asOf, options)}.
          </p>`,
      )}`,
    options.refresh,
  );
}

function faults(report: Report): Html {
  const { wrong, unsealed } = faultsOf(report);
  const items = (all: readonly string[]) =>
    html`<ul>
      ${forEach(all, (each) => html`<li>${each}</li>`)}
    </ul>`;
  return html`${
    wrong.length === 0
      ? NONE
      : html`<section class="fault">
          <b>! The evidence has faults: more may have happened than is told here, or something else.</b>${items(wrong)}
        </section>`
  }${
    unsealed.length === 0
      ? NONE
      : html`<details class="soft small">
          <summary>
            Journals without a seal at their end, for their writer died, or writes still: ${unsealed.length}
          </summary>
          ${items(unsealed)}
        </details>`
  }`;
}

const section = (title: string, content: Html): Html =>
  content.text.trim() === ''
    ? NONE
    : html`<h2>${title}</h2>
        ${content}`;

/** The charts of what stopped it first, then in the plan's order; of a run with a long hypercare each stretch by itself. */
function measures(report: Report, clocks: Clocks): Html {
  const sorted = [...report.measures].sort((a, b) => b.fired.length - a.fired.length);
  return forEach(report.windows.toReversed(), (window) => {
    const charts = forEach(sorted, (measure) => chart(report, measure, window, clocks));
    if (charts.text.trim() === '') return NONE;
    return html`${report.windows.length > 1 ? html`<h3>${window.name}</h3>` : NONE}${charts}`;
  });
}

/** A page of golive. Nothing it has is loaded from anywhere, and nothing in it is run. */
export function document(title: string, body: Html, refresh?: number): string {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="generator" content="${GENERATOR}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'" />
        <meta name="referrer" content="no-referrer" />
        ${refresh === undefined ? NONE : html`<meta http-equiv="refresh" content="${refresh}" />`}
        <title>${title}</title>
        ${STYLE}
      </head>
      <body>
        <main>${body}</main>
      </body>
    </html> `.text;
}
