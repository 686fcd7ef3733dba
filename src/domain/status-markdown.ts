import { answerCommand } from './hold.js';
import type { GoLiveStatus } from './status.js';

/** The status as Markdown, for the UI's current details. */
export function statusMarkdown(status: GoLiveStatus): string {
  const lines = [
    `**${escape(status.release)}** to **${escape(status.environment)}**: **${status.outcome ?? status.phase}** since ${status.since}`,
    ...(status.stop ? ['', `Stopped by ${escape(status.stop.by)}: ${escape(status.stop.reason)}`] : []),
    ...status.holds.flatMap((hold) => ['', `### Hold: ${escape(hold.reason)}`, '', '```', answerCommand(status.environment, hold), '```']),
    ...section('Stages', status.stages.map((stage) => `${stage.name}: ${stage.state}${stage.detail ? ` (${escape(stage.detail)})` : ''}`)),
    ...section('Watching', status.watching.map((each) => `${each.check} at ${each.target}: ${escape(each.last ?? 'not looked at yet')}${each.failures ? `, **${each.failures} failures in a row**` : ''}`)),
    ...section('Commands', status.commands.map((each) => `${each.step}: ${escape(each.state)}`)),
    ...section('Preflight', status.preflight.map((each) => `${each.state === 'fail' ? '**FAIL**' : each.state} ${each.name}: ${escape(each.detail)}`)),
    ...section('Proof', status.proof.map((each) => `${each.state === 'fail' ? '**FAIL**' : each.state} ${each.name}: ${escape(each.detail)}`)),
  ];
  return lines.join('\n');
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `### ${title}`, '', ...items.map((item) => `- ${item}`)];
}

/** What came from outside must not become markup. */
const escape = (text: string) => text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&').replace(/\s+/g, ' ');
