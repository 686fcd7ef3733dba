import type { GoLiveStatus, TimelineEntry } from '../../src/domain/run/status.js';
import type { Screen } from './screen.js';

/** Lines of a timeline that say nothing new to someone who looks on: the quick commands of the preflight, items that pass (told together), pages of a question. */
const SILENT = /^(?:(?!deploy-|rollback\.)\S+\.\d+: |(?:preflight|verifying)$|stopped by trigger |page: |restore )/;
const PASSED = /^(?:pass|attested) ([^:]+):/;

/** Tells a go-live's timeline to someone who looks on: each thing once, what passes in one line per phase. */
export class Narrator {
  #told = 0;
  #passed: string[] = [];

  constructor(private readonly screen: Screen) {}

  /** Tells what is new in a timeline. */
  tell(timeline: readonly TimelineEntry[], watching: GoLiveStatus['watching'] = []): void {
    for (const { at, what } of timeline.slice(this.#told)) this.#tellOne(what, Date.parse(at), watching);
    this.#told = Math.max(this.#told, timeline.length);
  }

  #tellOne(what: string, at: number, watching: GoLiveStatus['watching']): void {
    const passed = PASSED.exec(what)?.[1];
    if (passed !== undefined) {
      this.#passed.push(passed);
      return;
    }
    if (SILENT.test(what)) return;
    if (this.#passed.length > 0) this.screen.line(`all passed: ${this.#passed.join(', ')}`, at);
    this.#passed = [];
    this.screen.line(this.#readable(what), at);
    if (what.startsWith('soaking')) this.screen.line(`watching ${watched(watching)}`, at);
  }

  /** A line of the timeline in the words of an onlooker. */
  #readable(what: string): string {
    const [, hash] = /^plan sha256:(.{12})\S* frozen$/.exec(what) ?? [];
    if (hash !== undefined) return `plan frozen (${hash}); preflight`;
    const [, command, state] = /^(deploy-\S+|rollback)\.\d+: (.+)$/.exec(what) ?? [];
    if (command !== undefined) return state === 'running' ? `${command}: deploy.sh runs` : `${command}: ${state}`;
    const [, unseen, from, to] = /^no readings of (.+) from (\S+) to (\S+)$/.exec(what) ?? [];
    if (unseen !== undefined && from !== undefined && to !== undefined)
      return `blind: no readings of ${unseen} from ${this.screen.seconds(Date.parse(from))}s to ${this.screen.seconds(Date.parse(to))}s; that time doesn't count`;
    return what
      .replace(/^message: /, 'announced: ')
      .replace(/^page: /, 'paged: ')
      .replace(/^fail /, 'FAILED ')
      .replace(/^trigger /, 'TRIGGER ');
  }
}

/** `service (health, ready), canary (health)` */
function watched(watching: GoLiveStatus['watching']): string {
  const targets = [...new Set(watching.map(({ target }) => target))];
  return targets
    .map(
      (target) =>
        `${target} (${watching
          .filter((each) => each.target === target)
          .map(({ check }) => check)
          .join(', ')})`,
    )
    .join(', ');
}
