import { freezeText, freezing } from '../../../domain/freeze/freeze-window.js';
import type { Plan } from '../../../domain/plan/plan.js';
import { masked, maskedUrl } from '../../../domain/plan/masked.js';
import type { Channel, Message } from '../../../domain/plan/playbook.js';
import { formatDuration } from '../../../domain/time/duration.js';
import { iso } from '../../../domain/time/iso.js';
import { commandTexts } from './command-rows.js';
import type { PlanSection, Row } from './plan-rows.js';

/** The way back, hypercare, and whom it tells and asks (playbook §5 and §6). `now` in epoch milliseconds: whether something is frozen. */
export const peopleSections = (plan: Plan, now: number): PlanSection[] => [
  { title: '5 Rollback', rows: rollbackRows(plan) },
  { title: 'Hypercare', rows: hypercareRows(plan) },
  { title: 'Freeze windows', rows: freezeRows(plan, now) },
  { title: 'Questions', rows: holdRows(plan) },
  {
    title: '6 Messages',
    rows: Object.entries(plan.messages).map(([name, message]: [string, Message]): Row => [name, messageText(message)]),
  },
  { title: 'Channels', rows: plan.channels.map(channelRow) },
  { title: 'Evidence', rows: plan.evidence ? [['copy', ...commandTexts(plan.evidence.copy)]] : [] },
];

function rollbackRows({ rollback }: Plan): Row[] {
  const { attempts, provenWithin, smoke, restore } = rollback;
  return [
    ['command', ...commandTexts(rollback), `up to ${attempts} attempts`],
    ['proof', `live version within ${formatDuration(provenWithin)}, health, readiness, contracts and this smoke:`],
    ['', ...commandTexts(smoke)],
    ...(restore
      ? ([
          [
            'restore',
            `${restore.propose === 'when-data-can-be-wrong' ? 'when data can be wrong' : 'after each rollback'} asks ${restore.leads.join(', ')} for ${formatDuration(restore.askFor)}${restore.signers === undefined ? '' : `, signed by ${restore.signers}`}; silence is a no`,
          ],
          ['  drill', ...commandTexts(restore.drill), 'its report decides'],
          ...(restore.restore ? [['  then', ...commandTexts(restore.restore)] as const] : []),
        ] as const)
      : []),
  ];
}

function hypercareRows({ hypercare, deadMan }: Plan): Row[] {
  const { windows, reviews, exit } = hypercare;
  return [
    ['for', formatDuration(hypercare.for)],
    ...windows.map(({ until, every }): Row => [
      `until ${formatDuration(until)}`,
      `what is clean is looked at no oftener than each ${formatDuration(every)}`,
    ]),
    [
      'reviews',
      reviews
        ? `each ${formatDuration(reviews.every)}${reviews.from === undefined ? '' : `, the first after ${formatDuration(reviews.from)}`}`
        : 'none',
    ],
    [
      'ends when',
      exit.clean === undefined ? 'everything is clean' : `everything has been clean for ${formatDuration(exit.clean)}`,
      ...(exit.closingNote === undefined ? [] : [`and a person acknowledges: ${exit.closingNote}`]),
    ],
    ...(deadMan
      ? [["dead man's ping", `each ${formatDuration(deadMan.every)}, GET ${maskedUrl(deadMan.url)}`] as const]
      : []),
  ];
}

/** Each window, and whether a start would be refused now. */
function freezeRows({ freezes }: Plan, now: number): Row[] {
  if (freezes.length === 0) return [];
  const { windows, thaws } = freezing(freezes, now);
  const inForce = windows.map(({ name, until }) => `${name} until ${iso(until)}`).join(', ');
  const later = thaws === undefined ? 'No go-live can ever start' : `A go-live can start at ${iso(thaws)}`;
  return [
    ...freezes.map((freeze): Row => [freeze.name, freezeText(freeze)]),
    ['now', windows.length === 0 ? 'none is in force' : `in force: ${inForce}. ${later}.`],
  ];
}

const holdRows = ({ holds }: Plan): Row[] => [
  ['unanswered', `paged again after ${formatDuration(holds.pageAgain)}, later rarer`],
  ['host away', `asks when the host of the commands is away for ${formatDuration(holds.hostAway)}`],
];

const messageText = ({ text, nextUpdate }: Message): string =>
  `${text}${nextUpdate === undefined ? '' : ` (the next message within ${formatDuration(nextUpdate)})`}`;

/** What it is and gets. Of its address, key and headers only the `${VAR}` are shown: they are secrets. */
function channelRow(channel: Channel): Row {
  const { name, kind, url, gets, unansweredFor, timeout } = channel;
  const widens =
    unansweredFor === undefined ? '' : `, pages of what is unanswered for ${formatDuration(unansweredFor)}`;
  return [
    name,
    `${kind}, gets ${gets.join(' and ')}${widens}`,
    `${kind === 'pagerduty' ? url : maskedUrl(url)} within ${formatDuration(timeout)}`,
    ...(channel.kind === 'pagerduty' ? [`with the routing key ${masked(channel.routingKey)}`] : []),
    ...(channel.kind === 'webhook'
      ? Object.entries(channel.headers).map(([header, value]) => `with the header ${header}: ${masked(value)}`)
      : []),
  ];
}
