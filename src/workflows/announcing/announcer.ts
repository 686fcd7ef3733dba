import { asCalled, calledAs } from '../../domain/text/as-called.js';
import { shortened } from '../../domain/text/cut-text.js';
import { CancellationScope, condition, workflowInfo } from '@temporalio/workflow';
import { deepest } from '../../domain/text/deepest.js';
import { formatDuration } from '../../domain/time/duration.js';
import { answerCommands, type Hold } from '../../domain/people/hold.js';
import { fill, type Values } from '../../domain/plan/placeholders.js';
import type { Plan } from '../../domain/plan/plan.js';
import type { MessageEvent } from '../../domain/plan/playbook.js';
import type { Post } from '../../domain/announcing/post.js';
import { phaseOf } from '../../domain/run/course.js';
import { Timeline } from '../../domain/run/timeline.js';
import { whatGoesOn } from '../../domain/run/what-goes-on.js';
import { announcements } from '../activities.js';
import type { Announced, Run, Said } from '../run/run.js';
import { note } from '../run/evidence.js';
import { Channels } from './channels.js';
import { NextUpdate, untilNextUpdate } from './next-update.js';
import { Pages } from '../people/pages.js';

/** These say nothing of how far it is: an update that was promised is still to come. */
const ASIDE: readonly MessageEvent[] = [
  'freezeOverridden',
  'handedOver',
  'review',
  'restoreProposed',
  'restored',
  'restoreRefused',
  'restoreFailed',
];
const HOLDS_PAGE_AGAIN_MS = 600_000;
/** A text of several lines, such as a page with its commands, as one entry of the timeline. Never with `|` or `;` between: pasted, that would run the commands of all answers. */
const onOneLine = (text: string): string => text.replace(/: *\n/g, ': ').replaceAll('\n', ' · ');
/** Nothing that people are told is longer, whatever was put into it. */
const LONGEST = 4_000;

/**
 * Says things to people: always to the built-in channel, and to the plan's channels that get them. Announcements never delay a step (design §5): nobody waits for them but the end of
 * the run, for a little.
 */
export class Announcer {
  readonly #channels: Channels;
  readonly #nextUpdate: NextUpdate;
  #said: Timeline | undefined;
  #pending = 0;
  /** How long the history was when something was last said. */
  #saidAt: number | undefined;

  constructor(private readonly run: Run) {
    this.#channels = new Channels(run);
    this.#nextUpdate = new NextUpdate(run, (newsAt) => this.#update(newsAt));
  }

  /** Keeps what the run before has promised. */
  keepPromise(): void {
    this.#nextUpdate.keep();
  }

  /** Whether nothing is under way any more. */
  get isQuiet(): boolean {
    return this.#pending === 0 && this.#channels.pending === 0;
  }

  /** Whether something was said in this very workflow task: it is over in a later one, at the earliest. */
  get saysNow(): boolean {
    return this.#pending > 0 && this.#saidAt === workflowInfo().historyLength;
  }

  /** One of the playbook's messages (§6), to everyone, without waiting for it. */
  announce(event: Announced, { reason = '', detail = '', warning }: Said = {}): void {
    const message = this.#plan?.messages[event];
    if (!message) return;
    const text = this.#filled(message.text, { reason, detail });
    this.#say(event, warning === undefined ? text : shortened(`${text} ${warning}`, LONGEST));
    if (message.nextUpdate !== undefined || !ASIDE.includes(event)) this.#nextUpdate.said(message.nextUpdate);
  }

  /** The pages of a hold that opens now. */
  pages(hold: Hold): Pages {
    const { run } = this;
    const plan = this.#plan;
    const answers = answerCommands(run.input.environment, hold);
    const text = this.#filled(plan?.messages.page.text ?? '{reason} Answer with: {answer}', {
      reason: hold.reason,
      answer: answers.length === 1 ? (answers[0] as string) : ['', ...answers].join('\n'),
    });
    const { workflowId, firstExecutionRunId } = workflowInfo();
    return new Pages(
      { id: hold.id, text, dedupKey: [workflowId, firstExecutionRunId, hold.id, Date.now()].join('/').slice(-255) },
      {
        circle: () => (plan?.channels ?? []).filter(({ gets }) => (gets as string[]).includes('pages')),
        pageAgain: () => plan?.holds.pageAgain ?? HOLDS_PAGE_AGAIN_MS,
        page: (text) => this.#tell('page', 'page', text),
        post: (channel, kind, text, dedupKey) =>
          this.#channels.deliver(channel, { ...this.#post(kind, 'page', text), dedupKey }),
        record: (what) => run.record(what),
        changed: () => run.show(),
      },
    );
  }

  /** Gives what is still being said ten seconds, and promises nothing any more. */
  async finished(): Promise<void> {
    this.#nextUpdate.said(undefined);
    await condition(() => this.isQuiet, '10s', { summary: 'the last announcements' });
  }

  /** Nothing else was told in time: what goes on, and when the next one comes. */
  #update(newsAt: number): void {
    const { run } = this;
    const message = this.#plan?.messages.update;
    if (!message) return;
    const next = message.nextUpdate === undefined ? undefined : untilNextUpdate(newsAt, message.nextUpdate);
    this.#say(
      'update',
      this.#filled(message.text, {
        phase: phaseOf(run.state.course),
        detail: whatGoesOn(run.status(), Date.now()),
        nextUpdate: next === undefined ? '' : formatDuration(next),
      }),
    );
    this.#nextUpdate.said(next, newsAt);
  }

  /** Nothing is said before there is one. */
  get #plan(): Plan | undefined {
    return this.run.isOpen ? this.run.plan : undefined;
  }

  /** What every message may name. */
  get #values(): Values {
    const { values, state } = this.run;
    return { ...values, service: this.#plan?.service ?? '', decisionOwner: state.decisionOwner };
  }

  #filled(text: string, more: Values): string {
    const filled = fill(text, { ...this.#values, ...more });
    const { commandLine } = this.#plan ?? {};
    return shortened(commandLine ? asCalled(filled, calledAs(commandLine)) : filled, LONGEST);
  }

  #say(event: MessageEvent, text: string): void {
    (this.#said ??= new Timeline(this.run.state.announcements.said)).add(new Date().toISOString(), text);
    this.#tell('message', event, text);
    const to = (this.#plan?.channels ?? []).filter(({ gets }) => (gets as string[]).includes('messages'));
    for (const channel of to)
      void CancellationScope.nonCancellable(() => this.#channels.deliver(channel, this.#post('message', event, text)));
  }

  /** The built-in channel. */
  #tell(kind: 'message' | 'page', event: MessageEvent, text: string): void {
    note({ kind: 'message', as: kind, event, text });
    this.run.record(`${kind}: ${onOneLine(text)}`);
    this.#pending += 1;
    this.#saidAt = workflowInfo().historyLength;
    void CancellationScope.nonCancellable(() => announcements.announce({ kind, text }))
      .catch((error: unknown) => this.run.record(`could not announce: ${deepest(error)}`))
      .finally(() => (this.#pending -= 1));
  }

  #post(kind: Post['kind'], event: MessageEvent, text: string): Post {
    const { environment, release } = this.run.input;
    const { announcements } = this.run.state;
    const { workflowId, firstExecutionRunId } = workflowInfo();
    announcements.posts += 1;
    return {
      id: `${workflowId}/${firstExecutionRunId}/${announcements.posts}`,
      kind,
      event,
      text,
      at: new Date().toISOString(),
      workflowId,
      environment,
      release,
    };
  }
}
