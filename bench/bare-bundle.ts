import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';
import { payloadConverterPath } from '../src/temporal/data-converter.js';

let made: Promise<string> | undefined;

/** The twin's workflows as one file, as golive's are: a worker that made its own would have all that this takes in its memory. */
export function bareBundle(): Promise<string> {
  return (made ??= bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL('bare.workflow.js', import.meta.url)),
    payloadConverterPath,
    logger: new DefaultLogger('WARN'),
  }).then(({ code }) => code));
}
