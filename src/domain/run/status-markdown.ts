import { asCalled, type Called } from '../text/as-called.js';
import { channelDetail } from '../announcing/channel-state.js';
import { answerCommands, pagingText, type OpenHold } from '../people/hold.js';
import { restoreText } from '../rollback/restore-status.js';
import { reasonText } from './cause.js';
import type { GoLiveStatus, TimelineEntry } from './status.js';
import { shortened } from '../text/cut-text.js';
import { shortIso } from '../time/iso.js';
import { blindStretches, checksText } from '../watching/blind-text.js';
import { checkStatusText } from '../watching/check-status-text.js';

/** The UI shows what is new; `golive status` shows all. */
const SHOWN_GAPS = 10;
const SHOWN_EVENTS = 12;
/** Characters of an event: three lines of the column at 1280 pixels. */
const LONGEST_EVENT = 150;

/** What was the case and what people were told stands elsewhere. */
const ASIDE = /^(?:pass|attested|message:|page:) /;

/** The status as Markdown, for the UI's current details, with the last things of the timeline: triggers, decisions, commands, phases. */
export function statusMarkdown(status: GoLiveStatus, timeline: readonly TimelineEntry[] = [], called?: Called): string {
  const lines = [
    `**${inMarkdown(status.release)}** to **${inMarkdown(status.environment)}**: **${status.outcome ?? status.phase}** since ${shortIso(status.since)}`,
    ...(status.beginsAt === undefined
      ? []
      : [
          '',
          `It begins at ${shortIso(status.beginsAt)}. Until then nothing is done, and the environment is reserved.`,
        ]),
    ...(status.freezeOverride === undefined ? [] : ['', `Freeze windows: ${inMarkdown(status.freezeOverride)}`]),
    ...(status.deadMan?.failing === undefined
      ? []
      : ['', `**The dead man's ping fails**: ${inMarkdown(status.deadMan.failing)}`]),
    ...(status.stop ? ['', `Stopped by ${inMarkdown(status.stop.by)}: ${inMarkdown(reasonText(status.stop))}`] : []),
    ...status.holds.flatMap((hold) => [
      '',
      `### Question: ${hold.id}`,
      '',
      inMarkdown(hold.reason),
      '',
      // No block of code: its lines don't wrap.
      ...answerCommands(status.environment, hold).map((each) => `- ${inCode(called ? asCalled(each, called) : each)}`),
      ...answerUpdates(hold),
      '',
      inMarkdown(pagingText(hold, shortIso)),
    ]),
    ...section(
      'Stages',
      status.stages.map(
        (stage) => `${stage.name}: ${stage.state}${stage.detail ? ` (${inMarkdown(stage.detail)})` : ''}`,
      ),
    ),
    ...section(
      'Proof',
      status.proof.map(
        (each) => `${each.state === 'fail' ? '**FAIL**' : each.state} ${each.name}: ${inMarkdown(each.detail)}`,
      ),
    ),
    ...section('Restore', status.restore ? [inMarkdown(restoreText(status.restore))] : []),
    ...section('Lately', lately(timeline)),
    ...(status.paused
      ? [
          '',
          `**Paused** since ${shortIso(status.paused.at)} by ${inMarkdown(status.paused.by)}: ${inMarkdown(status.paused.reason)}`,
        ]
      : []),
    ...section(
      'Alerts',
      status.alerts.map(
        ({ trigger, since, running }) => `**${trigger}** since ${shortIso(since)}, ${inMarkdown(running)}`,
      ),
    ),
    ...section(
      'Advisory triggers',
      (status.advised ?? []).map(
        ({ trigger, times, at, what }) =>
          `${trigger} would have fired ${times}×, last at ${shortIso(at)}: ${inMarkdown(what)}`,
      ),
    ),
    ...section(
      'Watching',
      status.watching.map(
        (each) =>
          `${each.standing === 'clean' ? '' : `**${each.standing}** `}${each.check} at ${each.target}: ${inMarkdown(checkStatusText(each))}${each.guardrail ? `, guardrail ${inMarkdown(each.guardrail)}` : ''}${each.failures ? `, **${each.failures} in a row**` : ''}`,
      ),
    ),
    ...section(
      'Exit criteria',
      (status.hypercare?.criteria ?? []).map(
        ({ name, met, detail }) =>
          `${met === true ? 'met' : `**${met === false ? 'not met' : 'unknown'}**`} ${name}: ${inMarkdown(detail)}`,
      ),
    ),
    ...section('Health reviews', [
      ...(status.hypercare?.nextReview === undefined ? [] : [`next at ${shortIso(status.hypercare.nextReview)}`]),
      ...(status.hypercare?.reviews.slice(-1) ?? []).map(({ at, text }) => `${shortIso(at)} ${inMarkdown(text)}`),
    ]),
    ...section(
      'Blind',
      blindStretches(status.blind)
        .slice(-SHOWN_GAPS)
        .map(
          ({ checks, from, to, why }) =>
            `${checksText(checks)} from ${shortIso(from)} to ${to === undefined ? '**now**' : shortIso(to)}${why === undefined ? '' : `: ${inMarkdown(why)}`}`,
        ),
    ),
    ...section(
      'Ignored messages',
      status.ineffective.map(({ at, what }) => `${shortIso(at)} ${inMarkdown(what)}`),
    ),
    ...section(
      'Commands',
      status.commands.map((each) => `${each.step}: ${inMarkdown(each.state)}`),
    ),
    ...section(
      'Channels',
      status.channels.map(
        (each) =>
          `${each.name}: ${each.state === 'down' ? '**down**' : each.state} ${inMarkdown(channelDetail(each, shortIso))}`,
      ),
    ),
    ...section(
      'Not delivered',
      status.undelivered
        .slice(-SHOWN_GAPS)
        .map(
          ({ at, channel, state, why, text }) =>
            `${shortIso(at)} to ${channel}, **${state}**: ${inMarkdown(text)} (${inMarkdown(why)})`,
        ),
    ),
    ...section(
      'Preflight',
      status.preflight.map(
        (each) => `${each.state === 'fail' ? '**FAIL**' : each.state} ${each.name}: ${inMarkdown(each.detail)}`,
      ),
    ),
  ];
  return lines.join('\n');
}

/** The same answers as an update, as the UI and `temporal workflow update execute` take them. */
function answerUpdates({ id, choices, by = [], answers }: OpenHold): string[] {
  const [only, ...others] = by;
  const who = only !== undefined && others.length === 0 ? only : 'who you are';
  const inputs = choices.map((choice) => JSON.stringify({ hold: id, choice, by: who, reason: 'why' }));
  return [
    '',
    'Or here: _Send an Update_ `decide`, with one of these as its input:',
    '',
    ...inputs.map((input) => `- ${inCode(input)}`),
    ...(answers === undefined
      ? []
      : [
          '',
          'The update `approveRestore` approves it:',
          '',
          `- ${inCode(JSON.stringify({ by: who, reason: 'why' }))}`,
        ]),
  ];
}

const lately = (timeline: readonly TimelineEntry[]): string[] =>
  timeline
    .filter(({ what }) => !ASIDE.test(what))
    .slice(-SHOWN_EVENTS)
    .map(({ at, what }) => `${shortIso(at)} ${inMarkdown(shortened(what, LONGEST_EVENT))}`);

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `### ${title}`, '', ...items.map((item) => `- ${item}`)];
}

const inCode = (text: string) => (text.includes('`') ? inMarkdown(text) : `\`${text}\``);

/** Text from outside, which must not become markup. */
export const inMarkdown = (text: string) => text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&').replace(/\s+/g, ' ');
