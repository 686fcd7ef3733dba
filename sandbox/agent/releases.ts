import { existsSync } from 'node:fs';
import type { BadWay } from '../bad-way.js';
import { readSettings, writeSettings, type Settings } from './settings.js';

/** The releases there are and how each is bad; kept in settings.json, where the checkout's programs read it. */
export class Releases {
  readonly #path: string;
  #settings: Settings;

  constructor(path: string, settings: Settings) {
    const before = existsSync(path) ? readSettings(path).releases : {};
    this.#path = path;
    this.#settings = { ...settings, releases: { ...before, ...settings.releases } };
    writeSettings(path, this.#settings);
  }

  get names(): string[] {
    return Object.keys(this.#settings.releases);
  }

  has(release: string): boolean {
    return Object.hasOwn(this.#settings.releases, release);
  }

  /** How a release is bad; an unknown one isn't. */
  badOf(release: string): BadWay[] {
    return this.has(release) ? (this.#settings.releases[release] ?? []) : [];
  }

  set(release: string, bad: BadWay[]): void {
    this.#settings = { ...this.#settings, releases: { ...this.#settings.releases, [release]: bad } };
    writeSettings(this.#path, this.#settings);
  }

  /** Whether this rollback from a `rollback-fails` release fails; takes one off its number. */
  takeRollbackFailure(release: string): boolean {
    const failure = this.badOf(release).find((bad) => bad.way === 'rollback-fails');
    if (failure === undefined || failure.times === 0) return false;
    this.set(
      release,
      this.badOf(release).map((bad) => (bad.way === 'rollback-fails' ? { ...bad, times: bad.times - 1 } : bad)),
    );
    return true;
  }
}
