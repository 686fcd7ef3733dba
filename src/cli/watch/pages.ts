import type { ServerOptions } from '../options/shared-options.js';
import type { RunView } from '../run/run-view.js';
import { OutputPage } from './output-page.js';
import type { Page } from './page.js';

/** Which page somebody looks at, and how far it is scrolled. */
export class Pages {
  #kind: Page['kind'] | undefined;
  #from = 0;
  readonly #output: OutputPage;

  /** @param view what is known of the run now. @param changed there is something else to show */
  constructor(
    options: ServerOptions,
    private readonly view: () => RunView | undefined,
    changed: () => void,
  ) {
    this.#output = new OutputPage(options, view, changed);
  }

  /** A call for the output is under way, which may take as long as it takes. */
  get isBusy(): boolean {
    return this.#output.isBusy;
  }

  /** Undefined: how the go-live stands. */
  get shown(): Page | undefined {
    const [kind, from] = [this.#kind, this.#from];
    if (kind !== 'output') return kind && { kind, from };
    const { title, lines } = this.#output;
    return { kind, from, title, lines };
  }

  /** To the page, or back from it. */
  turnTo(page: Page['kind'] | 'overview'): void {
    this.#kind = page === 'overview' || page === this.#kind ? undefined : page;
    this.#from = 0;
    if (this.#kind === 'output') this.#output.open();
    else this.#output.close();
  }

  /** Down is towards what is older in a list that begins with the latest, and towards what is newer in an output. */
  scroll(by: number): void {
    const view = this.view();
    const isOutput = this.#kind === 'output';
    const all = isOutput ? this.#output.lines : (view?.result?.timeline ?? view?.timeline ?? []);
    this.#from = Math.max(0, Math.min(this.#from + (isOutput ? -by : by), all.length - 1));
  }

  close(): void {
    this.#output.close();
  }
}
