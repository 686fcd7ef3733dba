import { EXIT } from './exit-codes.js';

/** On Ctrl-C says something and exits, for nothing is lost by it. Returns what takes that back. */
export function onInterrupt(say: () => void): () => void {
  const leave = () => {
    say();
    process.exit(EXIT.interrupted);
  };
  process.once('SIGINT', leave);
  return () => process.off('SIGINT', leave);
}
