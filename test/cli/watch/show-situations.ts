import { FullScreen } from '../../../src/cli/terminal/full-screen.js';
import { plainPaint } from '../../../src/cli/terminal/paint.js';
import { frame } from '../../../src/cli/watch/frame.js';
import { NOW, situations, ZONE } from './situations.js';

// A program of its own, for a pseudo-terminal: shows one situation after the other, the next with each key, `t` throws.
const all = Object.values(situations);
let shown = 0;
const screen = new FullScreen(
  process.stdin,
  process.stdout,
  ({ text, pasted }) => {
    if (pasted) return;
    if (text === 't') throw new Error('as thrown by a fault');
    shown += 1;
    if (shown < all.length) show();
    else screen.close();
  },
  () => show(),
);

function show(): void {
  const { columns, rows } = screen;
  const what = all[shown];
  if (what)
    screen.show(
      frame(what, { columns, rows, now: NOW, zone: ZONE, paint: plainPaint, bottom: [[`situation ${shown}`]] }),
    );
}

screen.open();
