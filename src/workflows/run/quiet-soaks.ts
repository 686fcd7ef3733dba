import { patched } from '@temporalio/workflow';

/** A soak in which all is calm reports each minute, however short its `settle` is. Runs that were begun before have a segment for each `settle`. */
export const quietSoaks = (): boolean => patched('quiet soaks');
