import { endBySignal } from './end-by-signal.js';

/** On Ctrl-C says something and ends, for nothing is lost by it. Returns what takes that back. */
export function onInterrupt(say: () => void): () => void {
  const leave = () => {
    say();
    endBySignal('SIGINT');
  };
  process.once('SIGINT', leave);
  return () => process.off('SIGINT', leave);
}
