import { answerCommand } from './hold.js';
import type { GoLiveStatus } from './status.js';

/** The status as Markdown, for the UI's current details. */
export function statusMarkdown(status: GoLiveStatus): string {
  const lines = [
    `**${inMarkdown(status.release)}** to **${inMarkdown(status.environment)}**: **${status.outcome ?? status.phase}** since ${status.since}`,
    ...(status.stop ? ['', `Stopped by ${inMarkdown(status.stop.by)}: ${inMarkdown(status.stop.reason)}`] : []),
    ...status.holds.flatMap((hold) => ['', `### Hold: ${inMarkdown(hold.reason)}`, '', '```', answerCommand(status.environment, hold), '```']),
    ...section('Stages', status.stages.map((stage) => `${stage.name}: ${stage.state}${stage.detail ? ` (${inMarkdown(stage.detail)})` : ''}`)),
    ...section('Watching', status.watching.map((each) => `${each.check} at ${each.target}: ${inMarkdown(each.last ?? 'not looked at yet')}${each.failures ? `, **${each.failures} failures in a row**` : ''}`)),
    ...section('Commands', status.commands.map((each) => `${each.step}: ${inMarkdown(each.state)}`)),
    ...section('Preflight', status.preflight.map((each) => `${each.state === 'fail' ? '**FAIL**' : each.state} ${each.name}: ${inMarkdown(each.detail)}`)),
    ...section('Proof', status.proof.map((each) => `${each.state === 'fail' ? '**FAIL**' : each.state} ${each.name}: ${inMarkdown(each.detail)}`)),
  ];
  return lines.join('\n');
}

function section(title: string, items: readonly string[]): string[] {
  return items.length === 0 ? [] : ['', `### ${title}`, '', ...items.map((item) => `- ${item}`)];
}

/** Text from outside, which must not become markup. */
export const inMarkdown = (text: string) => text.replace(/[\\`*_{}[\]<>()#+!|~-]/g, '\\$&').replace(/\s+/g, ' ');
