import { fileURLToPath } from 'node:url';

/** The compiled file of the payload converter; `bundleWorkflowCode` needs it too, or workflows fall back to the SDK's own. */
export const payloadConverterPath = fileURLToPath(new URL('./payload-converter.cjs', import.meta.url));

/** The data converter of every golive client and worker: the SDK's, but it never throws on a payload it can't read. */
export const dataConverter = { payloadConverterPath };
