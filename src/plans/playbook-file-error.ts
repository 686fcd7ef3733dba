/** The playbook file can't be used. The message has one line per fault: file, line, place and a sentence that helps. */
export class PlaybookFileError extends Error {
  constructor(readonly faults: readonly string[]) {
    super(faults.join('\n'));
    this.name = 'PlaybookFileError';
  }
}
