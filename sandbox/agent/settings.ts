import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { BadWay } from '../bad-way.js';

/** What the agent tells the checkout's programs, in <dir>/settings.json: those must also work with the whole fleet down. */
export interface Settings {
  /** How long each script takes, in ms. */
  scriptMs: number;
  /** How long deploy.sh rests after each instance, in ms. */
  deployPaceMs: number;
  /** Every release there is, and how it is bad. */
  releases: Record<string, BadWay[]>;
}

export function writeSettings(path: string, settings: Settings): void {
  writeFileSync(`${path}.new`, JSON.stringify(settings, null, 2));
  renameSync(`${path}.new`, path);
}

/** Reads the settings; throws when the state directory has none, i.e. the sandbox was never started there. */
export function readSettings(path: string): Settings {
  // The agent alone writes this file.
  return JSON.parse(readFileSync(path, 'utf8')) as Settings;
}
