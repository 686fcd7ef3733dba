import { inMarkdown } from '../domain/run/status-markdown.js';
import { escaped } from '../domain/text/escaped.js';
import { lasted } from '../domain/time/lasted.js';
import type { Report } from '../domain/evidence/report/report.js';
import { clocksFor, clockText, zoneText, type Clocks } from './moment-text.js';
import { GENERATOR } from './page.js';
import { faultsOf, verdictOf } from './verdict.js';

/** The first line of a report in Markdown, by which it is known to be one. */
export const MARKDOWN_MARK = `<!-- ${GENERATOR} -->`;

/** The report as Markdown, for a ticket: the verdict, its cause, and what needs no picture. */
export function reportMarkdown(report: Report, given: Clocks): string {
  const clocks = clocksFor(given, report.beganAt, report.asOf);
  const { mark, heading, sentences, facts } = verdictOf(report, clocks);
  const { environment, release, service = 'a service' } = report;
  const notPassed = (['preflight', 'verification', 'proof'] as const).flatMap((list) =>
    report[list].filter(({ state }) => state !== 'pass').map((each) => ({ list, ...each })),
  );
  return [
    MARKDOWN_MARK,
    `# ${mark} ${said(`${heading}: ${release} of ${service} in ${environment}`)}`,
    ...sentences.map((each, index) => (index === 0 ? `**${said(each)}**` : said(each))),
    facts.map(([term, value]) => `- ${term}: ${said(value)}`).join('\n'),
    ...list('The evidence has faults', faultsOf(report).wrong),
    ...list('Journals without a seal at their end: their writer died, or writes still', faultsOf(report).unsealed),
    ...table(
      'Phases',
      ['began', 'phase', 'took'],
      report.phases.map(({ name, from, to }) => [clockText(from, clocks), name, took(from, to)]),
    ),
    ...table(
      'Triggers that fired',
      ['when', 'trigger', 'for', 'what followed'],
      report.firings.map(({ at, trigger, check, target, detail, did }) => [
        clockText(at, clocks),
        trigger,
        `${check === undefined ? '' : `${check} at ${target}: `}${detail}`,
        did,
      ]),
    ),
    ...table(
      'Questions',
      ['asked', 'question', 'answer'],
      report.holds.map(({ from, id, reason, choice, by, why }) => [
        clockText(from, clocks),
        `${id}: ${reason}`,
        choice === undefined ? 'none' : `${choice} by ${by ?? 'nobody named'}${why === undefined ? '' : `: ${why}`}`,
      ]),
    ),
    ...table(
      'Commands',
      ['began', 'command', 'how it ended', 'took'],
      report.commands.map(({ step, generation, ended, from, to }) => [
        clockText(from, clocks),
        `${step}.${generation}`,
        ended,
        from === undefined ? '' : took(from, to),
      ]),
    ),
    ...table(
      'Findings that are no pass',
      ['of', 'item', 'result', 'what was seen'],
      notPassed.map(({ list, name, state, detail }) => [list, name, state, detail]),
    ),
    said(`Run ${report.firstRunId} of ${report.workflowId}. Times ${zoneText(clocks)}.`),
    '',
  ].join('\n\n');
}

const took = (from: string, to: string | undefined): string =>
  to === undefined ? 'goes on' : lasted(Math.max(0, Date.parse(to) - Date.parse(from)));

/** Text from outside: nothing in it is markup, on one line. */
const said = (text: string): string => inMarkdown(escaped(text.replace(/\s+/g, ' ')).trim());

const list = (title: string, all: readonly string[]): string[] =>
  all.length === 0 ? [] : [`## ${title}`, all.map((each) => `- ${said(each)}`).join('\n')];

function table(title: string, headings: readonly string[], rows: readonly (readonly string[])[]): string[] {
  if (rows.length === 0) return [];
  const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    `## ${title}`,
    [row(headings), row(headings.map(() => '---')), ...rows.map((cells) => row(cells.map(said)))].join('\n'),
  ];
}
