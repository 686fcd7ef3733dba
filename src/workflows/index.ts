export { controlledGoLive } from './controlled-go-live.js';

/**
 * Frames of a stack. For its query `__stack_trace` the SDK takes the stack of each promise there is: with the usual ten that was a third of what a decision takes, and kept as
 * long as the promise. An error still says where it was thrown.
 */
Error.stackTraceLimit = 3;
