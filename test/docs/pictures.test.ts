import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { paintFor } from '../../src/cli/terminal/paint.js';
import { NO_DIALOG } from '../../src/cli/watch/dialog.js';
import { dialogLine } from '../../src/cli/watch/dialog-line.js';
import { frame } from '../../src/cli/watch/frame.js';
import { situationOf } from '../../src/cli/watch/situation.js';
import { picture } from '../cli/watch/picture.js';
import { NOW, situations, ZONE } from '../cli/watch/situations.js';

const images = fileURLToPath(new URL('../../../docs/images/', import.meta.url));
const SIZE = { columns: 100, rows: 30 };

test.each([
  ['watch-soak.svg', 'in a soak with a breach clock'],
  ['watch-questions.svg', 'with four holds open'],
] as const)('%s shows the watch as it is (GOLIVE_DRAW=1 draws it anew)', (file, name) => {
  const watched = situations[name];
  const keys = dialogLine(NO_DIALOG, { environment: 'prod', by: 'Ana' }, situationOf(watched, false), SIZE.columns);
  const lines = frame(watched, { ...SIZE, now: NOW, zone: ZONE, paint: paintFor({ isTTY: true }, {}), bottom: [keys] });
  const drawn = picture(lines, SIZE.columns);
  if (process.env['GOLIVE_DRAW']) writeFileSync(path.join(images, file), drawn);
  expect(readFileSync(path.join(images, file), 'utf8')).toBe(drawn);
});
