/**
 * Ends this process when its parent is gone, however the parent died: the IPC channel closes with it.
 * A Ctrl-C in the terminal reaches the whole foreground group; here it is left to the parent, which ends its children in order.
 */
export function exitWithParent(): void {
  process.on('disconnect', () => process.exit(0));
  process.on('SIGINT', () => undefined);
  process.on('SIGHUP', () => undefined);
}

/** Tells the parent something. Without a parent there is nothing to run for: throws. */
export function tellParent(message: object): void {
  if (process.send === undefined)
    throw new Error('This program is started by the fleet agent (node dist/sandbox/up.js), not by hand.');
  process.send(message);
}
